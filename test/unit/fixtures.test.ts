import assert from 'node:assert/strict';
import { defaultLedgerPatterns } from '../../src/core/base/config.js';
import { invoiceTypesOf } from '../../src/core/invoice/classes/invoiceTypeOf.js';
import { ledgerClassesOf } from '../../src/core/invoice/classes/ledgerClassOf.js';
import { mapInvoice, type Mapped } from '../../src/core/invoice/mapInvoice.js';
import { TallyTotals } from '../../src/core/jobs/load/read/tallyTotals.js';
import { describeRemark } from '../../src/core/report/remarks/describeRemark.js';
import type { AnswerSource } from '../../src/core/tally/answerSource.js';
import { readMasters } from '../../src/core/tally/requests/masters.js';
import { readVouchers, type ReadVoucher } from '../../src/core/tally/requests/readVouchers.js';
import type { Column } from '../../src/core/warehouse/load/column.js';
import { invoiceColumns, lineColumns, rejectColumns } from '../../src/core/warehouse/load/columns.js';
import { answerSource, company, encodings, lossy, shapes, type AnswerEncoding } from '../fixtures/answers.js';
import { fixtures } from '../fixtures/fixtures.js';
import type { Expected, Row } from '../fixtures/rows.js';
import { plainSpaces } from '../support/plainSpaces.js';

const range = { from: '2024-04-01', to: '2024-04-30' };

async function readAll(source: AnswerSource): Promise<ReadVoucher[]> {
  const { batches } = readVouchers(source, { report: 'Day Book', company, range, keep: () => true });
  const vouchers: ReadVoucher[] = [];
  for await (const batch of batches) vouchers.push(...batch);
  return vouchers;
}

/** Maps all vouchers of a source by the masters that the same source gives. */
async function mapAll(source: AnswerSource): Promise<{ read: ReadVoucher; mapped: Mapped }[]> {
  const masters = await readMasters(source, company);
  const rules = {
    invoiceTypeOf: invoiceTypesOf(masters.voucherTypes),
    ledgerClassOf: ledgerClassesOf(masters, defaultLedgerPatterns),
  };
  return (await readAll(source)).map((read) => ({ read, mapped: mapInvoice(read.voucher, read.raw, rules) }));
}

const rowOf = <T>(columns: Column<T>[], value: T, ...left: string[]): Row =>
  Object.fromEntries(columns.filter(({ name }) => !left.includes(name)).map((c) => [c.name, c.value(value)]));

/** The rows that the warehouse would have, in the form of the expected rows. */
function rowsOf(mapped: Mapped): Expected {
  if ('skip' in mapped) return 'skipped';
  if ('reject' in mapped) return { reject: rowOf(rejectColumns, mapped.reject, 'raw', 'source') };
  const { invoice, doubts } = mapped;
  return {
    invoice: rowOf(invoiceColumns, { seq: 0, invoice }, 'content_hash'),
    lines: invoice.lines.map((line, index) => rowOf(lineColumns, { seq: 0, invoice, lineNo: index + 1, line })),
    doubts: doubts.toSorted(),
  };
}

/** The expected rows once Tally has lost the letters that its answer cannot hold. */
function asWritten(expected: Expected, encoding: AnswerEncoding): Expected {
  const isLossy = encoding.written('₹') !== '₹';
  return isLossy
    ? (JSON.parse(JSON.stringify(expected), (_, v: unknown) => (typeof v === 'string' ? lossy(v) : v)) as Expected)
    : expected;
}

describe('a run over invoices to be doubted', () => {
  it('says of each kind of doubt in one sentence which invoices to look at', async () => {
    const totals = new TallyTotals();
    const vouchers = fixtures.flatMap((fixture) => fixture.vouchers);
    const source = answerSource(shapes['an answer to a report']!(vouchers), encodings['UTF-8']!, 1);
    for (const { mapped } of await mapAll(source)) if ('invoice' in mapped) totals.add(mapped.invoice, mapped.doubts);
    assert.deepEqual(totals.remarks(false).map(describeRemark).map(plainSpaces), [
      '4 invoices have a quantity, rate, date, number or mark (optional, cancelled) that could not be read; that was left out: 41 of 2 Apr 2024, 44 of 10 Apr 2024, S/131 of 2 Apr 2024, …',
      '1 invoice has a stock item whose amount is not what was booked on its ledgers; it was loaded with the amount of the item: S/7 of 3 Apr 2024',
      '1 invoice does not add up (total against its parts); it is loaded as Tally has it: S/7 of 3 Apr 2024',
      'The GST of 2 invoices differs by more than rounding from their taxable value times the rates of their lines. Compare them with Tally: E/1 of 4 Apr 2024, CN/7 of 16 Apr 2024',
      '1 invoice does not name its party, or has no line for it. Its total was taken from other lines (of a customer or supplier, marked as the party, or balancing the rest): S/24 of 5 Apr 2024',
      '4 invoices have a sign that contradicts their type; they are loaded as Tally has them: S/30 of 6 Apr 2024, 43 of 6 Apr 2024, CN/4 of 6 Apr 2024, …',
      '1 invoice is marked as cancelled but still has amounts; it is loaded as cancelled, without them: S/42 of 7 Apr 2024',
      "1 invoice has a line on a ledger that is not in Tally's ledger list, or whose group is not in Tally's group list; whether it is taxable value, tax, round-off or something else was guessed from its name: S/96 of 11 Apr 2024",
      "2 invoices have a date that is not in Tally's form YYYYMMDD; that date was left out: S/131 of 2 Apr 2024, S/142 of 18 Apr 2024",
      '1 invoice came with lines of two views that do not fit together; the lines of its accounting view were loaded: S/121 of 15 Apr 2024',
    ]);
  });
});

let seed = 20240401;

for (const [encodingName, encoding] of Object.entries(encodings))
  for (const [shapeName, shape] of Object.entries(shapes))
    describe(`${shapeName} in ${encodingName}`, () => {
      for (const { what, vouchers, expected } of fixtures)
        it(`brings ${what} into the warehouse as written down by hand`, async () => {
          const found = await mapAll(answerSource(shape(vouchers), encoding, seed++));
          assert.equal(vouchers.length, expected.length, 'each voucher has its expected rows');
          assert.deepEqual(
            found.map(({ mapped }) => rowsOf(mapped)),
            expected.map((rows) => asWritten(rows, encoding)),
          );
          assert.deepEqual(
            found.map(({ read }) => read.raw),
            vouchers.map(encoding.written),
            'a reject keeps its voucher as Tally sent it',
          );
        });
    });
