import type { DateRange } from '../../base/calendar.js';
import { sourceOf } from '../books/knownBooks.js';
import type { JobResult } from '../job.js';
import { daysIn, joinIdle, monthsOf } from './chunks.js';
import type { ReadList } from './list/readList.js';
import type { Arrivals } from './read/arrivals.js';
import type { Run } from './run.js';

/** The requests that Tally is to get. */
export interface Plan {
  /** One request for each: parts of the range, in order and without gaps. */
  chunks: DateRange[];
  /** The reports that may be requested. The report that served the last run comes first. */
  reports: readonly JobResult['report'][];
  /** Tally accepts every day as a bound of a request (docs/tally.md §1.3). */
  everyDay: boolean;
}

/**
 * Divides the range by Tally's list and by its earlier answers. A file gets one request for the whole range. So does a
 * Tally that was seen to send everything whatever the dates, unless invoices are read from its collection.
 */
export function planReading(
  {
    range,
    mode,
    dayByDay,
    books,
    sources,
    collection,
  }: Pick<Run, 'range' | 'mode' | 'dayByDay' | 'books' | 'sources' | 'collection'>,
  { list, isWhole, parts: ofList }: Pick<ReadList, 'list' | 'isWhole' | 'parts'>,
  arrivals: Arrivals,
  everyDay: boolean,
): Plan {
  const known = books.isFile ? undefined : sourceOf(books, sources);
  const reports = [...books.reports].sort((a, b) => Number(b === known?.report) - Number(a === known?.report));
  const sendsAll =
    books.isFile || (known?.servesAll === true && known.report === reports[0] && collection?.isUsed !== true);
  const parts = sendsAll ? [range] : dayByDay ? daysIn(range) : monthsOf(range, list, everyDay);
  const chunks =
    mode.asksEveryPart || !isWhole
      ? parts
      : joinIdle(parts, (part) => (ofList ? list.countVouchers(part) : arrivals.awaited(part)));
  return { chunks: [...chunks], reports, everyDay };
}
