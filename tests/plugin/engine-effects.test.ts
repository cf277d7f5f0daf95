/** The cases of tests/engine/effects.test.ts behind the plugin. In which order replacements and settings go follows from what this host says of a difference. */
process.env.TEST_HOST = "plugin";
require("../engine/effects.test");
