import type { Invoice, InvoiceLine, Reject } from '../../invoice/invoice.js';
import { decimalColumns, plainColumns, type Column, type Head } from './column.js';

/** An invoice with its place in the order of staging. */
export interface InvoiceRow {
  seq: number;
  invoice: Invoice;
}

export interface LineRow extends InvoiceRow {
  lineNo: number;
  line: InvoiceLine;
}

const { text, date, integer, boolean } = plainColumns;
const decimal = decimalColumns(({ invoice }: InvoiceRow): Head => ({
  ...invoice,
  id: invoice.invoiceId,
  number: invoice.invoiceNumber,
}));
const money = (name: string, value: (invoice: Invoice) => bigint): Column<InvoiceRow> =>
  decimal(name, 2, ({ invoice }: InvoiceRow) => value(invoice));

/** The columns of fact_invoice that come from Tally. */
export const invoiceColumns: Column<InvoiceRow>[] = [
  text('invoice_id', ({ invoice }) => invoice.invoiceId),
  integer('alter_id', 'bigint', ({ invoice }) => invoice.alterId),
  integer('master_id', 'bigint', ({ invoice }) => invoice.masterId),
  text('invoice_type', ({ invoice }) => invoice.invoiceType),
  text('voucher_type', ({ invoice }) => invoice.voucherType),
  text('invoice_number', ({ invoice }) => invoice.invoiceNumber),
  date('date', ({ invoice }) => invoice.date),
  text('reference', ({ invoice }) => invoice.reference),
  date('reference_date', ({ invoice }) => invoice.referenceDate),
  text('party_name', ({ invoice }) => invoice.partyName),
  text('party_gstin', ({ invoice }) => invoice.partyGstin),
  text('place_of_supply', ({ invoice }) => invoice.placeOfSupply),
  money('taxable_amount', (invoice) => invoice.taxableAmount),
  money('cgst_amount', (invoice) => invoice.cgstAmount),
  money('sgst_amount', (invoice) => invoice.sgstAmount),
  money('igst_amount', (invoice) => invoice.igstAmount),
  money('cess_amount', (invoice) => invoice.cessAmount),
  money('round_off_amount', (invoice) => invoice.roundOffAmount),
  money('other_amount', (invoice) => invoice.otherAmount),
  money('total_amount', (invoice) => invoice.totalAmount),
  money('tds_amount', (invoice) => invoice.tdsAmount),
  text('currency', ({ invoice }) => invoice.currency),
  text('irn', ({ invoice }) => invoice.irn),
  text('irn_ack_no', ({ invoice }) => invoice.irnAckNo),
  date('irn_ack_date', ({ invoice }) => invoice.irnAckDate),
  text('eway_bill_no', ({ invoice }) => invoice.ewayBillNo),
  boolean('is_cancelled', ({ invoice }) => invoice.isCancelled),
  boolean('is_optional', ({ invoice }) => invoice.isOptional),
  text('narration', ({ invoice }) => invoice.narration),
  text('content_hash', ({ invoice }) => invoice.contentHash),
  decimal('foreign_amount', 4, ({ invoice }: InvoiceRow) => invoice.foreignAmount),
  decimal('exchange_rate', 6, ({ invoice }: InvoiceRow) => invoice.exchangeRate),
  text('party_state', ({ invoice }) => invoice.partyState),
  text('buyer_name', ({ invoice }) => invoice.buyerName),
  text('party_registration_type', ({ invoice }) => invoice.partyRegistrationType),
  text('consignee_gstin', ({ invoice }) => invoice.consigneeGstin),
  text('consignee_state', ({ invoice }) => invoice.consigneeState),
  text('company_gstin', ({ invoice }) => invoice.companyGstin),
  integer('credit_days', 'int', ({ invoice }) => invoice.creditDays),
  date('due_date', ({ invoice }) => invoice.dueDate),
  text('order_number', ({ invoice }) => invoice.orderNumber),
  date('order_date', ({ invoice }) => invoice.orderDate),
  text('nature_of_return', ({ invoice }) => invoice.natureOfReturn),
  boolean('is_reverse_charge', ({ invoice }) => invoice.isReverseCharge),
  date('eway_bill_date', ({ invoice }) => invoice.ewayBillDate),
  text('vehicle_number', ({ invoice }) => invoice.vehicleNumber),
  text('irn_qr_code', ({ invoice }) => invoice.irnQrCode),
];

/** The columns of fact_invoice_line, without the key of the line's invoice. */
export const lineColumns: Column<LineRow>[] = [
  integer('line_no', 'int', ({ lineNo }) => lineNo),
  text('line_type', ({ line }) => line.lineType),
  text('ledger_name', ({ line }) => line.ledgerName),
  text('ledger_class', ({ line }) => line.ledgerClass),
  text('item_name', ({ line }) => line.itemName),
  text('hsn', ({ line }) => line.hsn),
  decimal('quantity', 4, ({ line }: LineRow) => line.quantity),
  text('unit', ({ line }) => line.unit),
  decimal('rate', 4, ({ line }: LineRow) => line.rate),
  decimal('discount_percent', 4, ({ line }: LineRow) => line.discountPercent),
  decimal('gst_rate', 4, ({ line }: LineRow) => line.gstRate),
  decimal('amount', 2, ({ line }: LineRow) => line.amount),
  text('description', ({ line }) => line.description),
  text('godown', ({ line }) => line.godown),
  text('batch', ({ line }) => line.batch),
  text('taxability', ({ line }) => line.taxability),
  text('type_of_supply', ({ line }) => line.typeOfSupply),
];

/**
 * The columns that a line repeats from its invoice, so that a query about lines needs no join. The copies stay equal because
 * lines are written only together with their invoice.
 */
export const headColumns: readonly { name: 'date' | 'invoice_type' }[] = [{ name: 'date' }, { name: 'invoice_type' }];

/** The columns of etl_rejects that come from Tally. */
export const rejectColumns: Column<Reject>[] = [
  text('invoice_id', (reject) => reject.invoiceId),
  integer('alter_id', 'bigint', ({ alterId }) => alterId),
  text('invoice_number', (reject) => reject.invoiceNumber),
  date('date', (reject) => reject.date),
  text('field', (reject) => reject.field),
  text('reason_code', (reject) => reject.reasonCode),
  text('reason', (reject) => reject.reason),
  text('raw', (reject) => reject.raw),
  text('source', (reject) => reject.source ?? null),
];
