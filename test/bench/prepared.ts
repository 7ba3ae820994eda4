import type { CalendarDate, DateRange } from '../../src/core/base/calendar.js';
import type { AnswerEncoding } from '../../src/demo/answers/encoding.js';
import type { Changes } from './book.js';

/** What a file of answers is made from. */
export interface BookSpec {
  /** Its name in the sender's address. */
  name: string;
  invoices: number;
  encoding: AnswerEncoding;
  changes?: Changes;
}

/** An answer in a file: opening, the vouchers by date, closing. */
export interface PreparedAnswer {
  file: string;
  openingBytes: number;
  closingBytes: number;
  bytes: number;
  /** Where each day that has vouchers begins in the file. */
  days: { date: CalendarDate; at: number }[];
}

/** Books whose answers lie ready in files: making them while they are read would measure the making. */
export interface PreparedBook extends BookSpec {
  vouchers: number;
  ledgerLines: number;
  stockLines: number;
  /** Vouchers of each day that has some, by date. */
  days: { date: CalendarDate; vouchers: number }[];
  dayBook: PreparedAnswer;
  index: PreparedAnswer;
}

/** Days in the middle of the books that hold one voucher of a hundred. */
export function onePercentOf({ days, vouchers }: PreparedBook): { range: DateRange; vouchers: number } {
  let last = Math.floor(days.length / 2);
  const from = days[last]!.date;
  let held = days[last]!.vouchers;
  while (held < vouchers / 100) held += days[++last]!.vouchers;
  return { range: { from, to: days[last]!.date }, vouchers: held };
}
