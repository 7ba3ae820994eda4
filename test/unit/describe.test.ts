import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describeDryRun } from '../../src/core/report/describeDryRun.js';
import {
  formatCount,
  formatDuration,
  formatNumber,
  formatRupees,
  formatSpan,
  formatTime,
} from '../../src/core/base/format.js';
import { describeResult } from '../../src/core/report/describeResult.js';
import { alignTable } from '../../src/core/report/describeTable.js';
import { describeTotals } from '../../src/core/report/describeTotals.js';
import type { Difference, JobResult, MissingInvoice } from '../../src/core/jobs/job.js';
import { timeText } from '../../src/core/base/countWords.js';
import { jobResult } from '../support/jobResult.js';
import { plainSpaces } from '../support/plainSpaces.js';

const result: JobResult = {
  command: 'backfill',
  company: { name: 'Asha Traders & Co', id: 'guid' },
  from: '2024-04-01',
  to: '2024-04-02',
  dryRun: true,
  dayByDay: false,
  report: 'Day Book',
  answered: { vouchers: 12034, from: '2024-04-01', to: '2025-03-31' },
  invoices: 1015,
  inserted: 1010,
  updated: 2,
  unchanged: 3,
  removed: 0,
  missing: 1,
  rejected: 2,
  warnings: ['1 invoice has a sign that contradicts its type: S/7 of 2024-04-02'],
  durationMs: 12_345,
  days: [
    { date: '2024-04-02', invoices: 5, inserted: 0, updated: 2, unchanged: 3, removed: 0 },
    { date: '2024-04-01', invoices: 1010, inserted: 1010, updated: 0, unchanged: 0, removed: 0 },
  ],
  runId: '3f0c',
  byType: [
    { date: '2024-04-01', invoiceType: 'sales', invoices: 1000, total: '10000000.00' },
    { date: '2024-04-01', invoiceType: 'purchase', invoices: 9, total: '1234567.89' },
    { date: '2024-04-01', invoiceType: 'credit_note', invoices: 1, total: '-1180.00' },
    { date: '2024-04-02', invoiceType: 'sales', invoices: 5, total: '0.05' },
  ],
  missingInvoices: [
    { invoiceId: 'x', date: '2024-04-02', invoiceType: 'debit_note', invoiceNumber: 'DN/1', totalAmount: '-118.50' },
  ],
  notProven: null,
  holes: [],
  index: null,
  warehouse: { state: 'compared' },
};

describe('numbers for people', () => {
  it('groups as the locale of English in India does, whatever the number', () => {
    const india = new Intl.NumberFormat('en-IN');
    fc.assert(
      fc.property(fc.maxSafeInteger(), (count) => {
        assert.equal(formatCount(count), india.format(count));
      }),
    );
    fc.assert(
      fc.property(fc.bigInt(-(10n ** 30n), 10n ** 30n), fc.integer({ min: 0, max: 9999 }), (whole, fraction) => {
        assert.equal(formatNumber(`${whole}.${fraction}`), `${india.format(whole)}.${fraction}`);
        const rupees = whole < 0n ? -whole : whole;
        assert.equal(formatRupees(rupees * 100n + 7n), `₹${india.format(rupees)}.07`);
      }),
    );
  });

  it('writes rupees to the paisa, a minus sign before the ₹', () => {
    assert.equal(formatRupees(1_000_000_000n), '₹1,00,00,000.00');
    assert.equal(formatRupees(-118_000n), '-₹1,180.00');
    assert.equal(formatRupees(5n), '₹0.05');
    assert.equal(formatRupees(0n), '₹0.00');
  });

  it('writes durations that a person would say', () => {
    assert.deepEqual([0, 430, 12_345, 59_400, 59_600, 185_000, 3_600_000, 7_620_000].map(formatDuration), [
      '0.0 s',
      '0.4 s',
      '12.3 s',
      '59.4 s',
      '1 min 00 s',
      '3 min 05 s',
      '1 h 00 min',
      '2 h 07 min',
    ]);
  });

  it('writes a moment by the clock of this computer, to the minute', () => {
    const at = new Date(2026, 3, 1, 4, 5, 6);
    assert.equal(formatTime(at), '2026-04-01 04:05');
    assert.equal(plainSpaces(timeText(at)), '1 Apr 2026, 4:05 am');
    assert.equal(plainSpaces(timeText(new Date(2026, 11, 31, 14, 4))), '31 Dec 2026, 2:04 pm');
    assert.equal(plainSpaces(timeText(new Date(2026, 11, 31, 12, 0))), '31 Dec 2026, 12:00 pm');
    assert.equal(plainSpaces(timeText(new Date(2026, 11, 31, 0, 9))), '31 Dec 2026, 12:09 am');
  });

  it('writes a single day once', () => {
    assert.equal(formatSpan('2024-04-01', '2024-04-01'), '2024-04-01');
    assert.equal(formatSpan('2024-04-01', '2024-04-02'), '2024-04-01 to 2024-04-02');
  });
});

