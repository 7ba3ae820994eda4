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

/** The most vouchers for one request: real Tallys hang on more (docs/tally.md §2, "Busy, slow, hanging"). */
const chunkVouchers = 5_000;

/**
 * Splits a range into calendar months. A month with more vouchers than one request may have is split further. `everyDay`:
 * this Tally accepts every day as a bound. Without a licence it accepts only the 1st, 2nd and 31st (docs/tally.md §1.3), so a
 * shorter month then ends on the 1st of the next month.
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

/** An answer of this size keeps a real Tally busy for some 5 seconds (docs/tally.md §2, "Busy, slow, hanging"). */
const answerBytes = 64 * 1024 * 1024;
/** The most vouchers for an answer while the size of vouchers is unknown. */
const firstVouchers = 500;

/** How many vouchers an answer may have, by the size of the vouchers received so far. */
export const vouchersPerAnswer = (came: { vouchers: number; bytes: number }): number =>
  came.vouchers === 0
    ? firstVouchers
    : Math.min(chunkVouchers, Math.max(1, Math.floor((answerBytes * came.vouchers) / came.bytes)));

/** Splits a range into days. */
export function* daysIn(range: DateRange): Generator<DateRange> {
  for (const day of daysOf(range)) yield { from: day, to: day };
}

/** Joins adjacent parts of a listed range that have nothing to be read. */
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

/** Splits a range into months, and joins months as far as one request may have their vouchers. */
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

/** Splits a range into financial years, for requests of the list, whose rows are small. */
export function* yearsOf(range: DateRange): Generator<DateRange> {
  for (let from = range.from; from <= range.to;) {
    const to = earlier(financialYearEnd(from), range.to);
    yield { from, to };
    from = addDays(to, 1);
  }
}

/** Splits a range into parts of whole days, each within the limit; only a single day may exceed it. */
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

/** Up to this many unneeded vouchers between two days are read too: a second request would take longer. */
const bridgedVouchers = 200;

/** The most invoices to be read in one chunk of days, because a run keeps a row for each of them. */
const readAtOnce = 5_000;

/**
 * Joins days, oldest first, into ranges to read. `days` has the number of invoices to be read of each day. Close days
 * are joined up to a limit, because each chunk has a fixed cost in PostgreSQL. The days between them are then read too,
 * so all of these must pass `mayBeRead`. `asOne`: this Tally sends all its vouchers for every request, so the limits do not
 * apply.
 */
export function* chunksOfDays(
  days: ReadonlyMap<CalendarDate, number>,
  mayBeRead: (day: CalendarDate) => boolean,
  list: VoucherList,
  asOne: boolean,
): Generator<DateRange> {
  let chunk: DateRange | undefined;
  let invoices = 0;
  for (const [day, ofDay] of days) {
    const bridged = chunk && { from: chunk.from, to: day };
    const joins =
      bridged !== undefined &&
      (asOne ||
        (list.countVouchers(between(chunk!.to, day)) <= bridgedVouchers &&
          (invoices + ofDay <= readAtOnce || list.countVouchers(bridged) <= chunkVouchers))) &&
      [...daysOf({ from: chunk!.to, to: day })].every(mayBeRead);
    if (chunk && !joins) yield chunk;
    invoices = joins ? invoices + ofDay : ofDay;
    chunk = joins ? bridged : { from: day, to: day };
  }
  if (chunk) yield chunk;
}

const between = (a: CalendarDate, b: CalendarDate): DateRange => ({ from: addDays(a, 1), to: addDays(b, -1) });
