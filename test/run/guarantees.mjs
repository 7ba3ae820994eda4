import fs from 'node:fs';
import path from 'node:path';

const page = path.resolve(import.meta.dirname, '../../docs/guarantees.md');

/**
 * The quotes of docs/guarantees.md (`integration/backfill "words of a title"`) that name a test of these suites, but that no
 * test has shown. `ran`: each test with its file, full title and whether it passed. If a whole file was left out, this computer
 * lacks something that it needs, such as PgBouncer; its quotes do not count.
 */
export function unshownGuarantees(suites, ran) {
  const quotes = [...fs.readFileSync(page, 'utf8').matchAll(/(\w+)\/(\w+) "([^"]+)"/g)];
  return quotes
    .filter(([, suite, name, words]) => {
      if (!suites.includes(suite)) return false;
      const tests = ran.filter(({ file }) => file === `test/${suite}/${name}.test.ts`);
      const isLeftOut = tests.length > 0 && tests.every(({ passed }) => !passed);
      return !isLeftOut && !tests.some(({ title, passed }) => passed && title.includes(words));
    })
    .map(([quote]) => quote);
}