describe('alignTable', () => {
  it('ends every right-aligned column at the same place, also with ₹', () => {
    const lines = alignTable(
      [
        ['Type', 'Value'],
        ['Sales', '₹1,00,00,000.00'],
        ['Credit note', '-₹1,180.00'],
      ],
      ['left', 'right'],
    );
    assert.deepEqual(lines, [
      'Type                   Value',
      'Sales        ₹1,00,00,000.00',
      'Credit note       -₹1,180.00',
    ]);
  });
});

describe('describeTotals', () => {
  it('takes credit notes from sales and debit notes from purchases', () => {
    const text = describeTotals([
      { date: '2024-04-01', invoiceType: 'sales', invoices: 2, total: '1180.10' },
      { date: '2024-04-02', invoiceType: 'sales', invoices: 1, total: '0.20' },
      { date: '2024-04-02', invoiceType: 'credit_note', invoices: 1, total: '-180.30' },
      { date: '2024-04-02', invoiceType: 'debit_note', invoices: 1, total: '-50.00' },
    ]);
    assert.equal(
      text,
      `
Type                                       Invoices      Value
Sales                                             3  ₹1,180.30
Credit note                                       1   -₹180.30
Debit note                                        1    -₹50.00
Net sales (sales and credit notes)                4  ₹1,000.00
Net purchases (purchases and debit notes)         1    -₹50.00
All types                                         5`.trimStart(),
    );
  });
});

