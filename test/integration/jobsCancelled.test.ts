import assert from 'node:assert/strict';
import type { EtlError } from '../../src/core/base/errors.js';
import type { JobContext, JobResult } from '../../src/core/jobs/job.js';
import { backfill, sync, syncAll } from '../../src/core/core.js';
import { bookOf } from '../support/demo/bookOf.js';
import { contextOf } from '../support/context.js';
import { keptIn } from '../support/kept.js';
import { leanSale, oddSale } from '../support/leanBook.js';
import { servers } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import { useTally } from '../support/useTally.js';

for (const server of servers().slice(0, 1))
  describe(`a run into ${server.name} that is cancelled after its first month`, function () {
    this.timeout(60_000);
    useToday('2024-05-20');
    const tally = useTally({ keepsWorking: false, dayBook: 'honours-dates' });
    const sales = [leanSale(1, '2024-04-05'), oddSale(2, '2024-04-09'), leanSale(3, '2024-05-07')];
    let database: string;

    beforeEach(async () => {
      database = await server.freshDatabase();
      tally.behave({ book: bookOf(sales), fault: { kind: 'none' }, onRequest: undefined });
    });

    /** Runs a job and cancels it when Tally has fallen silent at the second report. */
    async function cancelled<T>(run: (context: JobContext) => Promise<T>): Promise<T> {
      const stop = new AbortController();
      let reports = 0;
      tally.behave({
        fault: { kind: 'silent', on: 'report', after: 1 },
        onRequest: ({ kind }) => {
          if (kind === 'report' && ++reports === 2)
            setTimeout(() => {
              stop.abort();
            }, 50);
        },
      });
      // Only reports are asked for, month by month.
      const env = { TALLY_URL: tally.url, DB_URL: database, TALLY_REPORT: 'day-book' };
      return await run(contextOf(env, { signal: stop.signal }));
    }
    const errorOf = (run: (context: JobContext) => Promise<JobResult>): Promise<EtlError> =>
      cancelled(run).then(
        () => assert.fail('It was not cancelled.'),
        (error: unknown) => error as EtlError,
      );
    const assertWarned = ({ warnings = [] }: { warnings?: readonly string[] }): void => {
      assert.equal(
        warnings.filter((text) => /^1 invoice does not add up .*S\/2/.test(text)).length,
        1,
        String(warnings),
      );
    };

    it('reports its warnings, beside what was kept', async () => {
      for (const run of [(context: JobContext) => backfill({ from: '2024-04-01', to: '2024-05-20' }, context), sync]) {
        const error = await errorOf(run);
        assert.equal(error.code, 'cancelled');
        assert.deepEqual(keptIn(error.message), { invoices: 2, from: '2024-04-05', to: '2024-04-09' });
        assertWarned(error);
        database = await server.freshDatabase();
      }
    });

    it('reports the warnings of each company, if it syncs several', async () => {
      const { companies } = await cancelled((context) =>
        syncAll({ targets: [{ config: context.config, warehouse: 'books' }], parallel: 1 }, context),
      );
      assert.equal(companies[0]?.error?.code, 'cancelled');
      assertWarned(companies[0].error);
    });
  });
