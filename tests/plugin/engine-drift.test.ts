/** The cases of tests/engine/drift.test.ts behind the plugin. A refresh returns inputs at each read here, and only where they differ in the other host. */
process.env.TEST_HOST = "plugin";
require("../engine/drift.test");
