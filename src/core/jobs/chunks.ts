import { addDays, daysOf, type CalendarDate, type DateRange } from '../calendar.js';
import type { VoucherIndex } from './voucherIndex.js';

/** Vouchers that one request may ask for: real Tallys hang on more (tally.md §2, "Busy, slow, hanging"). */
const chunkVouchers = 5_000;

/** A range as calendar months; a month of which Tally lists more vouchers than one request may ask for in smaller parts. */
export function* monthsOf(range: DateRange, index?: VoucherIndex): Generator<DateRange> {
  for (let from = range.from; from <= range.to;) {
    const month = { from, to: earlier(monthEnd(from), range.to) };
    if ((index?.countVouchers(month) ?? 0) > chunkVouchers) yield* partsOf(month, index!);
    else yield month;
    from = addDays(month.to, 1);
  }
}

/** A range as days. */
export function* daysIn(range: DateRange): Generator<DateRange> {
  for (const day of daysOf(range)) yield { from: day, to: day };
}

/** The parts of a range; those that lie beside each other and of which nothing is to be read are one. */
export function* joinIdle(parts: Iterable<DateRange>, index: VoucherIndex): Generator<DateRange> {
  let idle: DateRange | undefined;
  for (const part of parts) {
    if (index.vouchers > 0 && index.awaited(part) === 0) {
      idle = { from: idle?.from ?? part.from, to: part.to };
      continue;
    }
    if (idle) yield idle;
    idle = undefined;
    yield part;
  }
  if (idle) yield idle;
}

/** A range by financial years, for the index: a row of it is small. */
export function* yearsOf(range: DateRange): Generator<DateRange> {
  for (let from = range.from; from <= range.to;) {
    const year = Number(from.slice(0, 4)) + (from.slice(5) >= '04-01' ? 1 : 0);
    const to = earlier(`${year}-03-31`, range.to);
    yield { from, to };
    from = addDays(to, 1);
  }
}

/** A range in parts of as many days as keep each within the limit; a single day may be beyond it. */
export function* partsOf(range: DateRange, index: VoucherIndex): Generator<DateRange> {
  let part: DateRange | undefined;
  let vouchers = 0;
  for (const day of daysOf(range)) {
    const ofDay = index.countVouchers({ from: day, to: day });
    if (part && vouchers + ofDay > chunkVouchers) {
      yield part;
      part = undefined;
      vouchers = 0;
    }
    part = { from: part?.from ?? day, to: day };
    vouchers += ofDay;
  }
  if (part) yield part;
}

const monthEnd = (date: CalendarDate): CalendarDate => {
  const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))];
  const next = month === 12 ? `${year + 1}-01-01` : `${year}-${String(month + 1).padStart(2, '0')}-01`;
  return addDays(next, -1);
};

const earlier = (a: CalendarDate, b: CalendarDate): CalendarDate => (a < b ? a : b);
