import { readConfig } from '../../../src/core/base/config.js';
import { backfill, sync, verify, type JobResult, type VerifyResult } from '../../../src/core/core.js';
import type { JobContext } from '../../../src/core/jobs/job.js';
import { sumOf } from '../../../src/demo/meter.js';
import { startDemoServer } from '../../../src/demo/server.js';
import { setToday } from '../../support/shiftedClock.js';
import { silent } from '../context.js';
import { changed, costBook, costRange, editsBefore } from './costBook.js';
import { costCases, type CostCase, type CostOrder, type TallyCost, type Written } from './cost.js';

/** The day of a case: the last day of the books, the day after it, or a day of the next week. */
const dayOf = (of: CostCase): string =>
  of === 'firstLoad' || of === 'firstSync' ? costRange.to : of === 'weekly' ? '2025-04-08' : '2025-03-31';

const lastYear = { from: '2024-04-01', to: '2025-03-31' };

/** Runs cases in turn, in one warehouse, against a metered demo Tally in this process. */
export async function tallyCosts({ way, vouchers, cases, dbUrl }: CostOrder): Promise<TallyCost[]> {
  let book = costBook(vouchers);
  const tally = await startDemoServer({ book, dayBook: 'honours-dates', isMetered: true });
  const costs: TallyCost[] = [];
  try {
    for (const of of costCases) {
      const edits = editsBefore(of, book);
      book = changed(book, edits);
      if (!cases.includes(of)) continue; // its edits stay: a later case finds the book as they left it
      tally.behave({ book });
      tally.requests.length = 0;
      const clock = setToday(dayOf(of));
      try {
        const context = contextOf(way, tally.url, dbUrl);
        const wrote =
          of === 'verifyYear'
            ? differencesOf(await verify({ ...lastYear, totals: true }, context))
            : writtenBy(await (of === 'firstLoad' ? backfill({ ...costRange }, context) : sync(context)));
        const { bytes, seconds, longest } = sumOf(tally.requests.map(({ cost }) => cost!));
        const requests = tally.requests.length;
        costs.push({
          way,
          case: of,
          requests,
          bytes,
          seconds,
          longest,
          wrote,
          expected: edits.wrote,
        });
      } finally {
        clock.giveBack();
      }
    }
  } finally {
    await tally.close();
  }
  return costs;
}

const contextOf = (way: CostOrder['way'], tallyUrl: string, dbUrl: string): JobContext => ({
  config: readConfig({
    TALLY_URL: tallyUrl,
    DB_URL: dbUrl,
    TALLY_STREAMS: 'invoices',
    ...(way === 'reports' && { TALLY_REPORT: 'day-book' }),
  }),
  logger: silent,
  signal: new AbortController().signal,
  program: 'bench',
});

function writtenBy({ notProven, inserted, updated, missing }: JobResult): Written {
  if (notProven !== null) throw new Error(notProven);
  return { inserted, updated, missing };
}

/** The rows that a load would have to write so that a comparison finds nothing. */
function differencesOf({ notProven, differences, byTotals }: VerifyResult): Written {
  if (notProven !== null) throw new Error(notProven);
  if (byTotals?.length === 0) throw new Error('It was not compared by totals.');
  const { missingHere, different, goneInTally } = differences;
  return { inserted: missingHere, updated: different, missing: goneInTally };
}
