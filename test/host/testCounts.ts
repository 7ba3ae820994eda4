import fs from 'node:fs';
import path from 'node:path';
import { extensionRoot } from './sandbox.js';

/** The results of a suite in test-results/SUITE.json, for the summary of `npm test`. */
export interface TestCounts {
  passes: number;
  failures: number;
  pending: number;
  /** Each test with its file, full title and whether it passed; empty where only the counts are known. */
  tests: unknown[];
}

export const NO_TESTS: TestCounts = { passes: 0, failures: 0, pending: 0, tests: [] };

export const addCounts = (a: TestCounts, b: TestCounts): TestCounts => ({
  passes: a.passes + b.passes,
  failures: a.failures + b.failures,
  pending: a.pending + b.pending,
  tests: [...a.tests, ...b.tests],
});

/** The counts in a file; undefined if the tests ended without writing it. */
export function readCounts(file: string): TestCounts | undefined {
  if (!fs.existsSync(file)) return undefined;
  const counts = JSON.parse(fs.readFileSync(file, 'utf8')) as Omit<TestCounts, 'tests'> & { tests: unknown };
  const { passes, failures, pending, tests } = counts;
  // Within VS Code mocha writes only counts.
  return { passes, failures, pending, tests: Array.isArray(tests) ? tests : [] };
}

/** Writes the counts for the summary, under the name TEST_PART if it is set, and prints the suite's last line. */
export function reportCounts(suite: string, counts: TestCounts): void {
  const folder = path.join(extensionRoot, 'test-results');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, `${process.env.TEST_PART ?? suite}.json`), JSON.stringify(counts));
  console.log(`${counts.passes} passed, ${counts.failures} failed, ${counts.pending} skipped`);
}
