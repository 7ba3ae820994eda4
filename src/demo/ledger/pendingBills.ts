import { addDays, type CalendarDate } from '../../core/base/calendar.js';
import type { Book } from '../book/book.js';
import type { LedgerRow } from '../book/masters/ledgers.js';
import { billsOf, tallyAmount } from '../book/voucher.js';
import { divideRounded } from '../book/recipes/goods.js';
import { foreignSumsOf } from './foreignSums.js';
import { countingOf } from './inTheBooks.js';

/** An open bill. Amounts are in paise. As in Tally, a debit is negative. */
export interface PendingBill {
  ledger: string;
  name: string;
  date: CalendarDate;
  dueDate: CalendarDate;
  value: bigint;
  /** The open amount in foreign currency, in hundredths of the currency, a debit negative; absent for a bill in rupees. */
  foreign?: bigint;
}

/** The bills of a ledger that were open when the books began. */
export const billsAtOpening = ({ range }: Book, { name: ledger, openingBills = [] }: LedgerRow): PendingBill[] =>
  openingBills.map(({ name, value, daysBefore, creditDays }) => {
    const date = addDays(range.from, -daysBefore);
    return { ledger, name, date, dueDate: addDays(date, creditDays), value };
  });

/**
 * The bills that are open at the end of a day, by date. Memory holds only the bills that are open at the voucher just read,
 * and no vouchers.
 */
export function pendingBills(book: Book, day: CalendarDate): PendingBill[] {
  const bills = new Map<string, PendingBill>();
  const add = (bill: PendingBill): void => {
    const key = `${bill.ledger}\u0000${bill.name}`;
    const known = bills.get(key);
    const value = (known?.value ?? 0n) + bill.value;
    const foreign = sumOf(known?.foreign, bill.foreign);
    if (value === 0n && !foreign) bills.delete(key);
    else if (known) Object.assign(known, { value, ...(foreign !== undefined && { foreign }) });
    else bills.set(key, { ...bill });
  };
  for (const ledger of book.ledgers) billsAtOpening(book, ledger).forEach(add);
  const { onLedgers } = countingOf(book);
  for (const voucher of book.vouchers({ from: '0001-01-01', to: day })) {
    if (!onLedgers(voucher)) continue;
    for (const entry of voucher.entries) {
      if (entry.kind !== 'ledger') continue;
      for (const { kind, name, value, foreign, date = voucher.date, credit } of billsOf(entry)) {
        // An amount on account belongs to no bill.
        if (kind === 'on-account') continue;
        const dueDate = credit?.dueDate ?? date;
        const amount = (own: bigint): bigint => tallyAmount(voucher, entry, own);
        const inCurrency = voucher.forex && foreign !== undefined && { foreign: amount(foreign) };
        add({ ledger: entry.ledger, name, date, dueDate, value: amount(value), ...inCurrency });
      }
    }
  }
  return [...bills.values()].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}

const sumOf = (a: bigint | undefined, b: bigint | undefined): bigint | undefined =>
  a === undefined || b === undefined ? (a ?? b) : a + b;

/**
 * The open bills, with foreign currency valued at the latest rate as Tally does. No voucher states these rupee amounts
 * (docs/tally.md §9.3).
 */
export function revaluedBills(book: Book, day: CalendarDate): PendingBill[] {
  const sums = foreignSumsOf(book, { from: day, to: day });
  return pendingBills(book, day)
    .map((bill) => {
      const rate = sums.get(bill.ledger)?.rate;
      return bill.foreign === undefined || rate === undefined
        ? bill
        : { ...bill, value: divideRounded(bill.foreign * rate, 100n) };
    })
    .filter(({ value }) => value !== 0n);
}
