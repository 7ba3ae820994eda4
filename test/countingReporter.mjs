import fs from 'node:fs';
import path from 'node:path';
import Mocha from 'mocha';

/** Mocha's usual output; besides, the counts go to the file of `--reporter-option file=…`, for test/all.mjs. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const { file } = options.reporterOption;
    runner.once('end', () => {
      const { passes, failures, pending } = runner.stats;
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, JSON.stringify({ passes, failures, pending }));
    });
  }
}
