import fs from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/**
 * Mocha's usual output, plus two files for test/run/all.mjs. The file of `--reporter-option file=…` gets the counts, and the
 * tests that passed or were left out. The file of TEST_FAILURES gets the tests that failed or were tried again.
 */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const { file } = options.reporterOption;
    const record = (what) => (test, error) => {
      const file = process.env.TEST_FAILURES;
      const words = `${what}: ${test.fullTitle()}\n${error.stack ?? error.message}\n\n`;
      if (file) fs.appendFileSync(file, words);
      // Mocha prints only the error of the last try. Things that the first try left half done may have caused it.
      else if (what === 'Tried again') console.error(words);
    };
    const tests = [];
    const keep = (passed) => (test) =>
      tests.push({
        file: path.relative('', test.file ?? '').replaceAll(path.sep, '/'),
        title: test.fullTitle(),
        passed,
      });
    // The time of each file including its hooks: the elapsed seconds, and the seconds on this process's cores.
    const files = {};
    let begun;
    runner.on('suite', (suite) => {
      if (suite.parent?.root) begun = { at: Date.now(), cpu: process.cpuUsage() };
    });
    runner.on('suite end', (suite) => {
      if (!suite.parent?.root) return;
      const name = path.basename(suite.file ?? '').split('.')[0];
      const cpu = process.cpuUsage(begun.cpu);
      files[name] ??= { seconds: 0, cpu: 0 };
      files[name].seconds += (Date.now() - begun.at) / 1000;
      files[name].cpu += (cpu.user + cpu.system) / 1e6;
    });
    runner.on('pass', keep(true));
    runner.on('pending', keep(false));
    runner.on('fail', record('Failed'));
    runner.on('retry', record('Tried again'));
    runner.once('end', () => {
      const { passes, failures, pending } = runner.stats;
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, JSON.stringify({ passes, failures, pending, tests, files }));
      // A server that a failed test left open must not block the whole run. So a process that still lives then is ended, as a
      // failure.
      setTimeout(() => {
        console.error('The tests are done, but something they opened keeps the process alive. It is ended.');
        process.on('exit', () => (process.exitCode = 1)); // after Mocha has set its own exit code
        process.exit();
      }, 30_000).unref();
    });
  }
}
