import assert from 'node:assert/strict';
import type { ExportResult } from '../../src/core/jobs/job.js';
import {
  exportButtons,
  exportProgressText,
  exportText,
  exportWords,
} from '../../src/extension/commands/exportWords.js';
import { plainSpaces } from '../support/plainSpaces.js';

const result: ExportResult = {
  command: 'export',
  company: { name: 'Asha Traders', id: 'g' },
  ...{ from: '2024-04-01', to: '2024-04-30', content: 'invoices', format: 'csv' },
  files: [
    { path: '/books/april.csv', table: 'invoices', rows: 1200, bytes: 1 },
    { path: '/books/april-lines.csv', table: 'lines', rows: 1, bytes: 1 },
  ],
  warnings: [],
  durationMs: 1,
};
const here = { state: 'here' } as const;
const remote = { state: 'remote', name: 'wsl' } as const;

describe('what the extension says of an export', () => {
  it('is what is in which file, where that is, and what to know of it', () => {
    const said =
      'Exported 1–30 Apr 2024 of Asha Traders from the built-in warehouse to /books/april.csv: 1,200 invoices, 1 line in a file beside it.';
    assert.equal(plainSpaces(exportText(result, 'the built-in warehouse', here)), said);
    const warned = { ...result, warnings: ['2 days were never loaded.'] };
    assert.equal(
      plainSpaces(exportText(warned, 'the built-in warehouse', remote)),
      `${said} It is on the remote computer of this window (wsl). 2 days were never loaded.`,
    );
  });

  it('offers what can be done with the file where it is', () => {
    assert.deepEqual(exportButtons(result, here), ['Reveal in Folder', 'Open']);
    assert.deepEqual(exportButtons({ format: 'parquet' }, here), ['Reveal in Folder']);
    assert.deepEqual(exportButtons(result, remote), ['Open']);
    assert.deepEqual(exportButtons({ format: 'parquet' }, remote), []);
  });

  it('counts the rows as they come, and names a file as every system takes it', () => {
    const progress = {
      phase: 'exporting',
      invoices: 0,
      vouchers: 0,
      rows: 12_000,
      total: 40_000,
      fraction: 0.3,
    } as const;
    assert.equal(exportProgressText(progress), '12,000 of 40,000 rows · 30 %');
    assert.equal(exportProgressText({ phase: 'preparing', invoices: 0, vouchers: 0 }), 'Counting the rows…');
    assert.equal(
      exportWords.file('sales_register', 'A/B: "C"', { from: '2024-04-01', to: '2024-04-01' }),
      'Tally sales register A B C 2024-04-01',
    );
  });
});
