import { t } from '@vscode/l10n';
import { formatDecimal, parseDecimal, roundDecimal, type Paise } from '../decimal.js';

/** Whether numeric(18,…) holds a value of that many smallest units. */
export const fits = (units: bigint): boolean => units < limit && units > -limit;
const limit = 10n ** 18n;

export type Amount = { paise: Paise; foreignCurrency?: string } | { reason: string };

/**
 * Reads a signed AMOUNT of Tally: `-1234.50`, `(-)5`, `₹ 1,23,456.00`; foreign amounts by the rupees behind the last `=`
 * (`-$448.44 @ ? 82.99/$ = -? 37216.04`; ₹ arrives as `?` unless the answer is UTF-16), or, without a `=`, by their rate,
 * rounded half away from zero to paise as Tally does (448.44 × 82.99 = 37216.0356 is its 37216.04). What cannot be read
 * exactly comes back as a reason, never as zero. Source of the forms: tally.md §1.6.
 */
export function readAmount(text: string): Amount {
  const plain = /^(-?\d{1,15})\.(\d\d)$/.exec(text); // nearly every amount of Tally
  if (plain) return { paise: BigInt(plain[1]! + plain[2]!) };
  if (text === '') return { reason: t('the amount is empty: unknown, not zero') };
  const equals = text.lastIndexOf('=');
  if (equals < 0 && text.includes('@')) return atItsRate(text);
  const number = equals < 0 ? unmarkedNumber(text) : plainNumber(text.slice(equals + 1));
  if (number === undefined) return { reason: equals < 0 ? whyNoRupees(text) : t('not an amount in rupees') };
  const paise = parseDecimal(number, 2);
  if (paise === undefined) return { reason: t('more than two decimals') };
  if (!fits(paise)) return { reason: t('larger than numeric(18,2) holds') };
  if (equals < 0) return { paise };
  const own = text.slice(0, equals).split('@', 1)[0]!;
  const foreign = foreignNumber(own);
  if (foreign === undefined && plainNumber(own) === undefined) return { reason: t('not an amount in any currency') };
  return foreign === undefined ? { paise } : { paise, foreignCurrency: foreign.symbol };
}

function whyNoRupees(text: string): string {
  const foreign = foreignNumber(text);
  if (foreign === undefined) return t('not an amount in rupees');
  return foreign.symbol === '?'
    ? t('an amount whose currency sign was lost (?): it may be of any currency')
    : t('a foreign amount with neither its rate nor its value in rupees');
}

/** `-$448.44 @ ? 82.99/$`: the rate is rupees per one of the amount's own currency, else it is not understood. */
function atItsRate(text: string): Amount {
  const [own = '', rate = '', ...more] = text.split('@');
  const foreign = foreignNumber(own);
  const [perUnit = '', unit = '', ...units] = rate.split('/');
  const rupees = plainNumber(perUnit);
  const isRate = rupees !== undefined && /^[^-]*[1-9]/.test(rupees) && more.length + units.length === 0;
  if (foreign === undefined || !isRate || unit.trim() !== foreign.symbol)
    return { reason: t('a foreign amount whose rate cannot be read') };
  const paise = roundDecimal(product(foreign.number, rupees), 2);
  if (paise === undefined || !fits(paise)) return { reason: t('larger than numeric(18,2) holds') };
  return { paise, foreignCurrency: foreign.symbol };
}

/** The exact product of two decimals, as a decimal. */
function product(a: string, b: string): string {
  const decimals = (text: string): number => (text.split('.')[1] ?? '').length;
  const [x, y] = [decimals(a), decimals(b)];
  return formatDecimal(parseDecimal(a, x)! * parseDecimal(b, y)!, x + y);
}

/** Whether an amount that cannot be read is of a foreign currency, or may be: entering its rate again is what helps. */
export const isForeignAmount = (text: string): boolean => /[@=]/.test(text) || foreignNumber(text) !== undefined;

/** `$` and `-448.44` of `-$448.44`, `$-448.44` or `-448.44 $`; undefined without a currency of its own. */
function foreignNumber(text: string): { symbol: string; number: string } | undefined {
  const m =
    /^(?<sign>\(-\)|[+-])?\s*(?<symbol>[^\d\s.,+()=@/-]+)\s*(?<digits>(?:\(-\)|[+-])?\s*[\d.,]+)$/.exec(text.trim()) ??
    /^(?<digits>(?:\(-\)|[+-])?\s*[\d.,]+)\s*(?<symbol>[^\d\s.,+()=@/-]+)$/.exec(text.trim());
  const { sign = '', symbol = '', digits = '' } = m?.groups ?? {};
  const number = plainNumber(sign + digits);
  return number === undefined ? undefined : { symbol, number };
}

/** A number that stands alone: its `?` may have been any currency's sign, for Tally loses more signs than ₹. */
const unmarkedNumber = (text: string): string | undefined => (text.includes('?') ? undefined : plainNumber(text));

/** The digits of a number with its sign; rupee signs and the commas of Indian or western grouping are taken off. */
function plainNumber(text: string): string | undefined {
  const m = /^(\(-\)|[+-])?\s*(?:₹|\?|Rs\.?|INR)?\s*(\(-\)|[+-])?\s*(\d[\d,]*(?:\.\d*)?|\.\d+)$/.exec(text.trim());
  if (!m) return undefined;
  const [, sign, signAfterSymbol, digits = ''] = m;
  if (sign && signAfterSymbol) return undefined;
  const whole = digits.split('.', 1)[0] ?? '';
  if (whole.includes(',') && !/^\d{1,3}(,\d{2,3})*,\d{3}$/.test(whole)) return undefined;
  const negative = (sign ?? signAfterSymbol ?? '').includes('-');
  return `${negative ? '-' : ''}${digits.replaceAll(',', '')}`;
}

export interface Quantity {
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

function fourDecimals(text: string): bigint | undefined {
  const number = plainNumber(text);
  const value = number === undefined ? undefined : roundDecimal(number, 4);
  return value === undefined || !fits(value) ? undefined : value;
}
