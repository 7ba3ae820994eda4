import { createHash } from 'node:crypto';
import { t } from '@vscode/l10n';
import { fromTallyDate, isOtherDateForm, type CalendarDate } from '../base/calendar.js';
import { withDigits, type Paise } from '../base/decimal.js';
import {
  mappingVersion,
  type Doubt,
  type Invoice,
  type InvoiceDetails,
  type InvoiceLine,
  type InvoiceType,
  type LedgerClass,
  type Reject,
  type RejectCode,
} from './invoice.js';
import { creditOf } from './values/creditPeriod.js';
import { noForeign } from './values/foreignTotal.js';
import { nameKey, withoutMark } from '../base/names.js';
import { type InvoiceTypeOf } from './classes/invoiceTypeOf.js';
import type { LedgerClassOf } from './classes/ledgerClassOf.js';
import { mapLines, UnreadableAmount } from './mapLines.js';
import { chosen, fits, isYes, optionalDate } from './values/values.js';
import type { Bill, Voucher, VoucherLine } from './voucher.js';

/** The rules that decide base types and ledger classes for one company. */
export interface MappingRules {
  invoiceTypeOf: InvoiceTypeOf;
  ledgerClassOf: LedgerClassOf;
  /** The vouchers come from exported files, so Tally's lists of masters may never have been read. Rejects then name the file. */
  ofFile?: true;
}

/** `deleted`: an invoice, or a voucher of an unknown type, that is marked as deleted in Tally. */
export type Mapped = { invoice: Invoice; doubts: Doubt[] } | { reject: Reject } | { skip: true; deleted?: true };

/**
 * Maps one voucher to an invoice of the contract, which defines signs, ledger classes and identity ("Signs", "Ledger classes").
 * An unreadable GUID, date, type or amount makes a reject with the raw voucher. So does an invoice that has no lines and is not
 * cancelled, or whose total is unknown. Deleted vouchers and vouchers that are not invoices are skipped.
 */
export function mapInvoice(voucher: Voucher, raw: string, rules: MappingRules): Mapped {
  const invoiceType = rules.invoiceTypeOf(voucher.voucherType);
  if (invoiceType === 'none') return { skip: true };
  if (isYes(voucher.isDeleted) || isYes(voucher.isDeletedRetained)) return { skip: true, deleted: true };
  if (invoiceType === 'unknown' && isStockOnly(voucher)) return { skip: true };
  const date = fromTallyDate(voucher.date);
  const reject = (field: string, reasonCode: RejectCode, reason: string): Mapped => ({
    reject: { ...headOf(voucher), field, reasonCode, reason, raw, ...(rules.ofFile && { source: 'file' }) },
  });
  if (invoiceType === 'unknown')
    return reject('VOUCHERTYPENAME', 'voucher-type-unknown', unknownType(voucher.voucherType, rules.ofFile));
  if (voucher.guid === '') return reject('GUID', 'guid-missing', t('the voucher has no GUID'));
  if (date === undefined) return reject('DATE', 'date-unreadable', noDate(voucher.date));
  const isCancelled = isYes(voucher.isCancelled) || nameKey(voucher.action) === 'cancel';
  if (voucher.lines.length === 0 && !isCancelled)
    return reject('LEDGERENTRIES.LIST', 'lines-missing', t('the voucher has no lines'));
  try {
    return build(voucher, { invoiceType, date, isCancelled }, rules.ledgerClassOf);
  } catch (error) {
    if (error instanceof UnreadableAmount) return reject('AMOUNT', error.code, error.message);
    if (error instanceof NoTotal) return reject('PARTYLEDGERNAME', 'total-unknown', error.message);
    throw error;
  }
}

/**
 * Whether goods are only moved or counted and nothing is booked, as in a stock journal. That is not an invoice, whatever its
 * type.
 */
const isStockOnly = ({ stockIn, stockOut, lines }: Voucher): boolean =>
  stockIn.length + stockOut.length + lines.length > 0 &&
  lines.every((line) => line.kind === 'item' && line.allocations.length === 0);

