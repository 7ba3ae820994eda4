import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Client } from 'pg';
import { addDays } from '../../src/core/base/calendar.js';
import { backfill, sync, verify } from '../../src/core/core.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import { demoCompanyGuid } from '../../src/demo/demoNames.js';
import { withChanges, type Change } from '../support/demo/changedBook.js';
import { expectedInvoice } from '../support/demo/expected.js';
import { items } from '../../src/demo/book/masters/items.js';
import { contextOf } from '../support/context.js';
import { ask, loadedOnce, servers } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import { storedInvoices } from '../support/storedInvoices.js';
import { useTally } from '../support/useTally.js';

const today = '2025-06-10';
const all = { from: '2024-02-01', to: today };
/** The days that were loaded; those between the two ranges were not. */
const loaded = [
  { from: all.from, to: '2024-08-20' },
  { from: '2024-09-25', to: today },
];
const isLoaded = ({ date }: { date: string }): boolean => loaded.some(({ from, to }) => date >= from && date <= to);
const runs = 3 * Number(process.env.SOAK ?? 1);

/**
 * Edits that somebody may make in the books between two syncs. `at` chooses among the vouchers or masters that exist
 * then.
 */
const edits = fc.array(
  fc.record({
    kind: fc.constantFrom('edit', 'redate', 'cancel', 'delete', 'create', 'renameLedger', 'renameItem'),
    at: fc.nat(),
    // Fewer days than a year: a due date more than a year from its invoice is left out, with a warning.
    days: fc.integer({ min: -150, max: 150 }),
  }),
  { maxLength: 12 },
);

for (const server of servers().slice(0, 1))
  describe(`what is edited in Tally long after it was loaded, on ${server.name},`, function () {
    this.timeout(600_000);
    useToday(today);
    const tally = useTally({ keepsWorking: false, dayBook: 'honours-dates' });

    const first = createBook({ invoices: 150, from: all.from, to: today });
    const contextIn = (url: string) => contextOf({ TALLY_URL: tally.url, DB_URL: url });
    const filled = loadedOnce(
      () => server.freshDatabase(),
      async (url) => {
        for (const range of loaded) await backfill(range, contextIn(url));
      },
    );

    it('is in the warehouse after one sync, for every day that was ever loaded, whatever it was, and verify agrees', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(edits, { minLength: 1, maxLength: 3 }), async (rounds) => {
          let book: Book = first;
          tally.behave({ book });
          const database = await filled();
          const context = contextIn(database);
          for (const [round, changes] of rounds.entries()) {
            book = edited(book, changes, round);
            tally.behave({ book });
            const result = await sync(context);
            assert.equal(result.notProven, null);
            await isEqual(database, book);
          }
          tally.requests.length = 0;
          const result = await sync(context);
          assert.deepEqual([result.inserted, result.updated, result.notProven], [0, 0, null]);
          assert.deepEqual(
            tally.requests.filter(({ kind }) => kind === 'report'),
            [],
          );
          for (const range of loaded) {
            const { differences, notProven } = await verify(range, context);
            assert.deepEqual([differences, notProven], [{ missingHere: 0, different: 0, goneInTally: 0 }, null]);
          }
        }),
        // Shrinking a failing case takes longer than the test may, and the case would then not be named.
        { numRuns: runs, endOnFailure: true, seed: Number(process.env.FUZZ_SEED ?? 7) },
      );
    });

    async function isEqual(database: string, book: Book): Promise<void> {
      const client = new Client(database);
      await client.connect();
      try {
        const missing = new Set(
          (await ask(database, 'SELECT invoice_id FROM fact_invoice WHERE missing_since IS NOT NULL')).map(
            (row) => row.invoice_id,
          ),
        );
        const stored = [...(await storedInvoices(client, demoCompanyGuid))]
          .filter(([id]) => !missing.has(id))
          .map(([, { invoice }]) => invoice);
        const expected = [...book.vouchers(all)].filter(isLoaded).flatMap((voucher) => expectedInvoice(voucher) ?? []);
        const byId = <T extends { invoice_id: string }>(rows: T[]): T[] =>
          rows.sort((a, b) => (a.invoice_id < b.invoice_id ? -1 : 1));
        assert.deepEqual(byId(stored), byId(expected));
      } finally {
        await client.end();
      }
    }
  });

function edited(book: Book, changes: { kind: string; at: number; days: number }[], round: number): Book {
  let now = book;
  for (const { kind, at, days } of changes) {
    const vouchers = [...now.vouchers(all)];
    const voucher = vouchers[at % vouchers.length]!;
    const moved = addDays(voucher.date, days);
    const to = moved < all.from ? all.from : moved > today ? today : moved;
    const { ledgers } = now;
    const change: Change =
      kind === 'edit'
        ? { edit: voucher, fields: { narration: `changed ${at}` } }
        : kind === 'redate'
          ? { redate: voucher, to }
          : kind === 'cancel'
            ? { cancel: voucher }
            : kind === 'delete'
              ? { delete: voucher }
              : kind === 'create'
                ? { create: { ...voucher, date: to } }
                : kind === 'renameLedger'
                  ? // A ledger's name tells whether it is a round-off, so the new name begins with the old one.
                    {
                      renameLedger: ledgers[at % ledgers.length]!.name,
                      to: `${ledgers[at % ledgers.length]!.name} ${round} ${at}`,
                    }
                  : {
                      renameItem: (now.stockItems ?? items.map(({ name }) => name))[at % items.length]!,
                      to: `Item ${round} ${at}`,
                    };
    now = withChanges(now, [change]);
  }
  return now;
}
