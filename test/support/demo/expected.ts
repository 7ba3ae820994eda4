import { formatDecimal } from '../../../src/core/base/decimal.js';
import type { AnswerEncoding } from '../../../src/demo/answers/encoding.js';
import { companyGstin } from '../../../src/demo/book/recipes/details.js';
import { lossy } from '../../../src/demo/answers/encoding.js';
import type { DemoVoucher, Entry, GstRate, Role } from '../../../src/demo/book/voucher.js';

/** A row of fact_invoice_line, as PostgreSQL shows it. */
export interface ExpectedLine {
  line_no: number;
  line_type: 'item' | 'ledger';
  ledger_name: string | null;
  ledger_class: Role;
  item_name: string | null;
  hsn: string | null;
  /** `670.0000` */
  quantity: string | null;
  unit: string | null;
  /** Rupees per unit, `57.0000`. */
  rate: string | null;
  /** Percent, `2.5000`. */
  discount_percent: string | null;
  /** Percent, `18.0000`. */
  gst_rate: string | null;
  /** Rupees, `1180.00`. */
  amount: string;
  description: string | null;
  godown: string | null;
  batch: string | null;
  taxability: string | null;
  type_of_supply: string | null;
}

/** The columns of fact_invoice that book nothing. */
interface ExpectedDetails {
  /** In the foreign currency, `1180.0000`. */
  foreign_amount: string | null;
  /** Rupees, `82.990000`. */
  exchange_rate: string | null;
  party_state: string | null;
  buyer_name: string | null;
  party_registration_type: string | null;
  consignee_gstin: string | null;
  consignee_state: string | null;
  company_gstin: string | null;
  credit_days: number | null;
  due_date: string | null;
  order_number: string | null;
  order_date: string | null;
  nature_of_return: string | null;
  is_reverse_charge: boolean;
  eway_bill_date: string | null;
  vehicle_number: string | null;
  irn_qr_code: string | null;
}

/** A row of fact_invoice, as PostgreSQL shows it, with its lines. */
export interface ExpectedInvoice extends ExpectedDetails {
  company_id: string;
  invoice_id: string;
  alter_id: string;
  master_id: string;
  invoice_type: 'sales' | 'purchase' | 'credit_note' | 'debit_note';
  voucher_type: string;
  invoice_number: string | null;
  date: string;
  reference: string | null;
  reference_date: string | null;
  party_name: string | null;
  party_gstin: string | null;
  place_of_supply: string | null;
  taxable_amount: string;
  cgst_amount: string;
  sgst_amount: string;
  igst_amount: string;
  cess_amount: string;
  round_off_amount: string;
  other_amount: string;
  total_amount: string;
  tds_amount: string;
  currency: string;
  irn: string | null;
  irn_ack_no: string | null;
  irn_ack_date: string | null;
  eway_bill_no: string | null;
  is_cancelled: boolean;
  is_optional: boolean;
  narration: string | null;
  lines: ExpectedLine[];
}

/**
 * What the warehouse must hold of a voucher, undefined for what is no invoice of the books: another voucher, or one that
 * was deleted. Told from the business's side: it reads neither Tally's signs nor XML. `encoding`: what the loader asked
 * Tally for; all but UTF-16 lose characters. `companyGuid`: of the company that was asked, where it is not the voucher's.
 */
export function expectedInvoice(
  voucher: DemoVoucher,
  encoding: AnswerEncoding = 'utf-16',
  companyGuid = voucher.guid.slice(0, -9),
): ExpectedInvoice | undefined {
  if (voucher.base === 'none' || voucher.deleted) return undefined;
  const text = (value: string | undefined): string | null => clean(lossy(value ?? '', encoding));
  const isNote = voucher.base === 'credit_note' || voucher.base === 'debit_note';
  const sign = isNote === voucher.reversed ? 1n : -1n;
  const rupees = (value: bigint): string => formatDecimal(sign * value, 2);
  const sums = sumByRole(voucher.entries);
  return {
    company_id: companyGuid,
    invoice_id: voucher.guid,
    alter_id: String(voucher.alterId),
    master_id: String(voucher.masterId),
    invoice_type: voucher.base,
    voucher_type: text(voucher.typeName)!,
    invoice_number: text(voucher.number),
    date: voucher.date,
    reference: text(voucher.reference),
    reference_date: voucher.referenceDate ?? null,
    party_name: text(voucher.partyLedger) ?? text(voucher.partyName),
    party_gstin: text(voucher.partyGstin),
    place_of_supply: text(voucher.placeOfSupply),
    taxable_amount: rupees(sums.taxable),
    cgst_amount: rupees(sums.cgst),
    sgst_amount: rupees(sums.sgst),
    igst_amount: rupees(sums.igst),
    cess_amount: rupees(sums.cess),
    round_off_amount: rupees(sums.round_off),
    other_amount: rupees(sums.other),
    total_amount: rupees(sums.party - sums.tds), // sums.tds is negative: what was deducted belongs to the bill
    tds_amount: rupees(-sums.tds),
    currency: text(voucher.forex?.symbol) ?? 'INR',
    irn: voucher.irn?.irn ?? null,
    irn_ack_no: voucher.irn?.ackNo ?? null,
    irn_ack_date: voucher.irn?.ackDate ?? null,
    eway_bill_no: voucher.ewayBills[0] ?? null,
    is_cancelled: voucher.cancelled,
    is_optional: voucher.optional,
    narration: text(voucher.narration),
    ...expectedDetails(voucher, text, sign),
    lines: voucher.entries.map((entry, index) => expectedLine(entry, index + 1, text, rupees)),
  };
}

