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
const here = { state: 'here', platform: 'linux' } as const;
const remote = { state: 'remote', name: 'wsl', inExplorer: false } as const;

describe('what the extension says of an export', () => {
  it('is what is in which file, where that is, and what to know of it', () => {
    const said =
      'Exported 1–30 Apr 2024 of Asha Traders from the built-in warehouse to /books/april.csv: 1,200 invoices, 1 line in a file beside it.';
    assert.equal(plainSpaces(exportText(result, 'the built-in warehouse', here)), said);
    const warned = { ...result, warnings: ['2 days were never loaded.'] };
    assert.equal(
      plainSpaces(exportText(warned, 'the built-in warehouse', remote)),
      `${said} The file is on the remote computer of this window (wsl). 2 days were never loaded.`,
    );
  });

  it('offers what can be done with the file where it is', () => {
    const [csv, xlsx] = [result, { ...result, format: 'xlsx' as const }];
    for (const one of [csv, xlsx]) assert.deepEqual(exportButtons(one, here), ['Open', 'Reveal in Folder']);
    assert.deepEqual(exportButtons(csv, remote), ['Open']);
    assert.deepEqual(exportButtons(xlsx, remote), []);
  });

  it('leads to the Explorer, where a file of another computer can be downloaded', () => {
    const shown = { ...remote, inExplorer: true };
    assert.deepEqual(exportButtons(result, shown), ['Open', 'Show in Explorer']);
    assert.deepEqual(exportButtons({ ...result, format: 'parquet' }, shown), ['Show in Explorer']);
    assert.match(exportText(result, 'books on db', shown), /\(wsl\)\. In the Explorer, right-click the file/);
  });

  it('leaves a workbook whose path Windows could not open to its folder', () => {
    const windows = { ...here, platform: 'win32' } as const;
    const buttons = (path: string) =>
      exportButtons({ format: 'xlsx', files: [{ path, table: 'sales_register', rows: 1, bytes: 1 }] }, windows);
    assert.deepEqual(buttons(String.raw`C:\books\april.xlsx`), ['Open', 'Reveal in Folder']);
    assert.deepEqual(buttons(String.raw`C:\बही\april.xlsx`), ['Reveal in Folder']);
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
