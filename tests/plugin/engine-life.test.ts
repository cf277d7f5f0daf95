/** The cases of tests/engine/life.test.ts behind the plugin. The wire, checkpoints and outputs are this host's own. */
process.env.TEST_HOST = "plugin";
require("../engine/life.test");
