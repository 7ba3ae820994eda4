import { parseDecimal, roundDecimal } from '../../base/decimal.js';

/** The foreign half of an amount: `Dhs.100.00 @ ₹ 22.50/Dhs.`. */
export interface Foreign {
  /** The currency sign as Tally writes it, which is free text (`$`, `EUR`, `Dhs.`, `US $`, `S/`). */
  currency: string;
  /** Ten-thousandths of the foreign currency, signed as Tally signs; undefined if unreadable. */
  amount: bigint | undefined;
  /** Millionths of a rupee per unit of the foreign currency; undefined if absent or unreadable. */
  rate: bigint | undefined;
  /** The amount or the rate is present but unreadable. */
  isOdd: boolean;
}

const minus = String.raw`\(-\)|[+-]`;
const number = String.raw`\d[\d,]*(?:\.\d*)?|\.\d+`;
/**
 * A rate, with the amount's currency sign again after its slash: `22.50/Dhs.`, `22/S/`. This proves that the text is a
 * sign.
 */
const rate = String.raw`\s*[@=]\s*(?<base>.{0,40}?)\s*(?<rate>${number})\s*/\s*\k<sign>$`;
const confirmed = [
  new RegExp(
    String.raw`^(?<outer>${minus})?\s*(?<sign>.{1,40}?)\s*(?<digits>(?:${minus})?\s*(?:${number}))${rate}`,
    's',
  ),
  new RegExp(String.raw`^(?<digits>(?:${minus})?\s*(?:${number}))\s*(?<sign>.{1,40}?)${rate}`, 's'),
];
const unconfirmed = [
  new RegExp(
    String.raw`^(?<outer>${minus})?\s*(?<sign>[^\d]{1,40}?)\s*(?<digits>(?:${minus})?\s*\d[\d,]*(?:\.\d*)?)$`,
    's',
  ),
  new RegExp(String.raw`^(?<digits>(?:${minus})?\s*(?:${number}))\s*(?<sign>[^\d]{1,40})$`, 's'),
];

const rupees = String.raw`₹|₨|Rs\.?|INR`;
const rupeeSign = new RegExp(`^(?:${rupees})$`);
/** Tally writes `?` for ₹, and for other signs, in an answer that cannot hold them (docs/tally.md §1.6). */
const rupeeOrLost = new RegExp(String.raw`^(?:${rupees}|\?)?$`);
const plain = new RegExp(String.raw`^(${minus})?\s*(?:${rupees}|\?)?\s*(${minus})?\s*(${number})$`);

/** The digits of a number with its minus, without rupee signs and grouping commas. Undefined for any other text. */
export function plainNumber(text: string): string | undefined {
  const m = plain.exec(text.trim());
  if (!m) return undefined;
  const [, sign, signAfterSymbol, digits = ''] = m;
  if (sign && signAfterSymbol) return undefined;
  const whole = digits.split('.', 1)[0] ?? '';
  if (whole.includes(',') && !/^\d{1,3}(,\d{2,3})*,\d{3}$/.test(whole)) return undefined;
  const negative = (sign ?? signAfterSymbol ?? '').includes('-');
  return `${negative ? '-' : ''}${digits.replaceAll(',', '')}`;
}

/** A foreign amount as written: its decimals are still text. */
interface ForeignText {
  sign: string;
  number: string | undefined;
  /**
   * The rate, and the currency sign that stands before it (`base`). Undefined unless the rate names the amount's own
   * sign.
   */
  rate?: { base: string; number: string | undefined };
}

/** Reads `-$448.44`, `$-448.44`, `-448.44 $`, each with or without `@ ₹ 82.99/$`; undefined without a currency sign. */
export function readForeignText(text: string): ForeignText | undefined {
  const own = text.trim();
  for (const form of confirmed) {
    const { outer = '', sign = '', digits = '', base = '', rate = '' } = form.exec(own)?.groups ?? {};
    if (!/\D/.test(sign)) continue;
    return { sign, number: plainNumber(outer + digits), rate: { base, number: plainNumber(rate) } };
  }
  const amount = own.split('@', 1)[0]!.trim();
  for (const form of unconfirmed) {
    const { outer = '', sign = '', digits = '' } = form.exec(amount)?.groups ?? {};
    if (!isSign(sign)) continue;
    // `Dhs.50` may be 50 Dhs. or half a Dhs: without the rate both are possible.
    const isUnclear = /[.,]$/.test(sign) && !digits.includes('.');
    return { sign: sign.trim(), number: isUnclear ? undefined : plainNumber(outer + digits) };
  }
  return undefined;
}

const isSign = (sign: string): boolean => /[^\d\s.,()+-]/.test(sign);

/**
 * Reads the foreign amount of a text, without the `=` and the value after it. `found` is the result of readForeignText.
 * `valueBase` is the currency sign of that value if the rate has the same sign, else ''. Undefined for an amount in
 * rupees, `unreadable` if the text is not an amount.
 */
export function readForeign(
  text: string,
  found: ForeignText | undefined,
  valueBase: string,
): Foreign | undefined | 'unreadable' {
  const own = text.split('@', 1)[0]!;
  if (found === undefined) return plainNumber(own) === undefined ? 'unreadable' : undefined;
  if (rupeeSign.test(found.sign)) return undefined;
  const amount = found.number === undefined ? undefined : parseDecimal(found.number, 4);
  const perUnit = isOfBase(found.rate?.base, valueBase) ? rateOf(found) : undefined;
  const saysRate = text.includes('@') || found.rate !== undefined;
  return {
    currency: found.sign,
    amount,
    rate: perUnit,
    isOdd: amount === undefined || (saysRate && perUnit === undefined),
  };
}

/**
 * Whether a rate is in rupees, or in the same currency as the value. A rate without a sign, or with `?`, counts as
 * rupees.
 */
export const isOfBase = (base: string | undefined, valueBase: string): boolean =>
  base !== undefined && (rupeeOrLost.test(base) || base === valueBase);

/** Millionths of a rupee; undefined for an invalid rate, such as 0. */
export function rateOf({ rate }: ForeignText): bigint | undefined {
  const value = rate?.number === undefined ? undefined : roundDecimal(rate.number, 6);
  return value === undefined || value <= 0n ? undefined : value;
}
