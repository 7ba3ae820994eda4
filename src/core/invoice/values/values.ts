import { t } from '@vscode/l10n';
import { fromTallyDate, isOtherDateForm, type CalendarDate } from '../../base/calendar.js';
import { formatDecimal, parseDecimal, roundDecimal, type Paise } from '../../base/decimal.js';
import { nameKey, withoutMark } from '../../base/names.js';
import { isOfBase, plainNumber, rateOf, readForeign, readForeignText, type Foreign } from './currency.js';

/** Whether numeric(18,…) holds a value of that many smallest units. */
export const fits = (units: bigint): boolean => units < limit && units > -limit;
const limit = 10n ** 18n;

export type Amount = { paise: Paise; foreign?: Foreign } | { reason: string };

/** No amount of Tally is as long; what is, is not searched for signs. */
const longest = 200;

/**
 * Reads a signed AMOUNT of Tally: `-1234.50`, `(-)5`, `₹ 1,23,456.00`; foreign amounts by the value behind the last `=`,
 * whatever their sign is (`-Dhs.100.00 @ ₹ 22.50/Dhs. = -₹ 2250.00`; ₹ arrives as `?` unless the answer is UTF-16), or,
 * without a `=`, by their rate, rounded half away from zero to paise as Tally does (448.44 × 82.99 = 37216.0356 is its
 * 37216.04). What cannot be read exactly comes back as a reason, never as zero. Source of the forms: docs/tally.md §1.6.
 */
export function readAmount(text: string): Amount {
  const plain = /^(-?\d{1,15})\.(\d\d)$/.exec(text); // nearly every amount of Tally
  if (plain) return { paise: BigInt(plain[1]! + plain[2]!) };
  if (text === '') return { reason: t('the amount is empty: unknown, not zero') };
  if (text.length > longest) return { reason: t('not an amount in rupees') };
  const equals = text.lastIndexOf('=');
  if (equals < 0 && text.includes('@')) return atItsRate(text);
  if (equals >= 0) return besideItsValue(text.slice(0, equals), text.slice(equals + 1));
  const number = unmarkedNumber(text);
  return number === undefined ? { reason: whyNoRupees(text) } : inPaise(number);
}

function inPaise(number: string): { paise: Paise } | { reason: string } {
  const paise = parseDecimal(number, 2);
  if (paise === undefined) return { reason: t('more than two decimals') };
  return fits(paise) ? { paise } : { reason: t('larger than numeric(18,2) holds') };
}

/** `-$448.44 @ ₹ 82.99/$` and, behind the `=`, `-₹ 37216.04`. */
function besideItsValue(own: string, valueText: string): Amount {
  // A company may keep its books in another currency, whose sign the rate names.
  const found = readForeignText(own);
  const base = found?.rate?.base ?? '';
  const value = /\d/.test(base) ? valueText : valueText.replace(base, '');
  const number = plainNumber(valueText) ?? plainNumber(value);
  if (number === undefined) return { reason: t('not an amount in rupees') };
  const amount = inPaise(number);
  if ('reason' in amount) return amount;
  const foreign = readForeign(own, found, value === valueText ? '' : base);
  if (foreign === 'unreadable') return { reason: t('not an amount in any currency') };
  return foreign === undefined ? amount : { ...amount, foreign };
}

function whyNoRupees(text: string): string {
  const foreign = readForeignText(text);
  if (foreign === undefined) return t('not an amount in rupees');
  return foreign.sign === '?'
    ? t('an amount whose currency sign was lost (?): it may be of any currency')
    : t('a foreign amount with neither its rate nor its value in rupees');
}

