import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const page = fs.readFileSync(path.join(root, 'docs/guarantees.md'), 'utf8');
const rows = page.split('\n').filter((line) => /^\| (?!promise|---)/.test(line));

const withoutComments = (source: string): string => source.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');

describe('docs/guarantees.md', () => {
  it('has for each promise a test, whose title says what it quotes', () => {
    assert.ok(rows.length > 30);
    for (const row of rows) {
      const shown = [...row.matchAll(/(\w+\/\w+) "([^"]+)"/g)];
      assert.ok(shown.length > 0, row);
      for (const [, file, words] of shown) {
        const source = withoutComments(fs.readFileSync(path.join(root, `test/${file!}.test.ts`), 'utf8'));
        assert.ok(source.includes(words!), `${file!}: ${words!}`);
      }
    }
  });
});