describe('describeDryRun', () => {
  it('reports what Tally has and what would change, in aligned columns', () => {
    assert.equal(
      plainSpaces(describeDryRun(result)),
      `
Dry run of Asha Traders & Co, 1–2 Apr 2024

IN TALLY, PER DAY AND TYPE
Date        Type         Invoices            Value
2024-04-01  Sales           1,000  ₹1,00,00,000.00
2024-04-01  Credit note         1       -₹1,180.00
2024-04-01  Purchase            9    ₹12,34,567.89
2024-04-02  Sales               5            ₹0.05

AGAINST THE WAREHOUSE, PER DAY
Date        To insert  To update  Unchanged
2024-04-01      1,010          0          0
2024-04-02          0          2          3
All days        1,010          2          3

MISSING IN TALLY: 1 invoice of the range that only the warehouse has; deleted in Tally, re-dated out of the range, or no invoice any more
Date        Type        Number     Value
2024-04-02  Debit note  DN/1    -₹118.50
A load keeps them in the warehouse and marks those that Tally's list of vouchers does not have (missing_since).

REJECTED: 2 vouchers could not be read and would not be loaded; the log says why.

IN TALLY, TOTALS
Type                                       Invoices            Value
Sales                                         1,005  ₹1,00,00,000.05
Credit note                                       1       -₹1,180.00
Purchase                                          9    ₹12,34,567.89
Net sales (sales and credit notes)            1,006    ₹99,98,820.05
Net purchases (purchases and debit notes)         9    ₹12,34,567.89
All types                                     1,015

Company       Asha Traders & Co
Range         1–2 Apr 2024
From Tally    Day Book: 12,034 vouchers, dated 1 Apr 2024 – 31 Mar 2025
In the range  1,015 invoices
Warehouse     1,010 to insert, 2 to update, 3 unchanged, 1 missing in Tally

Warning: 1 invoice has a sign that contradicts its type: S/7 of 2024-04-02

Nothing was written: no row, no table, no migration.`.trimStart(),
    );
  });

  it('of a clear-and-reload says what would be removed, per day and in all', () => {
    const text = plainSpaces(
      describeDryRun({
        ...result,
        command: 'clear-and-reload',
        removed: 1204,
        missing: 0,
        missingInvoices: [],
        days: [
          { date: '2024-04-01', invoices: 1010, inserted: 1010, updated: 0, unchanged: 0, removed: 4 },
          { date: '2024-04-02', invoices: 0, inserted: 0, updated: 0, unchanged: 0, removed: 1200 },
        ],
        inserted: 1010,
        updated: 0,
        unchanged: 0,
      }),
    );
    assert.match(text, /^Dry run of clear-and-reload of Asha Traders & Co, 1–2 Apr 2024\n/);
    assert.ok(
      text.includes(`
AGAINST THE WAREHOUSE, PER DAY
Date        To insert  To update  Unchanged  To remove
2024-04-01      1,010          0          0          4
2024-04-02          0          0          0      1,200
All days        1,010          0          0      1,204
`),
      text,
    );
    assert.match(text, /^Warehouse {5}1,010 to insert, 0 to update, 0 unchanged, 1,204 to remove$/m);
    assert.doesNotMatch(text, /missing in Tally|A backfill/i);
    assert.match(text, /Nothing was written: no row, no table, no migration\.$/);
  });

  it('names each invoice that would be inserted, updated and removed, with what is and what would be', () => {
    const one = (kind: Difference['kind'], n: number, fields: Difference['fields'] = []): Difference => ({
      ...{ kind, invoiceId: `id-${n}`, date: '2024-04-02', invoiceType: 'sales', invoiceNumber: `S/${n}` },
      ...{ partyName: n === 1 ? null : 'Asha Stores', totalAmount: `${n}.00`, fields },
    });
    const gone = plainSpaces(timeText(new Date('2024-05-01T08:30:00Z')));
    const text = plainSpaces(
      describeDryRun({
        ...result,
        command: 'clear-and-reload',
        missing: 0,
        missingInvoices: [],
        differences: {
          counts: { missingHere: 1010, different: 2, goneInTally: 1 },
          listed: [
            one('missing-here', 1),
            one('missing-here', 1000),
            one('different', 3, [
              { field: 'total_amount', warehouse: '118100.00', tally: '3.00' },
              { field: 'missing_since', warehouse: '2024-05-01T08:30:00Z', tally: null },
              { field: 'line 2', warehouse: 'Sales, 3.00', tally: null },
            ]),
            one('different', 4),
            one('gone-in-tally', 5),
          ],
        },
      }),
    );
    assert.ok(
      text.includes(`
TO INSERT: 1,010 invoices
Date        Type   Number      Value  Party
2024-04-02  Sales  S/1         ₹1.00
2024-04-02  Sales  S/1000  ₹1,000.00  Asha Stores
and 1,008 more

TO UPDATE: 2 invoices
2024-04-02  Sales  S/3  ₹3.00  Asha Stores
    Total amount          ${'₹1,18,100.00'.padEnd(gone.length)}  →  ₹3.00
    Marked as gone since  ${gone}  →  (none)
    Line 2                ${'Sales, ₹3.00'.padEnd(gone.length)}  →  (none)
2024-04-02  Sales  S/4  ₹4.00  Asha Stores
    no visible change: the invoice was saved again in Tally, or this version reads it anew

TO REMOVE: 1 invoice
Date        Type   Number  Value  Party
2024-04-02  Sales  S/5     ₹5.00  Asha Stores
`),
      text,
    );
  });

  it('lists the first hundred missing invoices and counts the others', () => {
    const one: MissingInvoice = {
      invoiceId: 'x',
      date: '2024-04-01',
      invoiceType: 'sales',
      invoiceNumber: null,
      totalAmount: '1.00',
    };
    const lines = describeDryRun({
      ...result,
      missing: 1234,
      missingInvoices: Array<MissingInvoice>(100).fill(one),
    }).split('\n');
    assert.equal(lines.filter((line) => line === '2024-04-01  Sales  (no number)  ₹1.00').length, 100);
    assert.ok(lines.includes('and 1,134 more'));
  });

  const unreachable = { state: 'unreachable', reason: 'No answer at db.example:5432. Check DB_URL.' } as const;
  const said: [what: string, given: Partial<JobResult>, text: RegExp, nowhere?: RegExp][] = [
    [
      'that the warehouse is out of reach and why, and compares nothing',
      { inserted: 0, updated: 0, unchanged: 0, missing: 0, missingInvoices: [], days: [], warehouse: unreachable },
      /1,00,00,000\.05[^]*^Warehouse {5}not compared: No answer at db\.example:5432\. Check DB_URL\.$/m,
      /AGAINST THE WAREHOUSE|to insert/,
    ],
    [
      'that the warehouse is empty',
      { warehouse: { state: 'empty', reason: 'There are no tables yet.' } },
      /^Warehouse {5}empty: There are no tables yet\.$/m,
    ],
    ['why the answer is not proven', { notProven: 'May only.' }, /^Not proven: May only\.$/m],
    [
      'that Tally has no invoice at all',
      { invoices: 0, byType: [], days: [], missing: 0, missingInvoices: [], rejected: 0 },
      /Tally has no invoice in this range/,
      /PER DAY/,
    ],
  ];
  for (const [what, given, text, nowhere] of said)
    it(`says ${what}`, () => {
      const document = describeDryRun({ ...result, ...given });
      assert.match(document, text);
      if (nowhere) assert.doesNotMatch(document, nowhere);
    });
});

