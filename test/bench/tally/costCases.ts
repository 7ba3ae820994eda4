import { readConfig } from '../../../src/core/base/config.js';
import { backfill, sync, type JobResult } from '../../../src/core/core.js';
import type { JobContext } from '../../../src/core/jobs/job.js';
import { sumOf } from '../../../src/demo/meter.js';
import { startDemoServer } from '../../../src/demo/server.js';
import { setToday } from '../../support/shiftedClock.js';
import { silent } from '../context.js';
import { changed, costBook, costRange, editsBefore } from './costBook.js';
import { costCases, type CostCase, type CostOrder, type TallyCost, type Written } from './cost.js';

/** Days after one another: the books end on the first of them. */
const dayOf = (of: CostCase): string => (of === 'firstLoad' || of === 'firstSync' ? costRange.to : '2025-03-31');

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
        const result = await (of === 'firstLoad' ? backfill({ ...costRange }, context) : sync(context));
        const { bytes, seconds, longest } = sumOf(tally.requests.map(({ cost }) => cost!));
        const requests = tally.requests.length;
        costs.push({
          way,
          case: of,
          requests,
          bytes,
          seconds,
          longest,
          wrote: writtenBy(result),
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
