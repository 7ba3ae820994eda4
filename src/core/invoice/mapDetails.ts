import { fromTallyDate, type CalendarDate } from '../calendar.js';
import { creditOf } from './creditPeriod.js';
import type { InvoiceType } from './invoice.js';
import type { InvoiceDetails, InvoiceLineDetails } from './invoiceDetails.js';
import { nameKey } from './invoiceTypeOf.js';
import type { Voucher, VoucherLine } from './voucher.js';
import type { Bill } from './voucherDetails.js';

/**
 * What describes an invoice and books nothing. `bills` are those of the party's line. Calls `doubt` for a date, period
 * or mark that is there and cannot be read: it stays null.
 */
export function mapDetails(
  voucher: Voucher,
  invoiceType: InvoiceType,
  date: CalendarDate,
  bills: Bill[],
  doubt: () => void,
): InvoiceDetails {
  const optionalDate = (text: string): CalendarDate | null => {
    const value = fromTallyDate(text);
    if (value === undefined && chosen(text) !== null) doubt();
    return value ?? null;
  };
  const isSale = invoiceType === 'sales' || invoiceType === 'credit_note';
  const referenceDate = fromTallyDate(voucher.referenceDate);
  // A supplier's bill may count from the supplier's own date.
  const billDate = isSale || referenceDate === undefined || referenceDate === date ? date : undefined;
  const orderNumbers = distinct(voucher.orders.map(({ number }) => chosen(number)));
  const orderDates = distinct(voucher.orders.map((order) => chosen(order.date)));
  return {
    partyState: chosen(voucher.partyState),
    // On a purchase BASICBUYERNAME is the company itself, which buys.
    buyerName: voucher.partyName || (isSale && voucher.basicBuyerName) || null,
    partyRegistrationType: chosen(voucher.partyRegistrationType),
    consigneeGstin: chosen(voucher.consigneeGstin),
    consigneeState: chosen(voucher.consigneeState),
    companyGstin: chosen(voucher.companyGstin),
    ...creditOf(bills, billDate, doubt),
    orderNumber: orderNumbers.join(', ') || null,
    orderDate: orderDates.length === 1 ? optionalDate(orderDates[0]!) : null,
    natureOfReturn: chosen(voucher.natureOfReturn),
    isReverseCharge: optionalFlag(voucher.isReverseCharge, doubt),
    ewayBillDate: optionalDate(voucher.ewayBillDate),
    vehicleNumber: chosen(voucher.vehicleNumber),
    irnQrCode: voucher.irnQrCode || null,
  };
}

/** The same of a line. */
export function mapLineDetails(line: VoucherLine): InvoiceLineDetails {
  const batches = line.kind === 'item' ? line.batches : [];
  return {
    description: line.description || null,
    godown: single(batches.map(({ godown }) => chosen(godown))),
    batch: single(batches.map(({ batch }) => chosen(batch))),
    taxability: chosen(line.taxability),
    typeOfSupply: chosen(line.typeOfSupply),
  };
}

/**
 * A value that somebody chose. Tally marks its own words for "nothing chosen" with U+0004, which is taken off with all
 * that XML forbids; a file may hold what somebody's cleaning left of the mark (docs/tally.md §3).
 */
const chosen = (text: string): string | null =>
  text === '' || /^(?:4;\s*)?(?:Not Applicable|Any)$/.test(text) ? null : text;

function optionalFlag(text: string, doubt: () => void): boolean | null {
  const flag = nameKey(chosen(text) ?? '');
  if (!['', 'yes', 'no'].includes(flag)) doubt();
  return flag === 'yes' ? true : flag === 'no' ? false : null;
}

const distinct = (values: (string | null)[]): string[] => [...new Set(values.filter((value) => value !== null))];

/** The value that all have; null where they differ, or one has none. */
const single = (values: (string | null)[]): string | null =>
  values.every((value) => value === values[0]) ? (values[0] ?? null) : null;
