import { monthEnd, monthStart, type DateRange } from '../../core/base/calendar.js';
import type { Book } from '../book/book.js';
import type { DemoVoucher } from '../book/voucher.js';
import { countingOf, movementsOf, postingsOf } from './inTheBooks.js';

/** The debits and credits of a ledger, in paise. As in Tally, debits are negative. */
export interface Booked {
  debits: bigint;
  credits: bigint;
}

/**
 * The quantities of an item that came in and went out, in ten-thousandths of the base unit, and the value of those that came in.
 */
export interface Moved {
  inwards: bigint;
  outwards: bigint;
  inwardValue: bigint;
}

export interface Sums {
  ledgers: Map<string, Booked>;
  items: Map<string, Moved>;
}

const empty = (): Sums => ({ ledgers: new Map(), items: new Map() });

const known = new WeakMap<Book, Map<string, Sums>>();

/** The sums of each month of a book, by the first day of the month. Made in one pass over the vouchers, which are not kept. */
function sumsByMonth(book: Book): Map<string, Sums> {
  let months = known.get(book);
  if (months) return months;
  months = new Map();
  const add = adderFor(book);
  for (const voucher of book.vouchers()) {
    const month = monthStart(voucher.date);
    const sums = months.get(month) ?? empty();
    months.set(month, sums);
    add(sums, voucher);
  }
  known.set(book, months);
  return months;
}

/** The sums of a period: its whole months from sumsByMonth, its other days voucher by voucher. */
export function sumsOf(book: Book, { from, to }: DateRange): Sums {
  const sums = empty();
  const add = adderFor(book);
  for (const [month, ofMonth] of sumsByMonth(book)) {
    const last = monthEnd(month);
    if (last < from || month > to) continue;
    if (month >= from && last <= to) addAll(sums, ofMonth);
    else {
      const days = { from: month > from ? month : from, to: last < to ? last : to };
      for (const voucher of book.vouchers(days)) add(sums, voucher);
    }
  }
  return sums;
}

function adderFor(book: Book): (sums: Sums, voucher: DemoVoucher) => void {
  const counting = countingOf(book);
  return ({ ledgers, items }, voucher) => {
    if (counting.onLedgers(voucher)) {
      for (const { ledger, value } of postingsOf(voucher)) bookOn(ledgers, ledger, value);
    }
    if (counting.inStock(voucher)) {
      for (const { item, isInward, count, value } of movementsOf(voucher)) {
        const moved = items.get(item) ?? { inwards: 0n, outwards: 0n, inwardValue: 0n };
        if (isInward) {
          moved.inwards += count;
          // A line without a quantity moves no goods, so its amount is no value of stock.
          if (count > 0n) moved.inwardValue += value;
        } else moved.outwards += count;
        items.set(item, moved);
      }
    }
  };
}

function bookOn(ledgers: Sums['ledgers'], name: string, value: bigint): void {
  const booked = ledgers.get(name) ?? { debits: 0n, credits: 0n };
  if (value < 0n) booked.debits += value;
  else booked.credits += value;
  ledgers.set(name, booked);
}

function addAll(sums: Sums, { ledgers, items }: Sums): void {
  for (const [name, { debits, credits }] of ledgers) {
    const { debits: d, credits: c } = sums.ledgers.get(name) ?? { debits: 0n, credits: 0n };
    sums.ledgers.set(name, { debits: d + debits, credits: c + credits });
  }
  for (const [name, { inwards, outwards, inwardValue }] of items) {
    const moved = sums.items.get(name) ?? { inwards: 0n, outwards: 0n, inwardValue: 0n };
    sums.items.set(name, {
      inwards: moved.inwards + inwards,
      outwards: moved.outwards + outwards,
      inwardValue: moved.inwardValue + inwardValue,
    });
  }
}
