import assert from 'node:assert/strict';
import { addDays, daysOf, type CalendarDate, type DateRange } from '../../src/core/base/calendar.js';
import {
  chunksOfDays,
  daysIn,
  joinIdle,
  monthsOf,
  monthsTogether,
  partsOf,
  vouchersPerAnswer,
  yearsOf,
} from '../../src/core/jobs/load/chunks.js';
import { VoucherList } from '../../src/core/jobs/load/list/voucherList.js';
import { demoCompanyGuid } from '../../src/demo/demoNames.js';
import { voucherId } from '../support/leanBook.js';

const quarter = { from: '2024-01-15', to: '2024-03-10' };

/** A list with this many vouchers on each day. Every second voucher is an invoice, and loaded. */
function listOf(days: Record<CalendarDate, number>, range = quarter): VoucherList {
  const list = new VoucherList(demoCompanyGuid, range);
  let n = 0;
  for (const [date, vouchers] of Object.entries(days))
    for (let i = 0; i < vouchers; i++)
      list.put({ guid: voucherId(++n), date, alterId: n }, { isLoaded: i % 2 === 0, isInvoice: i % 2 === 0 });
  return list;
}

describe('a range is asked for', () => {
  it('by calendar months, the first and last as far as they belong to it', () => {
    assert.deepEqual(
      [...monthsOf(quarter)],
      [
        { from: '2024-01-15', to: '2024-01-31' },
        { from: '2024-02-01', to: '2024-02-29' },
        { from: '2024-03-01', to: '2024-03-10' },
      ],
    );
    assert.deepEqual([...monthsOf({ from: '2023-12-31', to: '2024-01-01' })].length, 2);
    assert.deepEqual(
      [...monthsOf({ from: '2024-02-02', to: '2024-02-02' })],
      [{ from: '2024-02-02', to: '2024-02-02' }],
    );
  });

  it('by bounds that every edition of Tally accepts, where this one may not keep others: the 1st and the 31st', () => {
    assert.deepEqual(
      [...monthsOf({ from: '2024-02-01', to: '2024-04-30' }, undefined, false)],
      [
        { from: '2024-02-01', to: '2024-03-01' },
        { from: '2024-03-02', to: '2024-03-31' },
        { from: '2024-04-01', to: '2024-04-30' },
      ],
    );
  });

  it('a month of up to 5,000 vouchers at once, whatever the other months hold', () => {
    const list = listOf({ '2024-01-20': 2500, '2024-01-31': 2500, '2024-02-01': 1 });
    assert.deepEqual([...monthsOf(quarter, list)].slice(0, 2), [
      { from: '2024-01-15', to: '2024-01-31' },
      { from: '2024-02-01', to: '2024-02-29' },
    ]);
  });

  it('in answers of about 64 MiB, by the size of those that came, and of 500 vouchers before one came', () => {
    assert.equal(vouchersPerAnswer({ vouchers: 0, bytes: 0 }), 500);
    assert.equal(vouchersPerAnswer({ vouchers: 100, bytes: 100 * 20_000 }), 3355);
    assert.equal(vouchersPerAnswer({ vouchers: 10, bytes: 10 * 160_000 }), 419);
    assert.equal(
      vouchersPerAnswer({ vouchers: 1_000, bytes: 1_000_000 }),
      5_000,
      'never more than one request may ask for',
    );
    assert.equal(vouchersPerAnswer({ vouchers: 1, bytes: 1e9 }), 1);
    const list = listOf({ '2024-01-20': 300, '2024-01-21': 100, '2024-01-25': 50, '2024-03-01': 900 });
    assert.deepEqual(
      [...partsOf(quarter, list, 419)],
      [
        { from: '2024-01-15', to: '2024-01-24' },
        { from: '2024-01-25', to: '2024-02-29' },
        { from: '2024-03-01', to: '2024-03-01' },
        { from: '2024-03-02', to: '2024-03-10' },
      ],
      'a day is never divided',
    );
  });

  it('months together for a list, as far as one request may ask for them', () => {
    const year = { from: '2024-04-01', to: '2025-03-31' };
    const list = listOf({ '2024-04-10': 2000, '2024-05-10': 2000, '2024-06-10': 2000, '2025-01-31': 3000 }, year);
    assert.deepEqual(
      [...monthsTogether(year, list)],
      [
        { from: '2024-04-01', to: '2024-05-31' },
        { from: '2024-06-01', to: '2025-03-31' },
      ],
    );
    assert.deepEqual([...monthsTogether(year, listOf({ '2024-04-10': 5000 }, year))], [year]);
  });

  it('a month of more than 5,000 vouchers of any kind in parts of whole days, none of more than 5,000', () => {
    const days: Record<CalendarDate, number> = {};
    for (let day = '2024-02-01'; day <= '2024-02-29'; day = addDays(day, 1)) days[day] = 400;
    const list = listOf(days);
    const parts = [...monthsOf(quarter, list)].slice(1, -1);
    assert.deepEqual(parts, [
      { from: '2024-02-01', to: '2024-02-12' },
      { from: '2024-02-13', to: '2024-02-24' },
      { from: '2024-02-25', to: '2024-02-29' },
    ]);
    assert.deepEqual(
      parts.map((part) => list.countVouchers(part)),
      [4800, 4800, 2000],
    );
  });

  it('a day of more than 5,000 vouchers alone: it cannot be divided', () => {
    const list = listOf({ '2024-02-09': 1, '2024-02-10': 6000, '2024-02-11': 1 });
    assert.deepEqual([...monthsOf(quarter, list)].slice(1, -1), [
      { from: '2024-02-01', to: '2024-02-09' },
      { from: '2024-02-10', to: '2024-02-10' },
      { from: '2024-02-11', to: '2024-02-29' },
    ]);
  });

  it('day by day, with days without anything to read joined and skipped', () => {
    const awaited = ({ from }: DateRange): number => (from === '2024-01-20' ? 3 : 0);
    assert.deepEqual(
      [...joinIdle(daysIn({ from: '2024-01-15', to: '2024-01-21' }), awaited)],
      [
        { from: '2024-01-15', to: '2024-01-19' },
        { from: '2024-01-20', to: '2024-01-20' },
        { from: '2024-01-21', to: '2024-01-21' },
      ],
    );
  });

  it('by financial years for its list of vouchers', () => {
    assert.deepEqual(
      [...yearsOf({ from: '2023-03-31', to: '2025-04-01' })],
      [
        { from: '2023-03-31', to: '2023-03-31' },
        { from: '2023-04-01', to: '2024-03-31' },
        { from: '2024-04-01', to: '2025-03-31' },
        { from: '2025-04-01', to: '2025-04-01' },
      ],
    );
  });

  describe('where only some days have changed:', () => {
    const loaded = new Set(daysOf(quarter));
    const chunks = (days: Record<CalendarDate, number>, list: VoucherList, asOne = false): DateRange[] => [
      ...chunksOfDays(new Map(Object.entries(days)), (day) => loaded.has(day), list, asOne),
    ];
    const everyDay = (count: number): Record<CalendarDate, number> =>
      Object.fromEntries([...loaded].map((day) => [day, count]));

    it('days of a few changed invoices all over the range at once, however many vouchers it has', () => {
      assert.deepEqual(chunks(everyDay(2), listOf(everyDay(400))), [quarter]);
    });

    it('up to 5,000 changed invoices at once, or as many vouchers', () => {
      const many = chunks(everyDay(200), listOf(everyDay(400)));
      assert.deepEqual(many[0], { from: '2024-01-15', to: '2024-02-08' });
      assert.deepEqual(many.at(-1)!.to, quarter.to);
      assert.deepEqual(chunks({ '2024-01-20': 6000, '2024-01-21': 1 }, listOf({ '2024-01-20': 4000 })), [
        { from: '2024-01-20', to: '2024-01-21' },
      ]);
    });

    it('days with more than 200 vouchers between them on their own, and days with one between them that was never loaded', () => {
      const days = { '2024-01-20': 1, '2024-01-22': 1 };
      const both = [
        { from: '2024-01-20', to: '2024-01-20' },
        { from: '2024-01-22', to: '2024-01-22' },
      ];
      assert.deepEqual(chunks(days, listOf({ '2024-01-21': 200 })), [{ from: '2024-01-20', to: '2024-01-22' }]);
      assert.deepEqual(chunks(days, listOf({ '2024-01-21': 201 })), both);
      assert.deepEqual(chunks(days, listOf({ '2024-01-21': 201 }), true), [{ from: '2024-01-20', to: '2024-01-22' }]);
      assert.deepEqual([...chunksOfDays(new Map(Object.entries(days)), (day) => day in days, listOf({}), true)], both);
    });
  });
});
