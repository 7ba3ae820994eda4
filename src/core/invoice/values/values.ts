import { t } from '@vscode/l10n';
import { fromTallyDate, isOtherDateForm, type CalendarDate } from '../../base/calendar.js';
import { formatDecimal, parseDecimal, roundDecimal, type Paise } from '../../base/decimal.js';
import { nameKey, withoutMark } from '../../base/names.js';
import { isOfBase, plainNumber, rateOf, readForeign, readForeignText, type Foreign } from './currency.js';

/** Whether numeric(18,…) can hold a value of so many smallest units. */
export const fits = (units: bigint): boolean => units < limit && units > -limit;
const limit = 10n ** 18n;

export type Amount = { paise: Paise; foreign?: Foreign } | { reason: string };

/**
 * The longest text of an amount, in characters; Tally's are shorter. A longer text is unreadable and not searched for signs.
 */
const longest = 200;

/**
 * Reads a signed AMOUNT of Tally: `-1234.50`, `(-)5`, `₹ 1,23,456.00`. A foreign amount is read by its value after the last
 * `=`, whatever its currency (`-Dhs.100.00 @ ₹ 22.50/Dhs. = -₹ 2250.00`; ₹ arrives as `?` unless the answer is UTF-16). Without
 * a `=` it is read by its rate, rounded half away from zero to paise as Tally does (448.44 × 82.99 = 37216.0356 becomes
 * 37216.04). A text that cannot be read exactly gives a reason, never zero. The forms are described in docs/tally.md §1.6.
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

/** `-$448.44 @ ₹ 82.99/$` and, after the `=`, `-₹ 37216.04`. */
function besideItsValue(own: string, valueText: string): Amount {
  // A company may keep its books in another currency; the rate then names that currency's sign.
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

/**
 * `-$448.44 @ ? 82.99/$`. The rate must be in rupees per unit of the amount's own currency; otherwise the amount is unreadable.
 */
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

/** Whether an unreadable amount is, or may be, in a foreign currency: entering its rate again then helps. */
export const isForeignAmount = (text: string): boolean =>
  text.length <= longest && (/[@=]/.test(text) || readForeignText(text) !== undefined);

/** An amount without `@` and `=`. With a `?` it is unreadable: Tally writes `?` for other currency signs than ₹ too. */
const unmarkedNumber = (text: string): string | undefined => (text.includes('?') ? undefined : plainNumber(text));

interface Quantity {
  /** In ten-thousandths. */
  quantity: bigint;
  unit: string | null;
}

/**
 * Reads ` 670 Pair`, ` 50.000 KG`, and compound quantities whose smaller part is zero (` 10 Box 0 Nos` is 10 Box). Undefined if
 * unreadable: 10 Box 5 Nos is not a number of boxes unless the conversion of the unit is known.
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
  if (equals < 0 && text.includes('?')) return undefined; // `?14.00/box` may be 14 in any currency
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

/** A value that the user chose; null for Tally's own texts that mean "nothing chosen". */
export const chosen = (text: string): string | null =>
  text === '' || /^(?:Not Applicable|Any)$/.test(withoutMark(text)) ? null : text;

/** An optional date; null if absent. Calls `doubt` if the date is present but unreadable; it is then null too. */
export function optionalDate(
  text: string,
  doubt: (doubt: 'date-form' | 'unreadable-detail') => void,
): CalendarDate | null {
  const value = fromTallyDate(text);
  if (value === undefined && chosen(text) !== null) doubt(isOtherDateForm(text) ? 'date-form' : 'unreadable-detail');
  return value ?? null;
}

/** Tally writes `Yes` for a flag that is set. */
export const isYes = (text: string): boolean => nameKey(text) === 'yes';
