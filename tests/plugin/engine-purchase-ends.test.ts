/** The cases of tests/engine/purchase-ends.test.ts behind the plugin. This host hears of a run's end in its own way. */
process.env.TEST_HOST = "plugin";
require("../engine/purchase-ends.test");