describe('the ledger, in what is said of a run', () => {
  const counts = { inserted: 0, updated: 0, removed: 0, missing: 0 };
  const ofReceipt = { ...counts, vouchers: 12, inserted: 1, unchanged: 11 };

  it('has changed where a receipt alone is new: no run says that nothing had', () => {
    const same = jobResult({ command: 'sync', ...counts, invoices: 8, unchanged: 8 });
    const said = plainSpaces(describeResult({ ...same, ledger: ofReceipt }, 'the built-in warehouse'));
    assert.match(
      said,
      /^Synced 8 invoices of .*, 8 unchanged, ledger: 1 voucher changed, into the built-in warehouse\./,
    );
    const unchanged = { ...counts, vouchers: 12, unchanged: 12 };
    assert.match(describeResult({ ...same, ledger: unchanged }, 'x'), /nothing had changed/);
  });

  it('is a row of a dry run, of a reload with what would be removed', () => {
    const dry = jobResult({ dryRun: true, ledger: ofReceipt });
    const row = /^Ledger +12 vouchers: 1 to insert, 0 to update, 11 unchanged, 0 missing in Tally$/m;
    assert.match(plainSpaces(describeDryRun(dry)), row);
    const reload = jobResult({ command: 'clear-and-reload', dryRun: true, ledger: { ...ofReceipt, removed: 2 } });
    assert.match(plainSpaces(describeDryRun(reload)), /^Ledger +.* 11 unchanged, 2 to remove$/m);
  });
});

