import {
  addDays,
  earlier,
  daysOf,
  financialYearEnd,
  monthEnd,
  type CalendarDate,
  type DateRange,
} from '../../base/calendar.js';
import type { VoucherList } from './list/voucherList.js';

/** Vouchers that one request may ask for: real Tallys hang on more (docs/tally.md §2, "Busy, slow, hanging"). */
const chunkVouchers = 5_000;

/**
 * A range as calendar months; a month with more vouchers than one request may ask for in smaller parts. Without `everyDay`
 * a month of less than 31 days ends on the 1st of the next one: a bound that every edition of Tally accepts.
 */
export function* monthsOf(range: DateRange, list?: VoucherList, everyDay = true): Generator<DateRange> {
  for (let from = range.from; from <= range.to;) {
    const end = monthEnd(from);
    const to = everyDay || end.endsWith('-31') ? end : addDays(end, 1);
    const month = { from, to: earlier(to, range.to) };
    if ((list?.countVouchers(month) ?? 0) > chunkVouchers) yield* partsOf(month, list!);
    else yield month;
    from = addDays(month.to, 1);
  }
}

/** So many bytes of one answer keep a real Tally busy for some 5 seconds (docs/tally.md §2, "Busy, slow, hanging"). */
const answerBytes = 64 * 1024 * 1024;
/** Of answers whose size nobody knows yet. */
const firstVouchers = 500;

/** How many vouchers an answer may have, by the size of those that came. */
export const vouchersPerAnswer = (came: { vouchers: number; bytes: number }): number =>
  came.vouchers === 0
    ? firstVouchers
    : Math.min(chunkVouchers, Math.max(1, Math.floor((answerBytes * came.vouchers) / came.bytes)));

/** A range as days. */
export function* daysIn(range: DateRange): Generator<DateRange> {
  for (const day of daysOf(range)) yield { from: day, to: day };
}

/** The parts of a listed range; those that lie beside each other and of which nothing is to be read are one. */
export function* joinIdle(parts: Iterable<DateRange>, awaited: (part: DateRange) => number): Generator<DateRange> {
  let idle: DateRange | undefined;
  for (const part of parts) {
    if (awaited(part) === 0) {
      idle = { from: idle?.from ?? part.from, to: part.to };
      continue;
    }
    if (idle) yield idle;
    idle = undefined;
    yield part;
  }
  if (idle) yield idle;
}

/** A range in months, as many together as one request may ask for. */
export function* monthsTogether(range: DateRange, list: VoucherList, most = chunkVouchers): Generator<DateRange> {
  let together: DateRange | undefined;
  for (const month of monthsOf(range, list)) {
    const joined = { from: together?.from ?? month.from, to: month.to };
    if (together && list.countVouchers(joined) > most) {
      yield together;
      together = month;
    } else together = joined;
  }
  if (together) yield together;
}

/** A range by financial years, for the list: a row of it is small. */
export function* yearsOf(range: DateRange): Generator<DateRange> {
  for (let from = range.from; from <= range.to;) {
    const to = earlier(financialYearEnd(from), range.to);
    yield { from, to };
    from = addDays(to, 1);
  }
}

/** A range in parts of as many days as keep each within the limit; a single day may be beyond it. */
export function* partsOf(range: DateRange, list: VoucherList, most = chunkVouchers): Generator<DateRange> {
  let part: DateRange | undefined;
  let vouchers = 0;
  for (const day of daysOf(range)) {
    const ofDay = list.countVouchers({ from: day, to: day });
    if (part && vouchers + ofDay > most) {
      yield part;
      part = undefined;
      vouchers = 0;
    }
    part = { from: part?.from ?? day, to: day };
    vouchers += ofDay;
  }
  if (part) yield part;
}

/** So many vouchers between two days are read along with them, though nobody needs them: another request takes longer. */
const bridgedVouchers = 200;

/**
 * Days, oldest first, as ranges to ask for: close ones together, as far as all days between were `loaded` too and the
 * vouchers are not too many for one request. With `asOne` the number of vouchers does not matter: each
 * request brings everything.
 */
export function* chunksOfDays(
  days: CalendarDate[],
  loaded: ReadonlySet<CalendarDate>,
  list: VoucherList,
  asOne: boolean,
): Generator<DateRange> {
  let chunk: DateRange | undefined;
  for (const day of days) {
    const bridged = chunk && { from: chunk.from, to: day };
    const joins =
      bridged !== undefined &&
      (asOne ||
        (list.countVouchers(between(chunk!.to, day)) <= bridgedVouchers &&
          list.countVouchers(bridged) <= chunkVouchers)) &&
      [...daysOf({ from: chunk!.to, to: day })].every((date) => loaded.has(date));
    if (chunk && !joins) yield chunk;
    chunk = joins ? bridged : { from: day, to: day };
  }
  if (chunk) yield chunk;
}

const between = (a: CalendarDate, b: CalendarDate): DateRange => ({ from: addDays(a, 1), to: addDays(b, -1) });