/** How a reject names its voucher. */
export const headOf = (voucher: Voucher): Pick<Reject, 'invoiceId' | 'alterId' | 'invoiceNumber' | 'date'> => ({
  invoiceId: voucher.guid || null,
  alterId: wholeNumber(voucher.alterId),
  invoiceNumber: voucher.voucherNumber || null,
  date: fromTallyDate(voucher.date) ?? null,
});

/** The reason for rejecting a voucher whose type is in no list. */
export function unknownType(name: string, ofFile = false): string {
  if (name === '') return t('the voucher has no voucher type');
  const quoted = { name: JSON.stringify(name) };
  return ofFile
    ? t('neither the file nor the known masters of its company say what kind of voucher the type {name} is', quoted)
    : t("the voucher type {name} is not in Tally's list, or that list does not say what kind of voucher it is", quoted);
}

/** The reason for rejecting a voucher whose date cannot be read. */
export const noDate = (text: string): string =>
  isOtherDateForm(text)
    ? t("there is a date, but not in Tally's form YYYYMMDD: {text}", { text: JSON.stringify(text) })
    : t('not a calendar date: {text}', { text: JSON.stringify(text) });

/** An ALTERID or MASTERID; null if the text is not a whole number. */
export const wholeNumber = (text: string): bigint | null => (/^\d{1,18}$/.test(text) ? BigInt(text) : null);

/** The total of an invoice is unknown. */
class NoTotal extends Error {}

interface Head {
  invoiceType: InvoiceType;
  date: CalendarDate;
  isCancelled: boolean;
}

function build(voucher: Voucher, { invoiceType, date, isCancelled }: Head, classOf: LedgerClassOf): Mapped {
  const mapped = isCancelled ? noLines : mapLines(voucher, invoiceType, classOf);
  const doubts = new Set<Doubt>(mapped.doubts);
  // Tally removes the lines of an invoice that it cancels (10 of 10, docs/tally.md §1.6). Lines that remain are left out of all
  // sums.
  if (isCancelled && voucher.lines.length > 0) doubts.add('cancelled-lines');
  if (![voucher.isCancelled, voucher.isOptional, voucher.isDeleted, voucher.isDeletedRetained].every(isFlag))
    doubts.add('unreadable-detail');
  const sums = sumByClass(mapped.lines);
  const tdsAmount = -sums.tds;
  const parts = sums.taxable + sums.cgst + sums.sgst + sums.igst + sums.cess + sums.round_off + sums.other;
  const partyLine = mapped.lines.find((line) => line.ledgerClass === 'party');
  const hasParty = partyLine !== undefined;
  const totalAmount = hasParty ? sums.party + tdsAmount : parts;
  if (![totalAmount, ...Object.values(sums)].every(fits))
    throw new UnreadableAmount('amount-too-large', t('the sums are larger than numeric(18,2) holds'));
  if (!isCancelled && !hasParty) doubts.add('no-party');
  // If the party's line is among them, unrecognised, the lines add up to 0, whatever the total of the invoice is.
  if (!hasParty && totalAmount === 0n && mapped.lines.some((line) => line.amount !== 0n))
    throw new NoTotal(t('no line is that of the party, and the lines add up to 0: the total cannot be told'));
  if (totalAmount !== parts) doubts.add('identity');
  const tax = sums.cgst + sums.sgst + sums.igst + sums.cess;
  if (doubts.has('unlisted-ledger') && tax !== 0n && sums.taxable === 0n) doubts.add('no-taxable');
  const isNote = invoiceType === 'credit_note' || invoiceType === 'debit_note';
  if (isNote ? totalAmount > 0n : totalAmount < 0n) doubts.add('sign');

  const optionalNumber = (text: string): bigint | null => {
    const value = wholeNumber(text);
    if (value === null && text !== '') doubts.add('unreadable-detail');
    return value;
  };
  const doubt = (one: Doubt): void => void doubts.add(one);
  const invoice: Omit<Invoice, 'contentHash'> = {
    invoiceId: voucher.guid,
    alterId: optionalNumber(voucher.alterId),
    masterId: optionalNumber(voucher.masterId),
    invoiceType,
    voucherType: voucher.voucherType,
    invoiceNumber: voucher.voucherNumber || null,
    date,
    reference: voucher.reference || null,
    referenceDate: optionalDate(voucher.referenceDate, doubt),
    partyName: voucher.partyLedgerName || voucher.partyName || partyLine?.ledgerName || null,
    partyGstin: voucher.partyGstin || null,
    placeOfSupply: voucher.placeOfSupply || null,
    taxableAmount: sums.taxable,
    cgstAmount: sums.cgst,
    sgstAmount: sums.sgst,
    igstAmount: sums.igst,
    cessAmount: sums.cess,
    roundOffAmount: sums.round_off,
    otherAmount: sums.other,
    totalAmount,
    tdsAmount,
    ...mapped.foreign,
    irn: voucher.irn || null,
    irnAckNo: voucher.irnAckNo || null,
    irnAckDate: optionalDate(voucher.irnAckDate, doubt),
    ewayBillNo: voucher.ewayBillNo || null,
    isCancelled,
    isOptional: isYes(voucher.isOptional),
    narration: voucher.narration || null,
    ...mapDetails(voucher, invoiceType, date, isCancelled ? [] : voucher.lines, mapped.partyBills, doubt),
    lines: mapped.lines,
  };
  return { invoice: { ...invoice, contentHash: contentHash(invoice) }, doubts: [...doubts] };
}

