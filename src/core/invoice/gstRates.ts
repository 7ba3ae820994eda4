import type { Paise } from '../decimal.js';
import { nameKey } from './invoiceTypeOf.js';
import { readPercent } from './values.js';
import type { TaxRate } from './voucher.js';

/** Reads a detail that may be there; null where it is not, or cannot be read. */
export type ReadDetail = <T>(text: string, read: (text: string) => T | undefined) => T | null;

/** IGST, or CGST and SGST together; null when no head carries a rate. */
export function gstRate(rates: TaxRate[], detail: ReadDetail): bigint | null {
  const rateOf = (head: RegExp): bigint | null => {
    const found = rates.find((rate) => head.test(rate.dutyHead) && rate.rate !== '');
    return found ? detail(found.rate, readPercent) : null;
  };
  const igst = rateOf(/^igst|integrated/i);
  if (igst !== null && igst !== 0n) return igst;
  const central = rateOf(/^cgst|central/i);
  const state = rateOf(/^(sgst|ut)|state tax/i);
  if (central === null && state === null) return igst;
  return (central ?? 0n) + (state ?? 0n);
}

/** GSTOVRDNTAXABILITY of what GST is not charged on, whatever rate stands beside it. */
export const isExempt = (taxability: string): boolean => exemptions.has(nameKey(taxability));
const exemptions = new Set(['exempt', 'nil rated', 'non-gst', 'non gst']);

/** A line that is part of the taxable value. */
export interface TaxedLine {
  amount: Paise;
  /** Percent in ten-thousandths; null where the voucher does not say it. */
  rate: bigint | null;
  /** A charge or discount that is spread over the goods, and so has their rate where it has none of its own. */
  isSpread: boolean;
}

/** GST as an invoice books it. */
export interface BookedTax {
  amount: Paise;
  /** Lines of CGST, SGST and IGST. */
  lines: number;
}

/**
 * Whether the booked GST is another than that of the taxable lines at their rates, by more than rounding: a rupee for each
 * tax line, as tax ledgers may round to it, and a paisa for each line and head. True also where no line says what the GST
 * was charged on. False where a rate is not known, and where no GST is booked: reverse charge, composition dealers and
 * exports under a bond have rates and no tax.
 */
export function differsFromRates(lines: TaxedLine[], booked: BookedTax): boolean {
  if (booked.amount === 0n) return false;
  const counted = lines.filter(({ amount }) => amount !== 0n);
  if (counted.length === 0) return true;
  const spreadRate = rateOfGoods(counted);
  const rateOf = ({ rate, isSpread }: TaxedLine): bigint | null => rate ?? (isSpread ? spreadRate : null);
  let expected = 0n;
  for (const line of counted) {
    const rate = rateOf(line);
    if (rate === null) return false;
    expected += line.amount * rate;
  }
  const difference = booked.amount * perHundred - expected;
  const allowed = BigInt(booked.lines) * 100n + BigInt(counted.length) * 2n;
  return (difference < 0n ? -difference : difference) > allowed * perHundred;
}

/** The one rate of all lines that charges are spread over; null where they have several, or it is not known. */
export function rateOfGoods(lines: TaxedLine[]): bigint | null {
  const rates = new Set(lines.filter(({ amount, isSpread }) => amount !== 0n && !isSpread).map(({ rate }) => rate));
  return rates.size === 1 ? [...rates][0]! : null;
}

/** Rates are ten-thousandths of a percent. */
const perHundred = 1_000_000n;