/** `-$448.44 @ ? 82.99/$`: the rate is rupees per one of the amount's own currency, else it is not understood. */
function atItsRate(text: string): Amount {
  const own = readForeignText(text);
  const rate = own?.rate?.number;
  if (own?.number === undefined || rate === undefined || rateOf(own) === undefined || !isOfBase(own.rate?.base, ''))
    return { reason: t('a foreign amount whose rate cannot be read') };
  const paise = roundDecimal(product(own.number, rate), 2);
  if (paise === undefined || !fits(paise)) return { reason: t('larger than numeric(18,2) holds') };
  const foreign = readForeign(text, own, '');
  return typeof foreign === 'object' ? { paise, foreign } : { paise };
}

/** The exact product of two decimals, as a decimal. */
function product(a: string, b: string): string {
  const decimals = (text: string): number => (text.split('.')[1] ?? '').length;
  const [x, y] = [decimals(a), decimals(b)];
  return formatDecimal(parseDecimal(a, x)! * parseDecimal(b, y)!, x + y);
}

/** Whether an amount that cannot be read is of a foreign currency, or may be: entering its rate again is what helps. */
export const isForeignAmount = (text: string): boolean =>
  text.length <= longest && (/[@=]/.test(text) || readForeignText(text) !== undefined);

/** A number that stands alone: its `?` may have been any currency's sign, for Tally loses more signs than ₹. */
const unmarkedNumber = (text: string): string | undefined => (text.includes('?') ? undefined : plainNumber(text));

interface Quantity {
  /** Ten-thousandths. */
  quantity: bigint;
  unit: string | null;
}

/**
 * Reads ` 670 Pair`, ` 50.000 KG` and compound quantities whose smaller part is zero (` 10 Box 0 Nos` is 10 Box).
 * Undefined when it cannot be read: 10 Box 5 Nos is no number of boxes without the unit's own conversion.
 */
export function readQuantity(text: string): Quantity | undefined {
  const own = (text.split('=', 1)[0] ?? '').trim();
  const m = /^((?:\(-\)|[+-])?\s*[\d,.]+)\s*(.*)$/.exec(own);
  if (!m) return undefined;
  const quantity = fourDecimals(m[1] ?? '');
  if (quantity === undefined) return undefined;
  const rest = m[2] ?? '';
  const compound = /^(.+?)\s+([\d.]+)\s+\D.*$/.exec(rest);
  if (compound && !/^[0.]+$/.test(compound[2] ?? '')) return undefined;
  return { quantity, unit: (compound ? compound[1] : rest) || null };
}

/** Reads a RATE in rupees per unit, in ten-thousandths: `57.00/Pair`, `$14.00 = ? 84.5/$ = ? 1183/box`. */
export function readRate(text: string): bigint | undefined {
  const equals = text.lastIndexOf('=');
  if (equals < 0 && text.includes('?')) return undefined; // `?14.00/box` may be 14 of any currency
  return fourDecimals(text.slice(equals + 1).split('/', 1)[0] ?? '');
}

/** Reads a percentage in ten-thousandths: ` 9`, `2.5`, `2.5 %`. */
export const readPercent = (text: string): bigint | undefined => fourDecimals(text.replace(/%\s*$/, ''));

/** Reads a number in ten-thousandths: ` 1`, ` 0.01`. */
export function fourDecimals(text: string): bigint | undefined {
  const number = plainNumber(text);
  const value = number === undefined ? undefined : roundDecimal(number, 4);
  return value === undefined || !fits(value) ? undefined : value;
}

/** A value that somebody chose: not Tally's own words for "nothing chosen". */
export const chosen = (text: string): string | null =>
  text === '' || /^(?:Not Applicable|Any)$/.test(withoutMark(text)) ? null : text;

/** A date that may be there. Calls `doubt` where it is there and cannot be read: it stays null. */
export function optionalDate(
  text: string,
  doubt: (doubt: 'date-form' | 'unreadable-detail') => void,
): CalendarDate | null {
  const value = fromTallyDate(text);
  if (value === undefined && chosen(text) !== null) doubt(isOtherDateForm(text) ? 'date-form' : 'unreadable-detail');
  return value ?? null;
}

/** What Tally writes for a mark that is set. */
export const isYes = (text: string): boolean => nameKey(text) === 'yes';
