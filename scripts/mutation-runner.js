// The test runner of `npm run mutation`, a Stryker plugin: the fast tests of the engine called one by one in one process,
// the likeliest to fail first. Stryker's own mocha runner wants an older mocha; its command runner loads cards/ for each mutant.
import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import Mocha from 'mocha';

/** Tests that call `src/pain` without a server, a store or a file of their own; those that take seconds are left out. */
const FOLDER = 'test/pain';
const SLOW = [
  'evaluate.properties.test.ts',
  'metamorphic.properties.test.ts',
  'offers.properties.test.ts',
  'ozone-line.test.ts',
];
const FILES = [
  'test/cases.test.ts',
  'test/course-cases.test.ts',
  'test/order-cases.test.ts',
  'test/red-flag-cases.test.ts',
  'test/safety-rules.test.ts',
  'test/safety-vectors.test.ts',
  'test/whole-answers.test.ts',
  'test/cds/suggestions.test.ts',
  'test/http/orders.test.ts',
  'test/knowledge/medicine-lookup.test.ts',
  'test/knowledge/needed-sets.test.ts',
  'test/knowledge/parse-expression.test.ts',
];
/** What a test may ask of mocha; `skip` ends it as a test that says nothing. */
const SKIPPED = new Error('skipped');
const CONTEXT = {
  timeout: () => undefined,
  skip: () => {
    throw SKIPPED;
  },
};

const specs = () => [
  ...readdirSync(FOLDER)
    .filter((name) => name.endsWith('.test.ts') && !SLOW.includes(name))
    .map((name) => `${FOLDER}/${name}`),
  ...FILES,
];
const suitesOf = (suite) => [suite, ...suite.suites.flatMap(suitesOf)];

/** The tests of the files by their ids, after the hooks of their suites have run. */
const loadTests = async (files) => {
  const mocha = new Mocha();
  for (const file of files) {
    const path = resolve(file);
    mocha.suite.emit('pre-require', globalThis, path, mocha);
    await import(pathToFileURL(path).href);
  }
  const tests = new Map();
  for (const suite of suitesOf(mocha.suite)) {
    for (const { fn } of suite._beforeAll) await fn.call(CONTEXT);
    for (const test of suite.tests) {
      const title = test.fullTitle();
      const id = tests.has(title) ? `${title} (${tests.size})` : title;
      tests.set(id, { id, fn: test.fn, fileName: test.file, kills: 0, durationMs: 0 });
    }
  }
  return tests;
};

/** Why a test fails; undefined when it passes or skips itself. Notes how long it took. */
const failureOf = async (test) => {
  const started = performance.now();
  try {
    await test.fn.call(CONTEXT);
  } catch (error) {
    return error === SKIPPED ? undefined : String(error?.message ?? error);
  } finally {
    test.durationMs = performance.now() - started;
  }
};

class EngineTests {
  #stryker = {};
  #tests = new Map();
  #hasRun = false;
  #isSpoiled = false;

  /**
   * Says that it reloads but never does: code that runs while cards/ are loaded and in tests too is judged by those tests,
   * code that runs at loading alone is left out (`ignoreStatic`).
   */
  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    fc.configureGlobal({ endOnFailure: true });
    globalThis.__stryker__ ??= {};
    this.#stryker = globalThis.__stryker__;
    this.#tests = await loadTests(specs());
  }

  async dryRun() {
    const tests = [];
    for (const test of this.#tests.values()) {
      const { id, fileName } = test;
      this.#stryker.currentTestId = id;
      const failureMessage = await failureOf(test);
      const status = failureMessage === undefined ? 0 : 1;
      tests.push({ id, name: id, fileName, timeSpentMs: test.durationMs, status, failureMessage });
    }
    this.#stryker.currentTestId = undefined;
    return { status: 'complete', tests, mutantCoverage: this.#stryker.mutantCoverage };
  }

  async mutantRun({ activeMutant, hitLimit, testFilter }) {
    if (this.#isSpoiled) throw new Error('a mutant changed what the tests share: begin anew');
    const chosen = testFilter.map((id) => this.#tests.get(id));
    chosen.sort((a, b) => b.kills - a.kills || a.durationMs - b.durationMs);
    const result = await this.#runUntilKilled(chosen, activeMutant.id, hitLimit);
    this.#hasRun = true;
    return result;
  }

  async #runUntilKilled(tests, mutant, hitLimit) {
    let nrOfTests = 0;
    for (const test of tests) {
      nrOfTests += 1;
      Object.assign(this.#stryker, { activeMutant: mutant, hitCount: 0, hitLimit });
      const failureMessage = await failureOf(test);
      const isEndless = hitLimit !== undefined && this.#stryker.hitCount > hitLimit;
      this.#stryker.activeMutant = undefined;
      if (isEndless) return { status: 'timeout', reason: `${mutant} in ${test.id}` };
      if (failureMessage === undefined) continue;
      await this.#checkShared(test);
      test.kills += 1;
      return { status: 'killed', killedBy: [test.id], failureMessage, nrOfTests };
    }
    return { status: 'survived', nrOfTests };
  }

  /** A test that fails without its mutant too: what it shares with others was changed, by this mutant or one before it. */
  async #checkShared(test) {
    if ((await failureOf(test)) === undefined) return;
    if (this.#hasRun) throw new Error('an earlier mutant may have changed what the tests share');
    this.#isSpoiled = true;
  }
}

export const strykerPlugins = [
  { kind: 'TestRunner', name: 'engine-tests', injectableClass: EngineTests },
];
