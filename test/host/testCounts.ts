import fs from 'node:fs';
import path from 'node:path';
import { extensionRoot } from './sandbox.js';

/** What a suite leaves behind in test-results/SUITE.json, for the summary of `npm test`. */
export interface TestCounts {
  passes: number;
  failures: number;
  pending: number;
  /** Each test with its file, full title and whether it passed, where that is known. */
  tests: unknown[];
}

export const NO_TESTS: TestCounts = { passes: 0, failures: 0, pending: 0, tests: [] };

export const addCounts = (a: TestCounts, b: TestCounts): TestCounts => ({
  passes: a.passes + b.passes,
  failures: a.failures + b.failures,
  pending: a.pending + b.pending,
  tests: [...a.tests, ...b.tests],
});

/** The counts in a file, or undefined where the tests ended without leaving it. */
export function readCounts(file: string): TestCounts | undefined {
  if (!fs.existsSync(file)) return undefined;
  const counts = JSON.parse(fs.readFileSync(file, 'utf8')) as Omit<TestCounts, 'tests'> & { tests: unknown };
  const { passes, failures, pending, tests } = counts;
  // Within VS Code mocha counts them alone.
  return { passes, failures, pending, tests: Array.isArray(tests) ? tests : [] };
}

/** Leaves the counts for the summary, which may have named a part of the suite, and prints the suite's last line. */
export function reportCounts(suite: string, counts: TestCounts): void {
  const folder = path.join(extensionRoot, 'test-results');
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(path.join(folder, `${process.env.TEST_PART ?? suite}.json`), JSON.stringify(counts));
  console.log(`${counts.passes} passed, ${counts.failures} failed, ${counts.pending} skipped`);
}