/** What books nothing. */
function expectedDetails(
  voucher: DemoVoucher,
  text: (value: string | undefined) => string | null,
  sign: bigint,
): ExpectedDetails {
  const { details = {}, forex } = voucher;
  const party = voucher.entries.find((entry) => entry.kind === 'ledger' && entry.role === 'party');
  const credit = party?.kind === 'ledger' ? party.credit : undefined;
  const orderDates = new Set(details.orders?.map(({ date }) => date));
  const hasBill = voucher.ewayBills.length > 0;
  return {
    foreign_amount: forex && party?.foreign !== undefined ? formatDecimal(sign * party.foreign * 100n, 4) : null,
    exchange_rate: forex ? formatDecimal(forex.rate * 10_000n, 6) : null,
    party_state: voucher.partyLedger === '' ? null : text(voucher.placeOfSupply),
    buyer_name: text(voucher.partyName),
    party_registration_type: voucher.partyGstin === '' ? 'Unregistered/Consumer' : 'Regular',
    consignee_gstin: text(details.consignee?.gstin ?? voucher.partyGstin),
    consignee_state: text(details.consignee?.state),
    company_gstin: voucher.release === 'prime' ? companyGstin : null,
    credit_days: credit?.days ?? null,
    due_date: credit?.dueDate ?? null,
    order_number: text(details.orders?.map(({ number }) => number).join(', ')),
    order_date: orderDates.size === 1 ? [...orderDates][0]! : null,
    nature_of_return: text(details.natureOfReturn),
    is_reverse_charge: details.reverseCharge === true,
    eway_bill_date: hasBill ? (details.ewayBillDate ?? voucher.date) : null,
    vehicle_number: hasBill ? text(details.vehicle) : null,
    irn_qr_code: text(voucher.irn?.qrCode),
  };
}

function sumByRole(entries: readonly Entry[]): Record<Role, bigint> {
  const sums: Record<Role, bigint> = {
    party: 0n,
    taxable: 0n,
    cgst: 0n,
    sgst: 0n,
    igst: 0n,
    cess: 0n,
    round_off: 0n,
    tds: 0n,
    other: 0n,
  };
  for (const entry of entries) sums[entry.kind === 'item' ? 'taxable' : entry.role] += entry.value;
  return sums;
}

function expectedLine(
  entry: Entry,
  lineNo: number,
  text: (value: string | undefined) => string | null,
  rupees: (value: bigint) => string,
): ExpectedLine {
  const common = {
    line_no: lineNo,
    line_type: entry.kind,
    ledger_name: text(entry.ledger),
    hsn: text(entry.hsn),
    gst_rate: gstPercent(entry.gst),
    amount: rupees(entry.value),
    description: text(entry.description?.join('\n')),
  };
  if (entry.kind === 'ledger') {
    const noItem = { item_name: null, quantity: null, unit: null, rate: null, discount_percent: null };
    const taxability = entry.assessable === 'taxability' ? 'Taxable' : null;
    const noStock = { godown: null, batch: null, taxability };
    const type_of_supply = entry.hsn === undefined ? null : 'Services';
    const gst_rate = common.gst_rate ?? (entry.taxedAt === undefined ? null : formatDecimal(entry.taxedAt, 4));
    return { ...common, ...noItem, ...noStock, gst_rate, type_of_supply, ledger_class: entry.role };
  }
  return {
    ...common,
    ledger_class: 'taxable',
    item_name: text(entry.item),
    quantity: fourDecimals(entry.quantity?.count),
    unit: text(entry.quantity?.unit),
    rate: fourDecimals(entry.rate),
    discount_percent: fourDecimals(entry.discount),
    godown: single(text(entry.godown ?? 'Main Location'), entry.alsoFrom && text(entry.alsoFrom.godown)),
    batch: single(text(entry.batch ?? 'Primary Batch'), entry.alsoFrom && text(entry.alsoFrom.batch)),
    taxability: entry.gst?.percent === 0n ? 'Exempt' : 'Taxable',
    type_of_supply: 'Goods',
  };
}

const single = (first: string | null, other: string | null | undefined): string | null =>
  other === undefined || other === first ? first : null;

/** Exempt goods are taxed at 0, whether their heads carry a rate or not. */
const gstPercent = (gst: GstRate | undefined): string | null =>
  gst && (gst.heads !== 'blank' || gst.percent === 0n) ? formatDecimal(gst.percent, 4) : null;

const fourDecimals = (value: bigint | undefined): string | null =>
  value === undefined ? null : formatDecimal(value, 4);

/** What no database text should keep of Tally's: characters that XML 1.0 forbids, blanks around; nothing left is null. */
function clean(text: string): string | null {
  // eslint-disable-next-line no-control-regex -- control characters are what this is about
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').trim() || null;
}
