import assert from 'node:assert/strict';
import os from 'node:os';
import { Client, type QueryResultRow } from 'pg';
import { addDays } from '../../src/core/base/calendar.js';
import { EtlError, exitCodes } from '../../src/core/base/errors.js';
import type { JobContext, JobResult } from '../../src/core/jobs/job.js';
import { backfill, clearAndReload, sync } from '../../src/core/core.js';
import { parseDbUrl } from '../../src/core/warehouse/postgres/dbUrl.js';
import { Connection } from '../../src/core/warehouse/postgres/connection.js';
import { takeLock } from '../../src/core/warehouse/postgres/companyLock.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import { demoCompanyGuid } from '../../src/demo/demoNames.js';
import { bookOf } from '../support/demo/bookOf.js';
import { expectedInvoice } from '../support/demo/expected.js';
import { contextOf } from '../support/context.js';
import { edited, leanSale } from '../support/leanBook.js';
import { servers, silent } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import { contentsOf, countIn } from '../support/warehouseContents.js';
import { useTally } from '../support/useTally.js';

/** Sends the query again and again in a session of its own, and once more after `stop`. Keeps every answer. */
function poll(url: string, sql: string): { answers: string[]; stop: () => Promise<void> } {
  const answers: string[] = [];
  const told = { stop: false };
  const polling = (async () => {
    const client = new Client(url);
    await client.connect();
    try {
      let last: boolean;
      do {
        last = told.stop;
        answers.push(JSON.stringify((await client.query(sql)).rows));
      } while (!last);
    } finally {
      await client.end();
    }
  })();
  return {
    answers,
    stop: () => {
      told.stop = true;
      return polling;
    },
  };
}

