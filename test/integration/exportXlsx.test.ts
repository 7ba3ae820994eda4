import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as XLSX from '@e965/xlsx';
import { exportRange } from '../../src/core/core.js';
import type { ExportRequest } from '../../src/core/jobs/job.js';
import { contextOf } from '../support/context.js';
import { ledgerLine, sale } from '../support/invoices.js';
import { loadInvoices } from '../support/loadInvoices.js';
import { freshDatabase } from '../support/postgres.js';

/** Texts that a spreadsheet or its XML might misread. */
const texts = [
  '007',
  '=1+1',
  ' ',
  'a\nb',
  'a\rb',
  '<&>"',
  '_x0041_',
  '\u0001',
  'दुकान ₹',
  '👩‍👩‍👧',
  '-5',
  'TRUE',
  '1e5',
  '2024-04-01',
];
const wide = 'x'.repeat(40_000);

describe('an export for Excel', function () {
  this.timeout(60_000);
  let url: string;
  let folder: string;

  before(async () => {
    url = await freshDatabase();
    folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-xlsx-'));
    const invoices = texts.map((text, i) =>
      sale(i, {
        ...{ partyName: text, narration: i === 0 ? wide : text, invoiceNumber: String(i).padStart(4, '0') },
        ...{
          totalAmount: i === 1 ? 62_499_999_999_999_999n : -1n,
          isCancelled: i === 2,
          dueDate: i === 3 ? '1899-12-31' : null,
        },
        lines: [ledgerLine('x', 10n, { quantity: 12_345n, unit: 'kg', gstRate: 180_000n })],
      }),
    );
    await loadInvoices(url, invoices, { id: 'guid', name: 'Asha & Sons' });
  });
  after(() => {
    fs.rmSync(folder, { recursive: true });
  });

  /** The one sheet of a file, as another program reads it. */
  async function sheetOf(content: ExportRequest['content'], name: string): Promise<XLSX.WorkSheet> {
    const file = path.join(folder, name);
    const request = { from: '2024-04-01', to: '2024-04-30', path: path.join(folder, 'books.xlsx') };
    const { format } = await exportRange({ ...request, content: content! }, contextOf({ DB_URL: url }));
    assert.equal(format, 'xlsx');
    const { SheetNames, Sheets } = XLSX.read(fs.readFileSync(file), { cellNF: true });
    assert.equal(SheetNames.length, 1);
    return Sheets[SheetNames[0]!]!;
  }
  /** The cells below a header, by their kind (n number, s text, b boolean), value and format. */
  function cellsOf(sheet: XLSX.WorkSheet, header: string): (XLSX.CellObject | undefined)[] {
    const range = XLSX.utils.decode_range(sheet['!ref']!);
    const at = (r: number, c: number): XLSX.CellObject | undefined =>
      sheet[XLSX.utils.encode_cell({ r, c })] as XLSX.CellObject | undefined;
    const c = Array.from({ length: range.e.c + 1 }, (_, i) => i).find((i) => at(0, i)?.v === header);
    assert.ok(c !== undefined, `no column ${header}`);
    return Array.from({ length: range.e.r }, (_, i) => at(i + 1, c));
  }
  const values = (sheet: XLSX.WorkSheet, header: string): unknown[] => cellsOf(sheet, header).map((cell) => cell?.v);

  it('has what people read first in its first columns, and ids in the last', async () => {
    const sheet = await sheetOf('sales_register', 'books.xlsx');
    const width = XLSX.utils.decode_range(sheet['!ref']!).e.c + 1;
    const header = Array.from(
      { length: width },
      (_, c) => (sheet[XLSX.utils.encode_cell({ r: 0, c })] as XLSX.CellObject).v,
    );
    assert.deepEqual(header.slice(0, 5), ['date', 'invoice_number', 'party_name', 'party_gstin', 'taxable_amount']);
    assert.deepEqual(header.slice(-3), ['company_name', 'company_id', 'invoice_id']);
    assert.ok(header.indexOf('igst_amount') < header.indexOf('total_amount'));
  });

  it('has dates and amounts as such, and every text to the character', async () => {
    const sheet = await sheetOf('invoices', 'books.xlsx');
    const [date] = cellsOf(sheet, 'date');
    assert.deepEqual([date!.t, date!.v, date!.z], ['n', 45_383, 'dd-mm-yyyy'], '45,383 is 1 April 2024');
    assert.equal(values(sheet, 'due_date')[3], '1899-12-31', 'a day that Excel does not know is text');
    const totals = cellsOf(sheet, 'total_amount');
    assert.deepEqual([totals[0]!.t, totals[0]!.v, totals[0]!.z], ['n', -0.01, '#,##0.00']);
    assert.deepEqual([totals[1]!.t, totals[1]!.v], ['s', '624999999999999.99'], 'Excel would round it');
    assert.deepEqual(values(sheet, 'party_name'), texts);
    assert.ok(cellsOf(sheet, 'party_name').every((cell) => cell!.t === 's'));
    assert.equal(values(sheet, 'invoice_number')[7], '0007');
    assert.deepEqual(values(sheet, 'is_cancelled').slice(1, 4), [false, true, false]);
    assert.equal(values(sheet, 'irn')[0], undefined);
    assert.equal((values(sheet, 'narration')[0] as string).length, 32_767, 'the longest text of a cell');
  });

  it('has the lines in a file beside it', async () => {
    const sheet = await sheetOf('invoices', 'books-lines.xlsx');
    assert.equal(values(sheet, 'quantity')[0], 1.2345);
    assert.equal(values(sheet, 'amount')[0], 0.1);
    assert.equal(values(sheet, 'gst_rate')[0], 18);
  });
});
