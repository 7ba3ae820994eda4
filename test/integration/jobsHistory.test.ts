import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Client } from 'pg';
import { addDays } from '../../src/core/calendar.js';
import { backfill } from '../../src/core/jobs/rangeJob.js';
import { sync } from '../../src/core/jobs/sync.js';
import { bookOf, createBook, demoCompanyGuid, type Book } from '../../src/demo/book.js';
import { splitAt, withChanges, type Change } from '../../src/demo/changedBook.js';
import { expectedInvoice } from '../../src/demo/expected.js';
import { items } from '../../src/demo/items.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { contextOf } from '../support/context.js';
import { ask, servers } from '../support/postgres.js';
import { setToday } from '../support/shiftedClock.js';
import { storedInvoices } from '../support/storedInvoices.js';

const today = '2025-06-10';
const all = { from: '2024-02-01', to: today };
/** What was loaded: not all days. */
const loaded = [
  { from: all.from, to: '2024-08-20' },
  { from: '2024-09-25', to: today },
];
const isLoaded = ({ date }: { date: string }): boolean => loaded.some(({ from, to }) => date >= from && date <= to);
const runs = 12 * Number(process.env.SOAK ?? 1);

/** What somebody may do to the books between two syncs, whatever vouchers they hold then. */
const edits = fc.array(
  fc.record({
    kind: fc.constantFrom('edit', 'redate', 'cancel', 'delete', 'create', 'renameLedger', 'renameItem'),
    at: fc.nat(),
    days: fc.integer({ min: -400, max: 400 }),
  }),
  { maxLength: 12 },
);

for (const server of servers().slice(0, 1))
  describe(`what is edited in Tally long after it was loaded, on ${server.name},`, function () {
    this.timeout(600_000);
    let tally: DemoServer;
    let clock: ReturnType<typeof setToday>;

    before(async () => {
      clock = setToday(today);
      tally = await startDemoServer({ keepsWorking: false, dayBook: 'honours-dates' });
    });
    after(async () => {
      clock.giveBack();
      await tally.close();
    });

    const first = createBook({ invoices: 150, from: all.from, to: today });

    it('is in the warehouse after one sync, for every day that was ever loaded, whatever it was', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(edits, { minLength: 1, maxLength: 3 }), async (rounds) => {
          const database = await server.freshDatabase();
          const context = contextOf({ TALLY_URL: tally.url, DB_URL: database });
          let book: Book = first;
          tally.behave({ book });
          for (const range of loaded) await backfill(range, context);
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
        }),
        { numRuns: runs, seed: Number(process.env.FUZZ_SEED ?? 7) },
      );
    });

    describe('and a sync that finds three financial years in the warehouse', () => {
      const dates = ['2022-04-05', '2022-06-05', '2023-05-05', '2023-05-07', '2024-06-06', '2024-06-09', '2025-05-05'];
      const plain = [...first.vouchers(all)].filter(
        ({ base, cancelled, forex }) => base === 'sales' && !cancelled && !forex,
      );
      const book = bookOf(
        dates.map((date, i) => ({ ...plain[i]!, date })),
        { range: { from: dates[0]!, to: today } },
      );
      const vouchers = [...book.vouchers()];
      let database: string;
      const context = (more: Record<string, string> = {}) =>
        contextOf({ TALLY_URL: tally.url, DB_URL: database, ...more });
      const ofList = (sql: string) => ask(database, sql);
      const marked = async () =>
        (await ofList('SELECT date::text FROM fact_invoice WHERE missing_since IS NOT NULL ORDER BY 1')).map(
          ({ date }) => date,
        );
      const unproven = async () =>
        (await ofList("SELECT date::text FROM etl_days WHERE rules_hash = '' ORDER BY 1")).map(({ date }) => date);

      beforeEach(async () => {
        database = await server.freshDatabase();
        tally.behave({ book, otherBooks: [], fault: { kind: 'none' } });
        await backfill({ from: dates[0]!, to: today }, context());
        await sync(context());
      });

      it('marks nothing as gone while Tally does not give the list of one year: it may be there', async () => {
        const changed = withChanges(book, [{ redate: vouchers[4]!, to: '2023-05-06' }, { delete: vouchers[3]! }]);
        tally.behave({ book: changed, fault: { kind: 'unknown-request', on: 'vouchers', after: 2, times: 1 } });
        const { warnings, older } = await sync(context());
        assert.match(
          warnings.join('\n'),
          /^Tally did not give its list of vouchers of 2023-04-01 to 2024-03-31: what was loaded of that time was not compared\. .*\n1 invoice of the warehouse is not in Tally's list .* none was marked as gone\.$/,
        );
        assert.deepEqual([older?.invoices, await marked()], [5, []]);
        assert.equal((await sync(context())).missing, 1);
        assert.deepEqual(await marked(), [dates[3]]);
        assert.deepEqual(
          (await ofList('SELECT date::text FROM fact_invoice ORDER BY 1')).map(({ date }) => date),
          dates.map((date, i) => (i === 4 ? '2023-05-06' : date)).sort(),
        );
      });

      it('proves the days without an invoice again after a backup was restored, but not where the list is doubtful', async () => {
        await ofList('UPDATE etl_sources SET voucher_counter = voucher_counter + 9');
        tally.behave({ fault: { kind: 'unknown-request', on: 'vouchers', after: 3, times: 1 } });
        assert.match(
          (await sync(context())).warnings.join(),
          /^Tally's count of changes has gone back, .*a backup was restored/,
        );
        assert.ok((await unproven()).length > 300, 'a year without its list');
        await sync(context());
        assert.deepEqual(await unproven(), []);
      });

      it('compares an earlier part of a split company too, whose books end before its days', async () => {
        const [earlier, later] = splitAt(book, '2025-04-01', `${book.companyName} (from 1-Apr-25)`);
        const edited = withChanges(earlier, [
          { edit: vouchers[1]!, fields: { narration: 'late' } },
          { delete: vouchers[4]! },
        ]);
        tally.behave({ book: later, otherBooks: [edited] });
        await sync(context({ TALLY_COMPANY: later.companyName }));
        assert.deepEqual([await unproven(), await marked()], [[], []], 'the other part is none of its business');
        const { from, to, checkpoint, warnings, updated } = await sync(context({ TALLY_COMPANY: earlier.companyName }));
        assert.deepEqual(
          [from, to, checkpoint, updated, await marked()],
          ['2025-03-31', '2025-03-31', today, 1, ['2024-06-06']],
        );
        assert.match(warnings.join(), /end on 2025-03-31: what was loaded of them was compared/);
      });
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
                  ? { renameLedger: ledgers[at % ledgers.length]!.name, to: `Renamed ${round} ${at}` }
                  : {
                      renameItem: (now.stockItems ?? items.map(({ name }) => name))[at % items.length]!,
                      to: `Item ${round} ${at}`,
                    };
    now = withChanges(now, [change]);
  }
  return now;
}
