import { addMonths, addDays, dateOfDay, dayNumber, type CalendarDate } from '../../base/calendar.js';
import { nameKey } from '../../base/names.js';
import type { Bill } from '../voucher.js';
import { readDate } from './readDate.js';

/** When a bill is due: the number of days if Tally states days or weeks, and the date if it is known. */
export interface Credit {
  creditDays: number | null;
  dueDate: CalendarDate | null;
}

const noCredit: Credit = { creditDays: null, dueDate: null };

interface InvoiceDates {
  /** The date of the voucher. */
  date: CalendarDate;
  /** The day from which a period counts if the bill does not state it; undefined if unknown. */
  from: CalendarDate | undefined;
}

/** `credit-start`: the bill states a start of its period that cannot be right. */
export type CreditDoubt = 'unreadable-detail' | 'credit-start';

/**
 * The credit of an invoice, from the bills that its party's line creates (`New Ref`). Bills that the line settles (`Agst Ref`)
 * belong to other invoices. If the bills differ in their days or due date, that value is null. Calls `doubt` for an unreadable
 * period, and if the stated start of a period is not credible, so that the due date is unknown.
 */
export function creditOf(bills: Bill[], dates: InvoiceDates, doubt: (doubt: CreditDoubt) => void): Credit {
  const credits = bills
    .filter(({ type, creditPeriod }) => nameKey(type) === 'new ref' && creditPeriod !== '')
    .map((bill) => {
      const start = startOf(bill) ?? dates.from;
      const isFar = start !== undefined && Math.abs(dayNumber(start) - dayNumber(dates.date)) > farthest;
      const credit = readCredit(bill, isFar ? undefined : start);
      if (credit === undefined) doubt('unreadable-detail');
      else if (isFar && credit.dueDate === null) doubt('credit-start');
      return credit ?? noCredit;
    });
  const same = <K extends keyof Credit>(key: K): Credit[K] | null =>
    credits.length > 0 && credits.every((credit) => credit[key] === credits[0]![key]) ? credits[0]![key] : null;
  return { creditDays: same('creditDays'), dueDate: same('dueDate') };
}

/**
 * The day on which one bill is due. The period counts from `date` if the bill does not state its start. Null if the period is
 * empty or unreadable; calls `doubt` for an unreadable one.
 */
export function dueDateOf(bill: Bill, date: CalendarDate, doubt: () => void): CalendarDate | null {
  if (bill.creditPeriod === '') return null;
  const credit = readCredit(bill, startOf(bill) ?? date);
  if (credit === undefined) doubt();
  return credit?.dueDate ?? null;
}

/** Day 0 of the attribute JD, a bill's day as a number: 42824 is 2017-03-31, 44651 is 2022-04-01 (docs/tally.md §1.6). */
const epoch = dayNumber('1899-12-31');

/**
 * The largest credible number of days between an invoice and the day of its bill. Programs that write into Tally put any JD
 * into their templates.
 */
const farthest = 366;

/** Undefined unless JD has five digits: templates write 0 if they do not know the day. */
const startOf = ({ from }: Bill): CalendarDate | undefined =>
  /^\d{5}$/.test(from) ? dateOfDay(Number(from) + epoch) : undefined;

function readCredit({ creditPeriod }: Bill, from: CalendarDate | undefined): Credit | undefined {
  const date = readDate(creditPeriod);
  if (date !== undefined) return { creditDays: null, dueDate: date };
  const [, count = '', unit = ''] = /^(\d{1,4})\s*(day|week|month|year)s?$/i.exec(creditPeriod) ?? [];
  const n = Number(count);
  switch (unit.toLowerCase()) {
    case 'day':
      return { creditDays: n, dueDate: from === undefined ? null : addDays(from, n) };
    case 'week':
      return { creditDays: 7 * n, dueDate: from === undefined ? null : addDays(from, 7 * n) };
    case 'month':
    case 'year': {
      // A month without such a day ends the credit on its last day: 1 month from 31 January is 28 February (docs/tally.md §9.3).
      if (from === undefined) return noCredit;
      return { creditDays: null, dueDate: addMonths(from, unit.toLowerCase() === 'year' ? 12 * n : n) };
    }
    default:
      return undefined;
  }
}
