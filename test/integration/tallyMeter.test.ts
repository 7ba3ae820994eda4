import assert from 'node:assert/strict';
import { backfill, sync } from '../../src/core/core.js';
import { createBook } from '../../src/demo/book/book.js';
import { sumOf } from '../../src/demo/meter.js';
import { startDemoServer, type DemoServer } from '../../src/demo/server.js';
import { contextOf } from '../support/context.js';
import { withChanges } from '../support/demo/changedBook.js';
import { servers } from '../support/postgres.js';
import { useDays } from '../support/shiftedClock.js';

const today = '2025-03-31';
const book = createBook({ invoices: 3_000, from: '2022-04-01', to: '2025-03-30' });
const invoices = [...book.vouchers()].filter(({ base, cancelled }) => base !== 'none' && !cancelled);

for (const server of servers().slice(0, 1))
  describe(`what a sync costs Tally by the measured costs of real ones, on ${server.name}`, function () {
    this.timeout(120_000);
    let tally: DemoServer;
    let database: string;
    const at = useDays();
    const costOf = async (env: Record<string, string> = {}) => {
      tally.requests.length = 0;
      const { notProven } = await sync(contextOf({ TALLY_URL: tally.url, DB_URL: database, ...env }));
      assert.equal(notProven, null);
      return { requests: tally.requests.length, ...sumOf(tally.requests.map(({ cost }) => cost!)) };
    };

    before(async () => {
      at('2025-03-30');
      database = await server.freshDatabase();
      tally = await startDemoServer({ book, dayBook: 'honours-dates', isMetered: true });
      await backfill({ from: '2022-04-01', to: '2025-03-30' }, contextOf({ TALLY_URL: tally.url, DB_URL: database }));
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
  });
