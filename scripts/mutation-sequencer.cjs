const { createRequire } = require("node:module");

const jest = createRequire(require.resolve("jest/package.json"));
const { default: Sequencer } = createRequire(jest.resolve("@jest/core/package.json"))("@jest/test-sequencer");

/** Quick files first, by the run without a mutant: the first test that sees a mutant ends its run. Jest begins with slow ones. */
module.exports = class extends Sequencer {
  sort(tests) {
    return super.sort(tests).reverse();
  }
};
