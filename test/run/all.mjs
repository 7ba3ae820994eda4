// node test/run/all.mjs [--lint] [--all] [SUITE…]: runs the suites, also after one has failed, and prints a summary.
// --lint runs `npm run lint` at the same time. --all runs long or random tests many times, with a seed that it prints,
// runs the integration tests on divided tables too, and uses both versions of VS Code.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { unshownGuarantees } from './guarantees.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const countsFile = (part) => path.join(root, 'test-results', `${part}.json`);

/** The arguments of Mocha for some files. Its results are read from the file that the reporter writes. */
const mocha = (part, files, ...options) => [
  ...['--import', 'tsx', 'node_modules/mocha/bin/mocha.js'],
  ...['--reporter', 'test/run/countingReporter.mjs', '--reporter-option', `file=${countsFile(part)}`],
  ...options,
  ...files,
];

/**
 * The approximate seconds of the longest files in `node test/run/all.mjs SUITE`, waits included. Every other file takes less.
 */
const secondsOf = {
  ...{ tallyBehaviours: 39, jobsDigests: 35, backfillFiles: 5, jobsCollection: 33, jobsListByParts: 21 },
  ...{ jobsLateEdits: 16, ledger: 16, verifyTotals: 13, verifyBalances: 13, checkRights: 13, tallyMeter: 12 },
  ...{ ledgerMasters: 12, embeddedRepair: 12, runnerStays: 12, jobsResume: 12, shapes: 12, jobsSync: 11 },
  ...{ verifyOddBalances: 11, dataFolder: 11, sqlClients: 11, jobsClearAndReload: 11, backfill: 10, embedded: 9 },
  ...{ statements: 9, cli: 8, verify: 8, warehouseMasters: 6, jobsHistory: 6, backfillFile: 6, exportRange: 6 },
  ...{ syncAll: 6, ledgerViews: 5, checkTally: 5, warehouseMerge: 5 },
  ...{ tallyFaults: 42, warehouseSilent: 40, cancel: 23, tallyFailures: 21, warehouseDisk: 19, upgrades: 13 },
  ...{ jobsKilled: 13, warehouseReset: 10, jobsConcurrency: 9, warehouseStopped: 9, cancelEdges: 9 },
  ...{ warehouseHolders: 7, securitySecrets: 7, rejects: 6, warehouseClock: 5 },
  ...{ fuzzAnswers: 24, tallyClient: 15, realVouchers: 8, packageFiles: 7, demoFaults: 5 },
};
const otherSeconds = 2;

/** Divides the files of a suite so that all parts take about the same time: each file goes to the part with the least to do. */
function deal(suite, parts) {
  const secondsFor = (file) => secondsOf[file.split('.')[0]] ?? otherSeconds;
  const files = fs.readdirSync(path.join(root, 'test', suite)).filter((file) => file.endsWith('.test.ts'));
  files.sort((a, b) => secondsFor(b) - secondsFor(a) || (a < b ? -1 : 1));
  const dealt = parts.map(() => ({ files: [], seconds: 0 }));
  for (const file of files) {
    const least = dealt.reduce((one, other) => (other.seconds < one.seconds ? other : one));
    least.files.push(`test/${suite}/${file}`);
    least.seconds += secondsFor(file);
  }
  return dealt.map((part) => part.files);
}

/**
 * The arguments of several processes that share the files of a suite, because its tests wait for PostgreSQL and Tally
 * as much as they compute. The names of the processes begin with `name`.
 */
function sideBySide(suite, count, env, name = suite) {
  const parts = Array.from({ length: count }, (_, i) => `${name}-${i + 1}`);
  const files = deal(suite, parts);
  return Object.fromEntries(
    parts.map((part, i) => [part, Object.assign(mocha(part, files[i], '--timeout', '120000'), { env })]),
  );
}

const script = (file) => ['--import', 'tsx', file];

/**
 * The arguments of one process, or with VSCODE_ALL of one for each VS Code version. Two run side by side, because these
 * tests wait for the browser more than they compute.
 */
