import { fromTallyDate, isCalendarDate, type CalendarDate } from '../../base/calendar.js';
import type { Paise } from '../../base/decimal.js';
import { readAmount } from '../../invoice/values/values.js';

// What Tally writes into the rows of an aggregate (docs/tally.md §1.2).

/** The vendor's examples have rows named OBJECT; a Tally may name them for what they add up. */
export const aggregateRows = ['OBJECT', 'VOUCHER'];

const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** `1-Apr-25`, as Tally writes the date of an aggregate, or `20250401`; undefined for anything else. */
export const aggregateDate = (text: string): CalendarDate | undefined => fromTallyDate(text) ?? shortDate(text);

/** The product of that name is of 1988. */
function shortDate(text: string): CalendarDate | undefined {
  const [, day = '', month = '', year = ''] = /^(\d{1,2})-([a-z]{3})-(\d{2})$/i.exec(text) ?? [];
  const monthNumber = String(months.indexOf(month.toLowerCase()) + 1).padStart(2, '0');
  const date = `${Number(year) >= 88 ? '19' : '20'}${year}-${monthNumber}-${day.padStart(2, '0')}`;
  return isCalendarDate(date) ? date : undefined;
}

/** A count or a sum of ids as Tally writes numbers: ` 1,234`, `1234.00`. Undefined for what is not exactly a whole number. */
export function wholeNumber(text: string): number | undefined {
  const digits = text.replaceAll(',', '').trim();
  const value = /^\d{1,16}(?:\.0*)?$/.test(digits) ? Number(digits) : NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/**
 * A sum of amounts: ` 1,234.00`, `-1234.00`, or by its side, `1234.00 Dr`, where a debit is negative as in vouchers (docs/tally.md
 * §1.6). Undefined for what cannot be read exactly, and for no amount: that is unknown, not zero.
 */
export function amountSum(text: string): Paise | undefined {
  const [, number = text, side] = /^(.*\d)\s*(dr|cr)\.?\s*$/is.exec(text) ?? [];
  const amount = readAmount(number.trim());
  if ('reason' in amount) return undefined;
  if (side === undefined) return amount.paise;
  // A sign beside a side would say twice what may be one thing.
  if (amount.paise < 0n) return undefined;
  return side.toLowerCase() === 'dr' ? -amount.paise : amount.paise;
}
