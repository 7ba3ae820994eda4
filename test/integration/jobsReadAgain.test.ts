import assert from 'node:assert/strict';
import { backfill, sync } from '../../src/core/core.js';
import { createBook } from '../../src/demo/book/book.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import { contextOf } from '../support/context.js';
import { withChanges } from '../support/demo/changedBook.js';
import { ask, loadedOnce, emptyDatabase } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import { useTally } from '../support/useTally.js';

const today = '2025-06-10';
const all = { from: '2025-04-01', to: today };
const book = createBook({ invoices: 200, ...all });
const isInvoice = ({ base }: DemoVoucher): boolean => base !== 'none';
const ofDay = (date: string): DemoVoucher[] => [...book.vouchers({ from: date, to: date })].filter(isInvoice);
/** An invoice of April and one of May, which are before the sync's own days. On their days there are more invoices. */
const edited = ['2025-04', '2025-05'].map((month) =>
  [...book.vouchers(all)].find(
    (one) => one.date.startsWith(month) && isInvoice(one) && !one.cancelled && ofDay(one.date).length > 2,
  )!,
);

describe('a sync that reads older days again because one invoice of each has changed', function () {
  this.timeout(120_000);
  useToday(today);
  const tally = useTally({ keepsWorking: false, dayBook: 'honours-dates' });
  const loaded = loadedOnce(emptyDatabase, async (url) => {
    tally.behave({ book });
    const context = contextOf({ TALLY_URL: tally.url, DB_URL: url });
    await backfill(all, context);
    await sync(context); // gives the next sync a checkpoint, and few days of its own
  });

  for (const [way, settings] of [
    ['from reports, which bring the others too', { TALLY_REPORT: 'day-book' }],
    ['as it asks of itself', {}],
  ] as const)
    it(`counts the others of these days once, as unchanged: ${way}`, async () => {
      const url = await loaded();
      tally.behave({
        book: withChanges(
          book,
          edited.map((edit) => ({ edit, fields: { narration: 'late' } })),
        ),
      });
      const {
        days,
        invoices: read,
        optional,
        updated,
        inserted,
        warnings,
        notProven,
        older,
      } = await sync(contextOf({ TALLY_URL: tally.url, DB_URL: url, ...settings }));
      assert.deepEqual([updated, inserted, warnings, notProven], [2, 0, [], null]);
      assert.equal(older?.daysReadAgain, 2);
      const told = 'SELECT count(*) FILTER (WHERE is_optional)::int AS optional FROM fact_invoice WHERE date = ANY($1)';
      const [counted] = await ask(url, told, [days.map(({ date }) => date)]);
      assert.deepEqual([optional, read], [counted!.optional, days.reduce((sum, { invoices }) => sum + invoices, 0)]);
      for (const { date } of edited) {
        const invoices = ofDay(date).length;
        assert.deepEqual(
          days.find((day) => day.date === date),
          { date, invoices, inserted: 0, updated: 1, unchanged: invoices - 1, removed: 0 },
        );
      }
    });
});
