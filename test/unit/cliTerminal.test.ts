import assert from 'node:assert/strict';
import { closestWord } from '../../src/cli/closestWord.js';
import { coloured } from '../../src/cli/coloured.js';
import { fitToWidth } from '../../src/cli/fitToWidth.js';

describe('text in a terminal', () => {
  it('is broken between words, below the last column of a table', () => {
    assert.equal(
      fitToWidth('Warning: 1 invoice has a sign that contradicts its type.', 30),
      'Warning: 1 invoice has a sign\nthat contradicts its type.',
    );
    assert.equal(
      fitToWidth('  --json  one JSON object on standard output', 36),
      '  --json  one JSON object on\n          standard output',
    );
  });

  it('leaves what fits, and a row of figures that is too wide', () => {
    const row = `${'Asha Traders and Sons'.padEnd(40)}  1,234  ₹12,34,567.89`;
    for (const text of ['short', '', row]) assert.equal(fitToWidth(text, 48), text);
  });

  it('has colours for what is wrong, doubtful and fine, and for headings', () => {
    const marked = coloured('Error: x\nWarning: y\n✓ Tally\n✗ 2026\nCHECKPOINTS\nplain ✓').split('\n');
    assert.deepEqual(
      marked.map((line) => line.replaceAll('\u001b', '')),
      ['[31mError:[39m x', '[33mWarning:[39m y', '[32m✓[39m Tally', '[31m✗[39m 2026', '[1mCHECKPOINTS[22m', 'plain ✓'],
    );
  });
});

describe('a word that was mistyped', () => {
  it('is the known one that it is close to', () => {
    const known = ['backfill', 'sync', 'status', 'clear-and-reload', 'check'];
    for (const [typed, meant] of [
      ['bakfill', 'backfill'],
      ['snyc', 'sync'],
      ['stat', 'status'],
      ['clear_and_reload', 'clear-and-reload'],
      ['Sync', 'sync'],
      ['export', undefined],
      ['', undefined],
    ] as const)
      assert.equal(closestWord(typed, known), meant, typed);
  });
});
