import type { InvoiceLine, LedgerClass } from '../invoice.js';
import { nameKey } from '../../base/names.js';
import { readPercent } from './values.js';
import type { TaxRate } from '../voucher.js';

/** Reads an optional detail; null if it is absent or unreadable. */
export type ReadDetail = <T>(text: string, read: (text: string) => T | undefined) => T | null;

/** The rate of IGST, or of CGST and SGST together; null if none of these duty heads has a readable rate. */
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

/** Whether GSTOVRDNTAXABILITY says that GST is not charged. The effective rate is then 0, whatever rate is given beside it. */
export const isExempt = (taxability: string): boolean => exemptions.has(nameKey(taxability));
const exemptions = new Set(['exempt', 'nil rated', 'non-gst', 'non gst']);

const gstClasses: ReadonlySet<LedgerClass> = new Set(['cgst', 'sgst', 'igst']);

/**
 * Whether the booked GST differs by more than rounding from the taxable lines at their rates. Rounding may be a rupee for each
 * tax line, because tax ledgers may round to a rupee, and 2 paise for each taxable line, one for CGST and one for SGST. True
 * also if there is GST but no taxable line. False if a rate is unknown, or if no GST is booked: reverse charge, composition
 * dealers and exports under a bond have rates without tax.
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
 * `spread`: the charges and discounts that are spread over the goods. Gives each of them the rate of the goods, if it has no
 * rate of its own and all goods have the same rate.
 */
export function spreadRates(lines: InvoiceLine[], spread: ReadonlySet<InvoiceLine>): void {
  const goods = lines.filter((line) => line.ledgerClass === 'taxable' && line.amount !== 0n && !spread.has(line));
  const rates = new Set(goods.map(({ gstRate: rate }) => rate));
  const [only = null] = rates.size === 1 ? rates : [];
  for (const line of spread) line.gstRate ??= only;
}

/** The divisor for rates, which are in ten-thousandths of a percent. */
const perHundred = 1_000_000n;
