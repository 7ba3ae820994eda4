import type { InvoiceLine, LedgerClass } from '../invoice.js';
import { nameKey } from '../../base/names.js';
import { readPercent } from './values.js';
import type { TaxRate } from '../voucher.js';

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

/** GSTOVRDNTAXABILITY of what GST is not charged on, whatever rate stands beside it: its effective rate is 0. */
export const isExempt = (taxability: string): boolean => exemptions.has(nameKey(taxability));
const exemptions = new Set(['exempt', 'nil rated', 'non-gst', 'non gst']);

const gstClasses: ReadonlySet<LedgerClass> = new Set(['cgst', 'sgst', 'igst']);

/**
 * Whether the booked GST is another than that of the taxable lines at their rates, by more than rounding: a rupee for each
 * tax line, as tax ledgers may round to it, and a paisa for each line and head. True also where no line says what the GST
 * was charged on. False where a rate is not known, and where no GST is booked: reverse charge, composition dealers and
 * exports under a bond have rates and no tax.
 */
export function differsFromRates(lines: InvoiceLine[]): boolean {
  const taxes = lines.filter(({ ledgerClass }) => gstClasses.has(ledgerClass));
  const booked = taxes.reduce((sum, { amount }) => sum + amount, 0n);
  if (booked === 0n) return false;
  const taxable = lines.filter(({ ledgerClass, amount }) => ledgerClass === 'taxable' && amount !== 0n);
  if (taxable.length === 0) return true;
  let expected = 0n;
  for (const { amount, gstRate: rate } of taxable) {
    if (rate === null) return false;
    expected += amount * rate;
  }
  const difference = booked * perHundred - expected;
  const allowed = BigInt(taxes.length) * 100n + BigInt(taxable.length) * 2n;
  return (difference < 0n ? -difference : difference) > allowed * perHundred;
}

/**
 * Gives the charges and discounts that are `spread` over the goods the rate of the goods, where a charge has none of its
 * own and all goods have one rate.
 */
export function spreadRates(lines: InvoiceLine[], spread: ReadonlySet<InvoiceLine>): void {
  const goods = lines.filter((line) => line.ledgerClass === 'taxable' && line.amount !== 0n && !spread.has(line));
  const rates = new Set(goods.map(({ gstRate: rate }) => rate));
  const [only = null] = rates.size === 1 ? rates : [];
  for (const line of spread) line.gstRate ??= only;
}

/** Rates are ten-thousandths of a percent. */
const perHundred = 1_000_000n;
