import fs from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/**
 * Mocha's usual output; besides, the counts go to the file of `--reporter-option file=…`, and what failed to the file of
 * TEST_FAILURES, for test/all.mjs.
 */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const { file } = options.reporterOption;
    runner.on('fail', (test, error) => {
      const failures = process.env.TEST_FAILURES;
      if (failures) fs.appendFileSync(failures, `${test.fullTitle()}\n${error.stack ?? error.message}\n\n`);
    });
    runner.once('end', () => {
      const { passes, failures, pending } = runner.stats;
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, JSON.stringify({ passes, failures, pending }));
    });
  }
}
