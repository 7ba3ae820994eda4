import { runTests } from '@vscode/test-electron';
import esbuild from 'esbuild';
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkBuild, extensionRoot, sandbox } from './sandbox.js';
import { chooseVSCode, versionsToTest } from './chooseVSCode.js';
import { cacheDir } from './installVSCode.js';
import { addCounts, NO_TESTS, readCounts, reportCounts, type TestCounts } from './testCounts.js';
import { writeUserSettings } from './webWorkbench.js';
import '../run/memoryDisk.mjs';

// npx tsx test/host/run.ts [--grep TEXT] [FILE…]: runs test/host/suite/FILE*.test.ts (default: all) inside VS Code.

const { values, positionals } = parseArgs({ allowPositionals: true, options: { grep: { type: 'string' } } });

/** Bundles the chosen suites into a folder of this run, as CommonJS, which VS Code loads. */
async function bundleSuites(): Promise<string> {
  const suites = fs
    .readdirSync(path.join(__dirname, 'suite'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .filter((file) => positionals.length === 0 || positionals.some((name) => path.basename(file).startsWith(name)));
  if (suites.length === 0) throw new Error(`No test/host/suite/*.test.ts matches: ${positionals.join(' ')}`);
  fs.mkdirSync(cacheDir, { recursive: true });
  const outdir = fs.mkdtempSync(path.join(cacheDir, 'host-tests-'));
  await esbuild.build({
    entryPoints: [
      { in: path.join(__dirname, 'suiteEntry.ts'), out: 'suiteEntry' },
      ...suites.map((file) => ({ in: path.join(__dirname, 'suite', file), out: path.basename(file, '.ts') })),
    ],
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha', 'pg-native'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return outdir;
}

/** Runs the suites in one VS Code. A run that left no counts, or counted no test, is a failure. */
async function runIn(version: string, bundled: string): Promise<TestCounts> {
  const chosen = await chooseVSCode(version);
  console.log(`\n${chosen.words}`);
  const { folder, env } = sandbox('tally-host-');
  const results = path.join(folder, 'results.json');
  const user = path.join(folder, 'user');
  writeUserSettings(user, {});
  let failure = '';
  await runTests({
    vscodeExecutablePath: chosen.executable,
    extensionDevelopmentPath: extensionRoot,
    extensionTestsPath: path.join(bundled, 'suiteEntry.js'),
    extensionTestsEnv: {
      ...env,
      ...chosen.env,
      VSCODE_TEST_RESULTS: results,
      ...(values.grep && { TEST_GREP: values.grep }),
    },
    launchArgs: [
      path.join(folder, 'workspace'),
      '--disable-extensions',
      `--user-data-dir=${user}`,
      `--extensions-dir=${path.join(folder, 'extensions')}`,
    ],
  }).catch((error: unknown) => (failure = String(error)));
  const counts = readCounts(results) ?? NO_TESTS;
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  const tests = counts.passes + counts.failures;
  if (tests > 0 && (counts.failures > 0 || failure === '')) return counts;
  console.error(`The run in VS Code ${version} proves nothing: ${tests} tests counted. ${failure}`);
  return { ...counts, failures: counts.failures + 1 };
}

async function main(): Promise<void> {
  checkBuild();
  const bundled = await bundleSuites();
  let counts = NO_TESTS;
  const versions = process.env.VSCODE_EXECUTABLE ? ['as installed'] : versionsToTest();
  for (const version of versions) counts = addCounts(counts, await runIn(version, bundled));
  fs.rmSync(bundled, { recursive: true });
  reportCounts('host', counts);
  process.exitCode = counts.failures > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
