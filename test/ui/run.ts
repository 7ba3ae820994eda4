import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkBuild, extensionRoot } from '../host/sandbox.js';
import { versionsToTest } from '../host/chooseVSCode.js';
import { findChromium } from '../host/findChromium.js';
import { installVSCode } from '../host/installVSCode.js';
import { addCounts, NO_TESTS, readCounts, reportCounts, type TestCounts } from '../host/testCounts.js';

// npx tsx test/ui/run.ts [--pictures] [MOCHA OPTIONS] [FILE…]: runs test/ui/*.test.ts (or the files given) in a real
// workbench. --pictures takes the pictures of the documents in media anew, in the newest version only.
const pictures = process.argv.includes('--pictures');

/** Runs the tests against one version of VS Code. A run that left no counts, or counted no test, is a failure. */
function runOn(version: string): TestCounts {
  const file = path.join(os.tmpdir(), `tally-ui-${process.pid}.json`);
  const given = process.argv.slice(2).filter((argument) => argument !== '--pictures');
  const mocha = ['--import', 'tsx', 'node_modules/mocha/bin/mocha.js', '--timeout', '120000', '--retries', '1'];
  const reporter = ['--reporter', 'test/run/countingReporter.mjs', '--reporter-option', `file=${file}`];
  const files = given.some((argument) => argument.endsWith('.ts')) ? [] : ['test/ui/**/*.test.ts'];
  const env = { ...process.env, UI_VSCODE_VERSION: version, ...(pictures && { UI_PICTURES: '1' }) };
  const { status } = spawnSync(process.execPath, [...mocha, ...reporter, ...given, ...files], {
    cwd: extensionRoot,
    stdio: 'inherit',
    env,
  });
  const counts = readCounts(file) ?? NO_TESTS;
  fs.rmSync(file, { force: true });
  if (counts.passes + counts.failures > 0) {
    if (status === 0 || counts.failures > 0) return counts;
    console.error(`The tests in VS Code ${version} passed, and their process ended with exit code ${status}.`);
    return { ...counts, failures: 1 };
  }
  console.error(`The run in VS Code ${version} proves nothing: no test counted.`);
  return { ...counts, failures: counts.failures + 1 };
}

async function main(): Promise<void> {
  checkBuild();
  const browser = await findChromium();
  let counts = NO_TESTS;
  for (const version of pictures ? ['stable'] : versionsToTest()) {
    const vscode = installVSCode(version); // never VSCODE_EXECUTABLE: only the npm build shows in a browser
    console.log(`\nVS Code ${vscode.version}, npm build of the VS Code server, Chromium of ${browser.from}`);
    counts = addCounts(counts, runOn(vscode.version));
  }
  reportCounts('ui', counts);
  process.exitCode = counts.failures > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
