import { addDays, addMonths, dayNumber, monthEnd, type CalendarDate, type DateRange } from '../../base/calendar.js';
import { acceptedBounds } from '../../tally/requests/requests.js';

/** What differs at the end of a day, by key; undefined if Tally's answer is not of that day. */
export type Probe = (day: CalendarDate) => Promise<ReadonlySet<string> | undefined>;

/**
 * The days at whose ends Tally is asked: the ends of the months that end within the range; without one, its middle day. `accepted`:
 * only days that a Tally without a licence accepts as bounds.
 */
export function probeDays({ from, to }: DateRange, accepted: boolean): CalendarDate[] {
  const days = new Set<CalendarDate>();
  for (let end = monthEnd(from); end < to; end = monthEnd(addMonths(end, 1)))
    days.add(accepted ? acceptedBounds({ from, to: end }).to : end);
  if (days.size === 0 && !accepted) days.add(addDays(from, Math.floor((dayNumber(to) - dayNumber(from)) / 2)));
  return [...days].filter((day) => day < to);
}

interface Interval {
  /** The difference began after the day of index `after` - 1, and stands at the end of the day of index `until`. */
  after: number;
  until: number;
}

interface Options {
  /** A day before which a difference cannot have begun. */
  earliest?: (key: string) => CalendarDate | undefined;
  /** Asks once, if there is a day to ask for, even if nothing is to be found: the answer may show that Tally ignores dates. */
  atLeastOnce?: boolean;
}

/**
 * Finds since when each key differs, for all keys together, by at most log2(months) requests. If these do not suffice for a key, its
 * range spans several months. Undefined if Tally did not keep to the days.
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
 * Of the intervals longer than one month, the middle of the one that contains the most keys' intervals; if several do, of the
 * narrowest, so that some keys are found wholly.
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
