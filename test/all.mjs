// node test/all.mjs [SUITE…]: runs the suites one after the other, whatever the one before did, and sums them up.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const countsFile = (suite) => path.join(root, 'test-results', `${suite}.json`);

/** Mocha on the files of a folder. A result counts only by the file that the reporter leaves. */
const mocha = (suite, ...options) => [
  ...['--import', 'tsx', 'node_modules/mocha/bin/mocha.js'],
  ...['--reporter', 'test/countingReporter.mjs', '--reporter-option', `file=${countsFile(suite)}`],
  ...options,
  `test/${suite}/**/*.test.ts`,
];
const script = (file) => ['--import', 'tsx', file];

const suites = {
  unit: () => mocha('unit'),
  integration: () => mocha('integration', '--timeout', '120000', '--retries', '1'),
  host: () => script('test/host/run.ts'),
  ui: () => script('test/ui/run.ts'),
};

const readCounts = (suite) => {
  try {
    return JSON.parse(fs.readFileSync(countsFile(suite), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/** Runs one suite; one that died, or ran no test, has failed once more than it says. */
function run(suite) {
  console.log(`\n━━━ ${suite} ━━━`);
  fs.rmSync(countsFile(suite), { force: true });
  const started = Date.now();
  const { status, signal } = spawnSync(process.execPath, suites[suite](), { cwd: root, stdio: 'inherit' });
  const counts = readCounts(suite) ?? { passes: 0, failures: 0, pending: 0 };
  let remark = '';
  if (counts.passes + counts.failures === 0) remark = `ran no test (exit code ${status ?? signal})`;
  else if (status !== 0 && counts.failures === 0) remark = `ended with exit code ${status ?? signal}`;
  const failed = counts.failures + (remark === '' ? 0 : 1);
  return {
    suite,
    passed: counts.passes,
    failed,
    skipped: counts.pending,
    seconds: (Date.now() - started) / 1000,
    remark,
  };
}

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(`No such suite: ${unknown.join(', ')}. There are: ${Object.keys(suites).join(', ')}.`);
  process.exit(2);
}

// Real servers, processes and browsers on a loaded machine fail now and then for reasons of their own: such a test is tried
// a second time. That, and what failed, is said at the end, where a long run is read first: nothing passes unseen.
const failuresFile = path.join(root, 'test-results', 'failures.txt');
fs.rmSync(failuresFile, { force: true });
fs.mkdirSync(path.dirname(failuresFile), { recursive: true });
process.env.TEST_FAILURES = failuresFile;

const results = (chosen.length > 0 ? chosen : Object.keys(suites)).map(run);
const sum = (key) => results.reduce((total, result) => total + result[key], 0);

console.log(`\n${'suite'.padEnd(12)}  passed  failed  skipped  seconds`);
for (const { suite, passed, failed, skipped, seconds, remark } of results) {
  const numbers = [String(passed).padStart(6), String(failed).padStart(6), String(skipped).padStart(7)];
  console.log([suite.padEnd(12), ...numbers, seconds.toFixed(1).padStart(7), remark].join('  ').trimEnd());
}
if (fs.existsSync(failuresFile)) console.log(`\n${fs.readFileSync(failuresFile, 'utf8').trimEnd()}`);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = sum('failed') > 0 ? 1 : 0;
