import type { Paise } from '../../base/decimal.js';
import { readAmount } from '../../invoice/values/values.js';

// How Tally writes the values in the rows of an aggregate (docs/tally.md §1.2).

/** The vendor's examples have rows named OBJECT. A Tally may instead name the rows for the objects that it adds up. */
export const aggregateRows = ['OBJECT', 'VOUCHER'];

/**
 * A count or a sum of ids as Tally writes numbers: ` 1,234`, `1234.00`. Undefined unless the text is exactly a whole number.
 */
export function wholeNumber(text: string): number | undefined {
  const digits = text.replaceAll(',', '').trim();
  const value = /^\d{1,16}(?:\.0*)?$/.test(digits) ? Number(digits) : NaN;
  return Number.isSafeInteger(value) ? value : undefined;
}

/**
 * A sum of amounts: ` 1,234.00`, `-1234.00`, or with its side, `1234.00 Dr`. A debit is negative, as in vouchers (docs/tally.md
 * §1.6). Undefined if the text is empty or cannot be read exactly: the sum is then unknown, not zero.
 */
export function amountSum(text: string): Paise | undefined {
  const [, number = text, side] = /^(.*\d)\s*(dr|cr)\.?\s*$/is.exec(text) ?? [];
  const amount = readAmount(number.trim());
  if ('reason' in amount) return undefined;
  if (side === undefined) return amount.paise;
  // A sign beside `Dr` or `Cr` is ambiguous: both may state the same thing.
  if (amount.paise < 0n) return undefined;
  return side.toLowerCase() === 'dr' ? -amount.paise : amount.paise;
}