for (const server of servers())
  describe(`at the same time, on ${server.name},`, function () {
    this.timeout(180_000);
    const tally = useTally();
    let database: string;

    beforeEach(async () => {
      database = await server.freshDatabase();
    });

    const context = (more: Partial<JobContext> = {}) => contextOf({ TALLY_URL: tally.url, DB_URL: database }, more);

    describe('a reader of a range that is replaced', () => {
      const month = { from: '2024-04-01', to: '2024-04-20' };
      const size = 8_000;
      /** 400 invoices a day. The other book has other amounts, and a tenth of its invoices are not in this one. */
      const monthOf = (first: number, rupees: number): Book =>
        bookOf(
          Array.from({ length: size }, (_, i) =>
            leanSale(first + i, addDays(month.from, Math.floor((i * 20) / size)), rupees),
          ),
        );
      const seen = `SELECT count(*)::int AS invoices, sum(total_amount)::text AS total, sum(l.lines)::int AS lines
        FROM fact_invoice i LEFT JOIN (SELECT company_id, invoice_id, count(*) AS lines FROM fact_invoice_line GROUP BY 1, 2) l
          USING (company_id, invoice_id)
        WHERE date BETWEEN '${month.from}' AND '${month.to}'`;
      const all = (rupees: number): string =>
        JSON.stringify([{ invoices: size, total: `${size * rupees}.00`, lines: 2 * size }]);

      it('sees the 8,000 invoices of before or those of after, and nothing else', async () => {
        tally.behave({ book: monthOf(1, 1000) });
        await backfill(month, context());
        tally.behave({ book: monthOf(1 + size / 10, 1001) });
        const reader = poll(database, seen);
        let asked = 0;
        const onProgress: JobContext['onProgress'] = ({ phase }) => {
          if (phase === 'writing') asked = reader.answers.length;
        };
        const result = await clearAndReload(month, context({ onProgress }));
        const whileWriting = reader.answers.length - asked;
        await reader.stop();
        const { inserted, updated, removed } = result;
        assert.deepEqual([inserted, updated, removed], [size / 10, (size * 9) / 10, size / 10]);
        assert.ok(whileWriting > 2, `asked only ${whileWriting} times while it was written`);
        assert.deepEqual([...new Set(reader.answers)], [all(1000), all(1001)]);
      });

      it('by days sees each day as it was before or as it is after, and the days change one by one', async () => {
        const days = 20;
        const fewer = (rupees: number): Book =>
          bookOf(Array.from({ length: 2000 }, (_, i) => leanSale(i + 1, addDays(month.from, i % days), rupees)));
        tally.behave({ book: fewer(1000) });
        await backfill(month, context());
        tally.behave({ book: fewer(1001) });
        const reader = poll(
          database,
          `SELECT count(*)::int AS n, sum(total_amount)::text AS total, min(total_amount) = max(total_amount) AS one
             FROM fact_invoice GROUP BY date ORDER BY date`,
        );
        await clearAndReload({ ...month, dayByDay: true }, context());
        await reader.stop();
        const states = [...new Set(reader.answers)].map(
          (answer) => JSON.parse(answer) as { n: number; total: string }[],
        );
        for (const state of states) {
          assert.equal(state.length, days);
          const after = state.filter(({ total }) => total === '100100.00').length;
          assert.deepEqual(
            state,
            Array.from({ length: days }, (_, i) => ({
              n: 100,
              total: i < after ? '100100.00' : '100000.00',
              one: true,
            })),
          );
        }
        assert.ok(states.length > 1);
      });
    });

    describe('two runs for one company', () => {
      const range = { from: '2024-04-01', to: '2024-06-01' };
      useToday(range.to);
      const book = createBook({ invoices: 150, ...range });
      const invoices = [...book.vouchers()].filter((voucher) => expectedInvoice(voucher) !== undefined).length;

      /** Starts both runs at once. Asserts that one succeeds, and that the other is told who holds the lock. */
      async function race(
        runs: { command: string; run: () => Promise<JobResult> }[],
      ): Promise<{ winner: string; result: JobResult }> {
        const settled = await Promise.allSettled(runs.map(({ run }) => run()));
        const won = settled.flatMap((outcome, i) =>
          outcome.status === 'fulfilled' ? [{ i, result: outcome.value }] : [],
        );
        const lost = settled.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
        assert.equal(won.length, 1, lost.map(String).join());
        const winner = runs[won[0]!.i]!.command;
        const [error] = lost;
        assert.ok(error instanceof EtlError);
        assert.equal(error.code, 'locked', error.message);
        assert.equal(exitCodes[error.code], 5);
        const holder = `tally-warehouse test ${winner} on ${os.hostname()}`.slice(0, 63);
        assert.ok(error.message.includes(`: ${holder}, since `), error.message);
        assert.match(error.message, /since \d{1,2}\s\w{3}\s\d{4}, \d{1,2}:\d\d\s[ap]m\.$/);
        return { winner, result: won[0]!.result };
      }

      async function assertEachOnce(): Promise<void> {
        assert.equal(await countIn(database, 'fact_invoice'), invoices);
        const lines = [...book.vouchers()].reduce(
          (sum, voucher) => sum + (expectedInvoice(voucher)?.lines.length ?? 0),
          0,
        );
        assert.equal(await countIn(database, 'fact_invoice_line'), lines);
      }

      it('that clear and reload: one runs, the other is told who holds the lock and since when', async () => {
        tally.behave({ book });
        const one = { command: 'clear-and-reload', run: () => clearAndReload(range, context()) };
        for (const narration of ['first', 'second']) {
          const rewritten = edited(book, narration);
          tally.behave({ book: rewritten });
          const { result } = await race([one, one]);
          assert.equal(result.inserted + result.updated, invoices);
          await assertEachOnce();
          assert.equal(await countIn(database, `fact_invoice WHERE narration = '${narration}'`), invoices);
        }
      });

      it('a sync and a backfill: one runs, and only a sync that ran is in etl_logs', async () => {
        const syncing = { command: 'sync', run: () => sync(context()) };
        const filling = { command: 'backfill', run: () => backfill(range, context()) };
        let changed = book;
        let syncs = 0;
        for (const [i, runs] of [
          [syncing, filling],
          [filling, syncing],
          [syncing, filling],
        ].entries()) {
          // The books change each time: a sync of unchanged books would end before the other run asks for the lock.
          changed = edited(changed, `round ${i}`);
          tally.behave({ book: changed });
          const { winner } = await race(runs);
          if (winner === 'sync') syncs++;
          await assertEachOnce();
          assert.equal(await countIn(database, 'etl_logs'), syncs);
        }
        const before = await contentsOf(database);
        await sync(context());
        await backfill(range, context());
        assert.equal(await contentsOf(database), before);
      });

      it('that collide: the second goes on if the first ends before its name is asked for', async () => {
        const open = () => Connection.open(parseDbUrl(database), 'test', 'test', silent);
        const holder = await takeLock(await open(), demoCompanyGuid);
        const connection = await open();
        const query = connection.query.bind(connection);
        let asked = 0;
        connection.query = async <Row extends QueryResultRow>(sql: string, values?: unknown[]) => {
          if (++asked === 2) await holder.release();
          return query<Row>(sql, values);
        };
        const lock = await takeLock(connection, demoCompanyGuid);
        assert.ok(lock.held);
        assert.equal(asked, 3);
        await lock.release();
      });

      it('leave nobody locked out when they have ended, however they ended', async () => {
        tally.behave({ book, fault: { kind: 'cut', on: 'report', times: 1 } });
        await assert.rejects(sync(context()), (error) => error instanceof EtlError && error.code === 'answer-cut');
        await backfill(range, context());
        await clearAndReload(range, context());
        await assertEachOnce();
      });

      it('go on side by side when they are of two companies', async () => {
        const other = createBook({
          invoices: 100,
          ...range,
          companyName: 'Second Books',
          companyGuid: '11111111-2222-4333-8444-555555555555',
        });
        tally.behave({ book, otherBooks: [other] });
        const settings = { TALLY_URL: tally.url, DB_URL: database };
        try {
          await Promise.all([
            clearAndReload(range, contextOf({ ...settings, TALLY_COMPANY: book.companyName })),
            clearAndReload(range, contextOf({ ...settings, TALLY_COMPANY: 'second books' })),
          ]);
        } finally {
          tally.behave({ otherBooks: [] });
        }
        assert.equal(await countIn(database, `fact_invoice WHERE company_id = '${demoCompanyGuid}'`), invoices);
        assert.ok((await countIn(database, `fact_invoice WHERE company_id = '${other.companyGuid}'`)) > 60);
      });
    });
  });
