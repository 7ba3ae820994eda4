import { addDays, addMonths, dayNumber, monthEnd, type CalendarDate, type DateRange } from '../../base/calendar.js';
import { acceptedBounds } from '../../tally/requests/requests.js';

/** Returns the keys that differ at the end of a day; undefined if Tally answered for another day. */
export type Probe = (day: CalendarDate) => Promise<ReadonlySet<string> | undefined>;

/**
 * The days whose balances Tally may be asked for: each end of a month before the last day of the range, or the range's middle day
 * if there is none. With `accepted`, only days that a Tally without a licence accepts as bounds (docs/tally.md §1.3), and no middle
 * day.
 */
export function probeDays({ from, to }: DateRange, accepted: boolean): CalendarDate[] {
  const days = new Set<CalendarDate>();
  for (let end = monthEnd(from); end < to; end = monthEnd(addMonths(end, 1)))
    days.add(accepted ? acceptedBounds({ from, to: end }).to : end);
  if (days.size === 0 && !accepted) days.add(addDays(from, Math.floor((dayNumber(to) - dayNumber(from)) / 2)));
  return [...days].filter((day) => day < to);
}

interface Interval {
  /** Indexes of days: no difference yet at the end of `after` - 1, a difference at the end of `until`. */
  after: number;
  until: number;
}

interface Options {
  /** The first day on which the difference of a key can have begun; undefined if unknown. */
  earliest?: (key: string) => CalendarDate | undefined;
  /** Asks for one day even without keys, because the answer may show that Tally ignores dates. */
  atLeastOnce?: boolean;
}

/**
 * Finds the month in which the difference of each key began. Sends at most log2(months) requests for all keys together; a key for
 * which these do not suffice gets a range of several months. Undefined if Tally answered for other days.
 */
export async function findSince(
  keys: readonly string[],
  range: DateRange,
  days: readonly CalendarDate[],
  probe: Probe,
  { earliest, atLeastOnce = false }: Options = {},
): Promise<Map<string, DateRange> | undefined> {
  const intervals = new Map(
    keys.map((key): [string, Interval] => [key, { after: firstAfter(days, earliest?.(key)), until: days.length }]),
  );
  const budget = Math.ceil(Math.log2(days.length + 1));
  for (let asked = 0; asked < budget; asked++) {
    const at = middleOfMost(intervals) ?? (atLeastOnce && asked === 0 ? days.length >> 1 : undefined);
    if (at === undefined) break;
    const differing = await probe(days[at]!);
    if (differing === undefined) return undefined;
    for (const [key, interval] of intervals) {
      if (at < interval.after || at >= interval.until) continue;
      if (differing.has(key)) interval.until = at;
      else interval.after = at + 1;
    }
  }
  const rangeOf = ({ after, until }: Interval): DateRange => ({
    from: after === 0 ? range.from : addDays(days[after - 1]!, 1),
    to: until === days.length ? range.to : days[until]!,
  });
  return new Map([...intervals].map(([key, interval]) => [key, rangeOf(interval)]));
}

function firstAfter(days: readonly CalendarDate[], earliest: CalendarDate | undefined): number {
  if (earliest === undefined) return 0;
  const at = days.findIndex((day) => day >= earliest);
  return at < 0 ? days.length : at;
}

/**
 * The day to ask for next: the middle of one of the intervals that span several months. Chooses the interval that contains the
 * intervals of the most keys. Among equals it chooses the narrowest, so that at least some keys end with a single month.
 */
function middleOfMost(intervals: ReadonlyMap<string, Interval>): number | undefined {
  const open = [...intervals.values()].filter(({ after, until }) => after < until);
  const different = new Map(open.map((interval) => [`${interval.after} ${interval.until}`, interval]));
  let best: { most: number; width: number; middle: number | undefined } = { most: 0, width: 0, middle: undefined };
  for (const { after, until } of different.values()) {
    const held = open.filter((other) => other.after >= after && other.until <= until).length;
    const width = until - after;
    if (held > best.most || (held === best.most && width < best.width))
      best = { most: held, width, middle: (after + until) >> 1 };
  }
  return best.middle;
}
