/** The cases of tests/engine/outage.test.ts behind the plugin. What is half-made is previewed by property here. */
process.env.TEST_HOST = "plugin";
require("../engine/outage.test");