describe('describeResult', () => {
  const done: JobResult = { ...result, dryRun: false };

  it('closes a run with company, range, answer, counts, time and warnings', () => {
    assert.equal(
      plainSpaces(describeResult(done, 'the built-in warehouse')),
      `
Loaded 1,015 invoices of Asha Traders & Co, 1–2 Apr 2024, 1,010 new, 2 changed, 3 unchanged, into the built-in warehouse.
Day Book: 12,034 vouchers, dated 1 Apr 2024 – 31 Mar 2025 (12.3 s)

  Invoices          1,015
  Inserted          1,010
  Updated               2
  Unchanged             3
  Missing in Tally      1  no longer in this range in Tally, kept in the warehouse
  Rejected              2  could not be read and not loaded; which and why: tally-warehouse rejects

Warning: 1 invoice has a sign that contradicts its type: S/7 of 2024-04-02`.trimStart(),
    );
  });

  const said: [what: string, given: Partial<JobResult>, text: RegExp, nowhere?: RegExp][] = [
    [
      'that no report was asked where nothing had changed',
      {
        answered: { vouchers: 0, from: null, to: null },
        index: { vouchers: 1200, invoices: 1015, unchanged: 1015 },
      },
      /^Tally's list of 1,200 vouchers shows no change since the last load: no report was asked for \(/m,
    ],
    [
      'of a clear-and-reload how many were removed, and nothing of a checkpoint',
      { command: 'clear-and-reload', missing: 0, rejected: 0, removed: 1204 },
      /^Reloaded 1,015 invoices of Asha Traders & Co, .* 1,204 removed, into [^]*^ {2}Removed +1,204 {2}no longer in this range in Tally, taken out of the warehouse$/m,
      /checkpoint/i,
    ],
    [
      'of a clear-and-reload that none was removed',
      { command: 'clear-and-reload' },
      /^ {2}Removed +0 {2}no longer in/m,
    ],
    [
      'of a sync where the checkpoint stands',
      { command: 'sync', checkpoint: '2024-04-02' },
      /^Synced [^]*^The checkpoint is 2 Apr 2024\.$/m,
    ],
    [
      'that the checkpoint is short of today',
      { command: 'sync', checkpoint: '2024-04-01' },
      /^The checkpoint is 1 Apr 2024, the last date proven loaded\.$/m,
    ],
    [
      'that there is no checkpoint',
      { command: 'sync', checkpoint: null },
      /^There is no checkpoint: .*loads them again\.$/m,
    ],
    [
      'of a sync without an invoice nothing to doubt the dates',
      { command: 'sync', checkpoint: '2024-04-02', invoices: 0, rejected: 0 },
      /none was entered/,
      /check the dates/,
    ],
    [
      'little where there is nothing to worry about',
      { missing: 0, rejected: 0, warnings: [], dayByDay: true },
      /Mar 2025 \(day by day, 12/,
      /Missing|Rejected|Removed|Warning|\n$/,
    ],
    [
      'why the view and the summary count fewer: optional vouchers are not in the books',
      { optional: 28 },
      /into the built-in warehouse\. 987 are in the books; 28 are optional vouchers\.$[^]*^ {2}Optional +28 {2}loaded, not in the books/m,
    ],
    [
      'nothing of optional vouchers where there are none',
      { optional: 0 },
      /into the built-in warehouse\.$/m,
      /ptional/,
    ],
    ['loudly that a run is not proven', { notProven: 'Only May came.' }, /^Not proven: Only May came\.$/m],
    ['that a dry run wrote nothing', { dryRun: true }, /^Dry run: .* Nothing was written\./],
    [
      'how many vouchers an answer without any has',
      { answered: { vouchers: 0, from: null, to: null } },
      /^Day Book: 0 vouchers \(/m,
    ],
  ];
  for (const [what, given, text, nowhere] of said)
    it(`says ${what}`, () => {
      const closing = plainSpaces(describeResult({ ...done, ...given }, 'the built-in warehouse'));
      assert.match(closing, text);
      if (nowhere) assert.doesNotMatch(closing, nowhere);
    });
});