function inEachVSCode(suite) {
  const args = script(`test/${suite}/run.ts`);
  const { VSCODE_ALL, VSCODE_EXECUTABLE, VSCODE_VERSION } = process.env;
  if (VSCODE_VERSION || VSCODE_EXECUTABLE || !VSCODE_ALL) return { [suite]: args };
  const part = (version) => [`${suite}-${version}`, Object.assign([...args], { env: { VSCODE_VERSION: version } })];
  return Object.fromEntries([part('oldest'), part('stable')]);
}

/** The processes of each suite, by the names of the files in which they leave their counts. They run side by side. */
const suites = {
  unit: () => sideBySide('unit', 2, takesAll && { FUZZ_CASES: '2400' }),
  integration: () => sideBySide('integration', 3),
  // The tests of integration once more, on tables divided by company.
  partitioned: () => sideBySide('integration', 3, { TEST_PARTITIONS: '4', FULL_TABLE: '' }, 'partitioned'),
  failures: () => sideBySide('failures', 3),
  host: () => ({ host: script('test/host/run.ts') }),
  ui: () => inEachVSCode('ui'),
};

const readCounts = (part) => {
  try {
    return JSON.parse(fs.readFileSync(countsFile(part), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/**
 * Runs one process to its end. The output of several processes is printed one after the other, each when its process has ended.
 */
async function runPart([part, args], isAlone) {
  fs.rmSync(countsFile(part), { force: true });
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, TEST_PART: part, ...args.env },
    stdio: isAlone ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => said.push(data));
  const [status, signal] = await once(child, 'close');
  process.stdout.write(Buffer.concat([Buffer.from(`\n━━━ ${part} ━━━\n`), ...said]));
  return { ended: status ?? signal, counts: readCounts(part) };
}

/** A queue that lets so many processes run at a time; the others wait in the order in which they came. */
function queueOf(places) {
  const waiting = [];
  let free = places;
  return async (work) => {
    if (free === 0) await new Promise((resolve) => waiting.push(resolve));
    else free--;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}

/** Runs one suite. A process counts as a failure if it ran no test, or ended with an error without a failed test. */
async function run(suite, isAlone, queue) {
  const parts = Object.entries(suites[suite]());
  let started;
  const ended = await Promise.all(
    parts.map((part) =>
      queue(() => {
        started ??= Date.now();
        return runPart(part, isAlone && parts.length === 1);
      }),
    ),
  );
  const result = { suite, passed: 0, failed: 0, skipped: 0, remark: '', tests: [], files: {} };
  for (const { ended: status, counts } of ended) {
    const { passes, failures, pending } = counts ?? { passes: 0, failures: 0, pending: 0 };
    const isSilent = passes + failures === 0;
    if (isSilent) result.remark = `ran no test (exit code ${status})`;
    else if (status !== 0 && failures === 0) result.remark = `ended with exit code ${status}`;
    result.passed += passes;
    result.failed += failures + (isSilent || (status !== 0 && failures === 0) ? 1 : 0);
    result.skipped += pending;
    result.tests.push(...(counts?.tests ?? []));
    Object.assign(result.files, counts?.files);
  }
  return { ...result, seconds: (Date.now() - started) / 1000 };
}

/** `npm run lint` as a row of the summary. Lint computes in one process while the suites wait for servers. */
async function lint() {
  const started = Date.now();
  const child = spawn('npm run lint', { cwd: root, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => said.push(data));
  const [status] = await once(child, 'close');
  const isFine = status === 0;
  process.stdout.write(Buffer.concat([Buffer.from('\n━━━ lint ━━━\n'), ...said]));
  return {
    ...{ suite: 'lint', passed: isFine ? 1 : 0, failed: isFine ? 0 : 1, skipped: 0, tests: [], files: {} },
    ...{ remark: isFine ? '' : 'npm run lint fails', seconds: (Date.now() - started) / 1000 },
  };
}

const takesAll = process.argv.includes('--all');
if (takesAll) {
  const seed = String(Math.floor(Math.random() * 2 ** 30));
  Object.assign(process.env, {
    FUZZ_SEED: seed,
    FULL_TABLE: '1',
    SOAK: '24',
    KILLS: '60',
    VSCODE_ALL: '1',
    ...process.env,
  });
  console.log(`FUZZ_SEED=${process.env.FUZZ_SEED}`);
}
const chosen = process.argv.slice(2).filter((word) => !['--all', '--lint'].includes(word));
const unknown = chosen.filter((name) => !(name in suites));
if (unknown.length > 0) {
  console.error(`No such suite: ${unknown.join(', ')}. There are: ${Object.keys(suites).join(', ')}.`);
  process.exit(2);
}

// A test within VS Code or a browser is tried a second time, because it sometimes fails for outside reasons; no other test is.
// The end of the output names repeated and failed tests, because a long run is read there first. With --all a repeated test is
// a failure.
const failuresFile = path.join(root, 'test-results', 'failures.txt');
fs.rmSync(failuresFile, { force: true });
fs.mkdirSync(path.dirname(failuresFile), { recursive: true });
process.env.TEST_FAILURES = failuresFile;

/**
 * The processes of a lane wait in one queue, so that none of its places is free until the last has begun. The lanes run side
 * by side. VS Code and the browser wait for each other, the other suites wait for servers, and neither lane keeps two cores
 * busy. Both lanes take about the same time.
 */
const lanes = [
  { suitesOf: ['unit', 'integration', 'partitioned', 'failures'], places: 3 },
  { suitesOf: ['host', 'ui'], places: takesAll ? 2 : 1 },
].map(({ suitesOf, places }) => ({
  ran: suitesOf.filter((suite) => (chosen.length === 0 ? takesAll || suite !== 'partitioned' : chosen.includes(suite))),
  queue: queueOf(places),
}));
const results = (
  await Promise.all([
    ...(process.argv.includes('--lint') ? [lint()] : []),
    ...lanes.map(({ ran, queue }) => Promise.all(ran.map((suite) => run(suite, chosen.length === 1, queue)))),
  ])
).flat();
// Only on Linux: on Windows and macOS some single tests are left out, because these systems lack something.
const unshown =
  process.platform === 'linux'
    ? unshownGuarantees(
        results.map(({ suite }) => suite),
        results.flatMap(({ tests }) => tests),
      )
    : [];
const sum = (key) => results.reduce((total, result) => total + result[key], 0);

console.log(`\n${'suite'.padEnd(12)}  passed  failed  skipped  seconds`);
for (const { suite, passed, failed, skipped, seconds, remark } of results) {
  const numbers = [String(passed).padStart(6), String(failed).padStart(6), String(skipped).padStart(7)];
  console.log([suite.padEnd(12), ...numbers, seconds.toFixed(1).padStart(7), remark].join('  ').trimEnd());
}
const longest = results
  .flatMap(({ files }) => Object.entries(files))
  .sort(([, a], [, b]) => b.seconds - a.seconds)
  .slice(0, 12);
if (longest.length > 0)
  console.log(`\nLongest files: ${longest.map(([file, { seconds }]) => `${file} ${seconds.toFixed(0)} s`).join(', ')}`);
const troubles = fs.existsSync(failuresFile) ? fs.readFileSync(failuresFile, 'utf8').trimEnd() : '';
if (troubles !== '') console.log(`\n${troubles}`);
const needsRetry = takesAll && /^Tried again: /m.test(troubles);
if (needsRetry) console.log('\nA test failed and then passed when it was tried again. Find the cause.');
if (unshown.length > 0)
  console.log(`\nGuarantees of docs/guarantees.md that no test has shown:\n  ${unshown.join('\n  ')}`);
console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`);
process.exitCode = sum('failed') + unshown.length > 0 || needsRetry ? 1 : 0;
