import assert from 'node:assert/strict';
import { amountSum } from '../../src/core/tally/requests/aggregateValues.js';
import { readDayTotals } from '../../src/core/tally/requests/dayTotals.js';
import { createBook } from '../../src/demo/book/book.js';
import type { Switches } from '../../src/demo/behaviours/switches.js';
import { totalXml } from '../../src/demo/answers/xml/totalXml.js';
import { byteSource } from '../support/byteSource.js';
import { expectedInvoice } from '../support/demo/expected.js';
import { collectionXml, company } from './tallySupport.js';

const range = { from: '2024-04-01', to: '2025-03-31' };
const rowXml = (values: Record<string, string>): string =>
  `<OBJECT>${Object.entries(values)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join('')}</OBJECT>`;
const readXml = (xml: string) => readDayTotals(byteSource(Buffer.from(xml)), company, range);
const read = (...rows: Record<string, string>[]) => readXml(collectionXml(rows.map(rowXml).join('')));
const row = { DATE: '1-Apr-24', VOUCHERTYPENAME: 'Sales', VOUCHERS: ' 2', AMOUNTS: '-2360.00' };

describe("Tally's totals of days", () => {
  for (const [text, paise] of [
    [' 1,234.00', 123_400n],
    ['-1234.00', -123_400n],
    ['1234.00 Dr', -123_400n],
    ['1,23,456.78 Cr', 12_345_678n],
    ['1234.00Dr.', -123_400n],
    ['(-)5', -500n],
    ['₹ 0.10', 10n],
    ['0.00', 0n],
    ['9007199254740993.01', 900_719_925_474_099_301n],
  ] as const)
    it(`have an amount written as ${JSON.stringify(text)}, exactly`, () => {
      assert.equal(amountSum(text), paise);
    });

  for (const text of ['', 'Dr', '1.234', '1e3', '-1234.00 Dr', '12,34', '$5.00', '1234.00 Xr'])
    it(`do not accept ${JSON.stringify(text)} as an amount`, () => {
      assert.equal(amountSum(text), undefined);
    });

  it('are read by day and type, with an amount that Tally leaves out as unknown', async () => {
    assert.deepEqual(await read(row, { ...row, VOUCHERTYPENAME: 'Receipt', AMOUNTS: '' }), [
      { date: '2024-04-01', voucherType: 'Sales', vouchers: 2, amount: -236_000n },
      { date: '2024-04-01', voucherType: 'Receipt', vouchers: 2, amount: undefined },
    ]);
    assert.deepEqual(await read(), []);
  });

  for (const [what, ...rows] of [
    ['a type is missing', { ...row, VOUCHERTYPENAME: '' }],
    ['a count is missing', { ...row, VOUCHERS: '' }],
    ['a date is none', { ...row, DATE: '31-Jun-24' }],
    ['no row has an amount', { ...row, AMOUNTS: '' }],
    ['a day and type come twice', row, { ...row, DATE: '20240401' }],
  ] as const)
    it(`are refused where ${what}`, async () => {
      await assert.rejects(read(...rows), { code: 'answer-unreadable' });
    });

  describe('of the demo Tally', () => {
    const book = createBook({ invoices: 120, ...range });
    const xmlOf = (dayTotals: Switches['dayTotals']) => {
      const sums = [
        { name: 'VOUCHERS', kind: 'SUM', of: '1' },
        { name: 'AMOUNTS', kind: 'SUM', of: 'AMOUNT' },
      ] as const;
      return totalXml(book, range, sums, { omission: undefined, counters: book, dayTotals }).xml;
    };
    const ofSales = (totals: Awaited<ReturnType<typeof read>>) => {
      const sales = totals.filter(({ voucherType }) => voucherType === 'Sales');
      return sales.map(({ vouchers, amount }) => ({ vouchers, amount }));
    };

    it('are what the business booked: the same by either sign and by sides', async () => {
      const expected = new Map<string, { vouchers: number; amount: bigint }>();
      for (const voucher of book.vouchers(range)) {
        if (voucher.typeName !== 'Sales') continue;
        const { total_amount: total, tds_amount: tds } = expectedInvoice(voucher)!;
        const paise = BigInt(total.replace('.', '')) - BigInt(tds.replace('.', ''));
        const { vouchers = 0, amount = 0n } = expected.get(voucher.date) ?? {};
        expected.set(voucher.date, { vouchers: vouchers + 1, amount: amount - paise });
      }
      const usual = await readXml(xmlOf('offered'));
      assert.ok(expected.size > 20);
      assert.deepEqual(ofSales(usual), [...expected.values()]);
      assert.deepEqual(await readXml(xmlOf('with-dr-cr')), usual);
      const opposite = usual.map((total) => ({ ...total, amount: -total.amount! }));
      assert.deepEqual(await readXml(xmlOf('other-sign')), opposite);
    });

    it('lack their last rows, their amounts or their types where it is told to', async () => {
      const usual = await readXml(xmlOf('offered'));
      const cut = await readXml(xmlOf('cut'));
      assert.ok(cut.length < usual.length);
      assert.deepEqual(cut, usual.slice(0, cut.length));
      assert.notDeepEqual(await readXml(xmlOf('other-sums')), usual);
      for (const dayTotals of ['counts-only', 'without-types'] as const)
        await assert.rejects(readXml(xmlOf(dayTotals)), { code: 'answer-unreadable' });
    });
  });
});
