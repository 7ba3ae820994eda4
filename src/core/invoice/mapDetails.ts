import { fromTallyDate, type CalendarDate } from '../base/calendar.js';
import { creditOf } from './values/creditPeriod.js';
import type { Doubt, InvoiceType } from './invoice.js';
import type { InvoiceDetails, InvoiceLineDetails } from './invoiceDetails.js';
import { nameKey } from '../base/names.js';
import { chosen, optionalDate } from './values/optionalValues.js';
import type { Voucher, VoucherLine } from './voucher.js';
import type { Bill } from './voucherDetails.js';

/**
 * What describes an invoice and books nothing. `lines` are those that count, `bills` those of the party's line. Calls
 * `doubt` for a date, period or mark that is there and cannot be read: it stays null.
 */
export function mapDetails(
  voucher: Voucher,
  invoiceType: InvoiceType,
  date: CalendarDate,
  lines: VoucherLine[],
  bills: Bill[],
  doubt: (doubt: Doubt) => void,
): InvoiceDetails {
  const unreadable = (): void => {
    doubt('unreadable-detail');
  };
  const isSale = invoiceType === 'sales' || invoiceType === 'credit_note';
  const referenceDate = fromTallyDate(voucher.referenceDate);
  // A supplier's bill may count from the supplier's own date.
  const billDate = isSale || referenceDate === undefined || referenceDate === date ? date : undefined;
  const orderNumbers = distinct(voucher.orders.map(({ number }) => chosen(number)));
  const orderDates = distinct(voucher.orders.map((order) => chosen(order.date)));
  return {
    partyState: chosen(voucher.partyState),
    // Never BASICBUYERNAME: it names whoever the goods go to, which on a purchase is the company itself (docs/tally.md §1.6).
    buyerName: voucher.partyMailingName || voucher.partyName || null,
    partyRegistrationType: chosen(voucher.partyRegistrationType),
    consigneeGstin: chosen(voucher.consigneeGstin),
    consigneeState: chosen(voucher.consigneeState),
    companyGstin: chosen(voucher.companyGstin),
    ...creditOf(bills, { date, from: billDate }, doubt),
    orderNumber: orderNumbers.join(', ') || null,
    orderDate: orderDates.length === 1 ? optionalDate(orderDates[0]!, doubt) : null,
    natureOfReturn: chosen(voucher.natureOfReturn),
    isReverseCharge: isReverseCharge(voucher, lines, unreadable),
    ewayBillDate: optionalDate(voucher.ewayBillDate, doubt),
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

/** Tally says it of the voucher, or of a single line: of the freight on a purchase (docs/tally.md §1.6). */
function isReverseCharge(voucher: Voucher, lines: VoucherLine[], doubt: () => void): boolean | null {
  const ofVoucher = optionalFlag(voucher.isReverseCharge, doubt);
  return lines.some(hasReverseCharge) || ofVoucher;
}

const hasReverseCharge = (line: VoucherLine): boolean =>
  reverseCharge.has(nameKey(line.isReverseCharge)) ||
  (line.kind === 'ledger' && line.stockLines.some(hasReverseCharge));
const reverseCharge: ReadonlySet<string> = new Set(['yes', 'applicable']);

function optionalFlag(text: string, doubt: () => void): boolean | null {
  const flag = nameKey(chosen(text) ?? '');
  if (!['', 'yes', 'no'].includes(flag)) doubt();
  return flag === 'yes' ? true : flag === 'no' ? false : null;
}

const distinct = (values: (string | null)[]): string[] => [...new Set(values.filter((value) => value !== null))];

/** The value that all have; null where they differ, or one has none. */
const single = (values: (string | null)[]): string | null =>
  values.every((value) => value === values[0]) ? (values[0] ?? null) : null;
