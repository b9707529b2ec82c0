// Spec reporter that ends with the plain line "N passed, N failed" which CI reads; tests that were skipped stand on the line before it.
const { reporters } = require('mocha');

module.exports = class extends reporters.Spec {
  epilogue() {
    super.epilogue();
    const { passes, failures, pending } = this.stats;
    if (pending > 0) process.stdout.write(`${pending} skipped\n`);
    process.stdout.write(`${passes} passed, ${failures} failed\n`);
  }
};
