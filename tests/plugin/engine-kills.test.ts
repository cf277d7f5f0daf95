/** The cases of tests/engine/kills.test.ts behind the plugin. Another process is killed here, which hears of the run's end by itself. */
process.env.TEST_HOST = "plugin";
require("../engine/kills.test");
