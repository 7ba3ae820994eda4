import type { CalendarDate } from '../../core/base/calendar.js';
import type { Book } from './book.js';
import type { DemoVoucher } from './voucher.js';

const known = new WeakMap<Book, Map<number, CalendarDate>>();

/**
 * The voucher with a MASTERID; undefined if the book has none. The first call for a book goes through the whole book
 * and remembers the date of each voucher. Later calls make only the vouchers of that date.
 */
export function voucherByMasterId(book: Book, masterId: number): DemoVoucher | undefined {
  const date = datesOf(book).get(masterId);
  if (date === undefined) return undefined;
  for (const voucher of book.vouchers({ from: date, to: date })) if (voucher.masterId === masterId) return voucher;
  return undefined;
}

function datesOf(book: Book): Map<number, CalendarDate> {
  let dates = known.get(book);
  if (!dates) {
    dates = new Map();
    for (const { masterId, date } of book.vouchers()) dates.set(masterId, date);
    known.set(book, dates);
  }
  return dates;
}

/** The first voucher with another MASTERID. */
export function otherVoucher(book: Book, masterId: number): DemoVoucher | undefined {
  for (const voucher of book.vouchers()) if (voucher.masterId !== masterId) return voucher;
  return undefined;
}
