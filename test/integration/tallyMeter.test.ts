import assert from 'node:assert/strict';
import { backfill, sync, verify } from '../../src/core/core.js';
import { createBook } from '../../src/demo/book/book.js';
import { secondsPer, sumOf } from '../../src/demo/meter.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { contextOf } from '../support/context.js';
import { withChanges } from '../support/demo/changedBook.js';
import { fullTable, nightly } from '../support/fullTable.js';
import { servers } from '../support/postgres.js';
import { useDays } from '../support/shiftedClock.js';

const today = '2025-03-31';
const range = { from: '2022-04-01', to: '2025-03-30' };
const book = createBook({ invoices: 3_000, ...range });
const invoices = [...book.vouchers()].filter(({ base, cancelled }) => base !== 'none' && !cancelled);

/** The demo Tally makes a chunked answer once; for a CONTENT-LENGTH it would make each answer twice. */
const metered = { dayBook: 'honours-dates', isMetered: true, lengthHeader: 'chunked' } as const;

type Spent = ReturnType<typeof spent>;
const spent = ({ requests }: DemoServer) => ({
  requests: requests.length,
  ...sumOf(requests.map(({ cost }) => cost!)),
});

for (const server of servers().slice(0, 1))
  describe(`what a run costs Tally by the measured costs of real ones, on ${server.name}`, function () {
    this.timeout(120_000);
    let tally: DemoServer;
    let database: string;
    const at = useDays();
    let firstLoad: Spent;
    const costOf = async (env: Record<string, string> = {}) => {
      tally.requests.length = 0;
      const { notProven } = await sync(contextOf({ TALLY_URL: tally.url, DB_URL: database, ...env }));
      assert.equal(notProven, null);
      return spent(tally);
    };

    before(async () => {
      at('2025-03-30');
      database = await server.freshDatabase();
      tally = await startDemoServer({ book, ...metered });
      await backfill(range, contextOf({ TALLY_URL: tally.url, DB_URL: database }));
      firstLoad = spent(tally);
      await costOf();
      at(today);
    });
    after(() => tally.close());

    it('is a tenth of the bytes and less than half of the seconds of lists where nothing has changed, and then one request of 5 KB', async () => {
      const digests = await costOf();
      const old = await costOf({ TALLY_REPORT: 'day-book' });
      assert.ok(digests.seconds * 2 < old.seconds, `${digests.seconds} s, the old way ${old.seconds} s`);
      assert.ok(digests.bytes * 10 < old.bytes, `${digests.bytes} bytes, the old way ${old.bytes}`);
      const again = await costOf();
      assert.deepEqual([again.requests, again.bytes < 5_000, again.seconds <= 0.1], [1, true, true]);
      assert.ok(digests.longest <= 5);
    });

    it('of a verify by totals is less than a tenth of one that reads reports, where nothing differs', async () => {
      const year = { from: '2024-04-01', to: '2025-03-30' };
      const costOfVerify = async (totals: boolean) => {
        tally.requests.length = 0;
        const { differences, notProven, warnings } = await verify(
          { ...year, totals },
          contextOf({ TALLY_URL: tally.url, DB_URL: database }),
        );
        assert.deepEqual(
          [differences, notProven, warnings],
          [{ missingHere: 0, different: 0, goneInTally: 0 }, null, []],
        );
        return spent(tally);
      };
      const quick = await costOfVerify(true);
      const whole = await costOfVerify(false);
      assert.ok(quick.seconds * 10 < whole.seconds, `${quick.seconds} s, by reports ${whole.seconds} s`);
      // A year of 33,000 vouchers may take 20 seconds: a row for each day and type, and two walks over all vouchers.
      assert.ok(quick.seconds + (2 * 32_000 * secondsPer.walked + 4_000 * secondsPer.row) <= 20, `${quick.seconds} s`);
      assert.equal(quick.requests, 6);
    });

    it('grows with what has changed: some days of a month cost no more than their vouchers', async () => {
      const changed = [400, 1_200, 1_230, 2_000].map((n) => ({
        edit: invoices[n]!,
        fields: { narration: 'late' },
      }));
      tally.behave({ book: withChanges(book, [...changed, { delete: invoices[1_500]! }]) });
      const { seconds, rows } = await costOf();
      assert.ok(rows < 2_500, `${rows} rows`);
      assert.ok(seconds < 8, `${seconds} s`);
    });

    nightly('is less than half of a whole list and reports where every hundredth voucher has changed', async () => {
      const changeEach = (nth: number): void => {
        const changed = invoices.filter((_, i) => i % 100 === nth);
        const changes = changed.map((edit) => ({ edit, fields: { narration: 'corrected' } }));
        tally.behave({ book: withChanges(tally.book, changes) });
      };
      changeEach(7);
      const one = await costOf();
      changeEach(17);
      const old = await costOf({ TALLY_REPORT: 'day-book' });
      assert.ok(one.seconds * 2 < old.seconds, `${one.seconds} s, the old way ${old.seconds} s`);
    });

    it('of a first load with the ledger is at most 1.3 times that of the invoices alone', async function () {
      if (!fullTable) this.skip(); // it loads the whole of the books once more
      const other = await startDemoServer({ book, ...metered });
      try {
        const env = { TALLY_URL: other.url, DB_URL: await server.freshDatabase(), TALLY_STREAMS: 'invoices,ledger' };
        const { notProven } = await backfill(range, contextOf(env));
        assert.equal(notProven, null);
        const { seconds } = spent(other);
        assert.ok(seconds <= 1.3 * firstLoad.seconds, `${seconds} s, the invoices alone ${firstLoad.seconds} s`);
      } finally {
        await other.close();
      }
    });

    it('of a first load through the collection is less than a sixth of one by Day Book', async function () {
      if (!fullTable) this.skip(); // it reads the whole of the books by Day Book
      // A dry run asks for the same. Its answers are the largest in these tests, and UTF-8 halves their bytes.
      const other = await startDemoServer({
        ...{ book, ...metered, answerEncoding: 'utf-8' },
      });
      try {
        const env = { TALLY_URL: other.url, DB_URL: await server.freshDatabase(), TALLY_REPORT: 'day-book' };
        const { notProven } = await backfill({ ...range, dryRun: true }, contextOf(env));
        assert.equal(notProven, null);
        const { seconds } = spent(other);
        assert.ok(firstLoad.seconds * 6 < seconds, `${firstLoad.seconds} s, by Day Book ${seconds} s`);
      } finally {
        await other.close();
      }
    });
  });
