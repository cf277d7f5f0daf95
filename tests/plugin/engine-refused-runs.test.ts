/** The cases of tests/engine/refused-runs.test.ts behind the plugin. Calls reach this host many at a time over a wire of its own, and errors leave it so. Of the other cases of limits.test.ts the transport decides, which both share. */
process.env.TEST_HOST = "plugin";
require("../engine/refused-runs.test");
