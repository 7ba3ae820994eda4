import type { DateRange } from '../../base/calendar.js';
import { sourceOf } from '../books/knownBooks.js';
import type { JobResult } from '../job.js';
import { daysIn, joinIdle, monthsOf } from './chunks.js';
import type { ReadList } from './list/readList.js';
import type { Arrivals } from './read/arrivals.js';
import type { Run } from './run.js';

/** What Tally is to be asked for. */
export interface Plan {
  /** One request each: parts of the range, in order and without gaps. */
  chunks: DateRange[];
  /** The reports that may be asked, the one that is likelier to serve first. */
  reports: readonly JobResult['report'][];
  /** Tally takes every day for a bound of a request (docs/tally.md §1.3). */
  everyDay: boolean;
}

/**
 * Divides the range by what Tally lists of it and by how it answered before. A file, and a Tally that was seen to send
 * everything whatever the dates, are asked once for the whole range.
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
