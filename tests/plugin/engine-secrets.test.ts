/** The cases of tests/engine/secrets.test.ts behind the plugin. This host marks secrets by itself; in the other one Pulumi's SDK does. */
process.env.TEST_HOST = "plugin";
require("../engine/secrets.test");