const noLines = { lines: [] as InvoiceLine[], doubts: [] as Doubt[], foreign: noForeign, partyBills: [] };

function sumByClass(lines: InvoiceLine[]): Record<LedgerClass, Paise> {
  const sums = { party: 0n, taxable: 0n, cgst: 0n, sgst: 0n, igst: 0n, cess: 0n, round_off: 0n, tds: 0n, other: 0n };
  for (const line of lines) sums[line.ledgerClass] += line.amount;
  return sums;
}

const isFlag = (text: string): boolean => ['', 'yes', 'no'].includes(nameKey(text));

/**
 * The details that describe an invoice without changing any amount. `lines` is empty for a cancelled invoice, `bills` are the
 * bills of the party's line. Calls `doubt` for a date, period or flag that is present but unreadable; its detail is then null.
 */
function mapDetails(
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
  // A supplier's bill may count its credit period from the supplier's own date. If that is another day, the start is unknown.
  const billDate = isSale || referenceDate === undefined || referenceDate === date ? date : undefined;
  const orderNumbers = distinct(voucher.orders.map(({ number }) => chosen(number)));
  const orderDates = distinct(voucher.orders.map((order) => chosen(order.date)));
  return {
    partyState: chosen(voucher.partyState),
    // Never BASICBUYERNAME: it names the receiver of the goods, which on a purchase is the company itself (docs/tally.md §1.6).
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

/**
 * Tally states reverse charge for the whole voucher, or for a single line, such as the freight of a purchase (docs/tally.md
 * §1.6).
 */
function isReverseCharge(voucher: Voucher, lines: VoucherLine[], doubt: () => void): boolean | null {
  const ofVoucher = optionalFlag(voucher.isReverseCharge, doubt);
  return lines.some(hasReverseCharge) || ofVoucher;
}

const hasReverseCharge = (line: VoucherLine): boolean =>
  reverseCharge.has(nameKey(withoutMark(line.isReverseCharge))) ||
  (line.kind === 'ledger' && line.stockLines.some(hasReverseCharge));
const reverseCharge: ReadonlySet<string> = new Set(['yes', 'applicable']);

function optionalFlag(text: string, doubt: () => void): boolean | null {
  const flag = nameKey(chosen(text) ?? '');
  if (!['', 'yes', 'no'].includes(flag)) doubt();
  return flag === 'yes' ? true : flag === 'no' ? false : null;
}

const distinct = (values: (string | null)[]): string[] => [...new Set(values.filter((value) => value !== null))];

/**
 * SHA-256 (hex) of an invoice and its lines as they will be in the warehouse. The hash includes the mapping version, so that
 * rows of an older mapping are rewritten once.
 */
function contentHash(invoice: Omit<Invoice, 'contentHash'>): string {
  // JSON keeps the fields apart, whatever text they hold. Bigints are written as their digits.
  const text = JSON.stringify([mappingVersion, { ...withDigits(invoice), lines: invoice.lines.map(withDigits) }]);
  return createHash('sha256').update(text).digest('hex');
}
