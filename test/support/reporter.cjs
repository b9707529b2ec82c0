// Spec reporter that names what was skipped and ends with the plain line "N passed, N failed" which CI reads.
const { reporters, Runner } = require('mocha');

module.exports = class extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    this.skipped = [];
    runner.on(Runner.constants.EVENT_TEST_PENDING, (test) => this.skipped.push(test.fullTitle()));
  }

  epilogue() {
    super.epilogue();
    const { passes, failures } = this.stats;
    for (const title of this.skipped) process.stdout.write(`skipped: ${title}\n`);
    if (this.skipped.length > 0) process.stdout.write(`${this.skipped.length} skipped\n`);
    process.stdout.write(`${passes} passed, ${failures} failed\n`);
  }
};
