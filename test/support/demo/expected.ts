import { formatDecimal } from '../../../src/core/base/decimal.js';
import type { AnswerEncoding } from '../../../src/demo/answers/encoding.js';
import { headSaysReverseCharge } from '../../../src/demo/answers/xml/lineXml.js';
import { companyGstin } from '../../../src/demo/book/recipes/details.js';
import { lossy } from '../../../src/demo/answers/encoding.js';
import type { DemoVoucher, Entry, GstRate, Role } from '../../../src/demo/book/voucher.js';

type Texts<Name extends string> = Record<Name, string | null>;

/** A row of fact_invoice_line as PostgreSQL shows it: an amount as `1180.00`, other numbers as `57.0000`. */
export interface ExpectedLine
  extends
    Texts<'ledger_name' | 'item_name' | 'hsn' | 'quantity' | 'unit' | 'rate' | 'discount_percent' | 'gst_rate'>,
    Texts<'description' | 'godown' | 'batch' | 'taxability' | 'type_of_supply'> {
  line_no: number;
  line_type: 'item' | 'ledger';
  ledger_class: Role;
  amount: string;
}

/** The columns of fact_invoice that change no amount: a foreign amount as `1180.0000`, a rate as `82.990000`. */
interface ExpectedDetails
  extends
    Texts<'foreign_amount' | 'exchange_rate' | 'party_state' | 'buyer_name' | 'party_registration_type'>,
    Texts<'consignee_gstin' | 'consignee_state' | 'company_gstin' | 'due_date' | 'order_number' | 'order_date'>,
    Texts<'nature_of_return' | 'eway_bill_date' | 'vehicle_number' | 'irn_qr_code'> {
  credit_days: number | null;
  is_reverse_charge: boolean;
}

type Sum = `${'taxable' | 'cgst' | 'sgst' | 'igst' | 'cess' | 'round_off' | 'other' | 'total' | 'tds'}_amount`;

/** The order in invoice view with items: the party, the items, the other ledgers (docs/contract.md, "line_no"). */
function inOrder({ view, entries }: DemoVoucher): Entry[] {
  const items = entries.filter(({ kind }) => kind === 'item');
  if (view === 'accounting' || items.length === 0) return entries;
  const isParty = (entry: Entry): boolean => entry.kind === 'ledger' && entry.role === 'party';
  return [
    ...entries.filter(isParty),
    ...items,
    ...entries.filter((entry) => entry.kind === 'ledger' && !isParty(entry)),
  ];
}

/** A row of fact_invoice as PostgreSQL shows it, with its lines. */
export interface ExpectedInvoice
  extends
    ExpectedDetails,
    Record<Sum, string>,
    Record<'company_id' | 'invoice_id' | 'alter_id' | 'master_id' | 'voucher_type' | 'date' | 'currency', string>,
    Texts<'invoice_number' | 'reference' | 'reference_date' | 'party_name' | 'party_gstin' | 'place_of_supply'>,
    Texts<'irn' | 'irn_ack_no' | 'irn_ack_date' | 'eway_bill_no' | 'narration'> {
  invoice_type: 'sales' | 'purchase' | 'credit_note' | 'debit_note';
  is_cancelled: boolean;
  is_optional: boolean;
  lines: ExpectedLine[];
}

/**
 * The row that the warehouse must have for a voucher; undefined for a voucher that is not an invoice of the books. Such
 * vouchers are of other kinds, or deleted. The row is derived from business terms, not from Tally's signs or XML. `encoding`:
 * the encoding of Tally's answers, which has `?` for characters that it lacks. `companyGuid`: the requested company, if it is
 * not the voucher's.
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
    total_amount: rupees(sums.party - sums.tds), // sums.tds is negative: the deducted tax belongs to the bill
    tds_amount: rupees(-sums.tds),
    // A cancelled voucher has no amounts, which would name the currency.
    currency: (!voucher.cancelled && text(voucher.forex?.symbol)) || 'INR',
    irn: voucher.irn?.irn ?? null,
    irn_ack_no: voucher.irn?.ackNo ?? null,
    irn_ack_date: voucher.irn?.ackDate ?? null,
    eway_bill_no: voucher.ewayBills[0] ?? null,
    is_cancelled: voucher.cancelled,
    is_optional: voucher.optional,
    narration: text(voucher.narration),
    ...expectedDetails(voucher, text, sign),
    lines: inOrder(voucher).map((entry, index) => expectedLine(entry, index + 1, text, rupees)),
  };
}

/** A line of goods, services or charges. Many vouchers mark reverse charge only on these lines. */
const isValued = (entry: Entry): boolean => entry.kind === 'item' || entry.role === 'taxable';

/** The expected columns that change no amount. */
function expectedDetails(
  voucher: DemoVoucher,
  text: (value: string | undefined) => string | null,
  sign: bigint,
): ExpectedDetails {
  const { details = {}, cancelled } = voucher;
  const forex = cancelled ? undefined : voucher.forex;
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
    is_reverse_charge:
      details.reverseCharge === true && (headSaysReverseCharge(voucher) || voucher.entries.some(isValued)),
    eway_bill_date: hasBill ? (details.ewayBillDate ?? voucher.date) : null,
    vehicle_number: hasBill ? text(details.vehicle) : null,
    irn_qr_code: text(voucher.irn?.qrCode),
  };
}

function sumByRole(entries: readonly Entry[]): Record<Role, bigint> {
  const sums = { party: 0n, taxable: 0n, cgst: 0n, sgst: 0n, igst: 0n, cess: 0n, round_off: 0n, tds: 0n, other: 0n };
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

/** The godown or batch of a line; null if the line's second allocation has another. */
const single = (first: string | null, other: string | null | undefined): string | null =>
  other === undefined || other === first ? first : null;

/** Exempt goods are taxed at 0, whether their heads have a rate or not. */
const gstPercent = (gst: GstRate | undefined): string | null =>
  gst && (gst.heads !== 'blank' || gst.percent === 0n) ? formatDecimal(gst.percent, 4) : null;

const fourDecimals = (value: bigint | undefined): string | null =>
  value === undefined ? null : formatDecimal(value, 4);

/** Text as the database must hold it: trimmed, without the characters that XML 1.0 forbids, and null if nothing is left. */
function clean(text: string): string | null {
  // oxlint-disable-next-line no-control-regex -- control characters are what this pattern removes
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '').trim() || null;
}
