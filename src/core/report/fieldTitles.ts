// The titles of the columns of an invoice and its lines, for comparisons and for the display of an invoice.
import { t } from '@vscode/l10n';

const ofInvoice: Record<string, () => string> = {
  invoice_type: () => t('Invoice type'),
  voucher_type: () => t('Voucher type'),
  invoice_number: () => t('Invoice number'),
  date: () => t('Date'),
  reference: () => t('Reference'),
  reference_date: () => t('Reference date'),
  party_name: () => t('Party name'),
  party_gstin: () => t('Party GSTIN'),
  place_of_supply: () => t('Place of supply'),
  taxable_amount: () => t('Taxable amount'),
  cgst_amount: () => t('CGST amount'),
  sgst_amount: () => t('SGST amount'),
  igst_amount: () => t('IGST amount'),
  cess_amount: () => t('Cess amount'),
  round_off_amount: () => t('Round off amount'),
  other_amount: () => t('Other amount'),
  total_amount: () => t('Total amount'),
  tds_amount: () => t('TDS amount'),
  currency: () => t('Currency'),
  irn: () => t('IRN'),
  irn_ack_no: () => t('IRN ack no'),
  irn_ack_date: () => t('IRN ack date'),
  eway_bill_no: () => t('Eway bill no'),
  is_cancelled: () => t('Cancelled'),
  is_optional: () => t('Optional'),
  narration: () => t('Narration'),
  invoice_id: () => t('Invoice id'),
  alter_id: () => t('Alter id'),
  master_id: () => t('Master id'),
  foreign_amount: () => t('Foreign amount'),
  exchange_rate: () => t('Rate of exchange'),
  party_state: () => t('Party state'),
  buyer_name: () => t('Buyer name'),
  party_registration_type: () => t('Party registration type'),
  consignee_gstin: () => t('Consignee GSTIN'),
  consignee_state: () => t('Consignee state'),
  company_gstin: () => t('Company GSTIN'),
  credit_days: () => t('Credit days'),
  due_date: () => t('Due date'),
  order_number: () => t('Order number'),
  order_date: () => t('Order date'),
  nature_of_return: () => t('Nature of return'),
  is_reverse_charge: () => t('Reverse charge'),
  eway_bill_date: () => t('Eway bill date'),
  vehicle_number: () => t('Vehicle number'),
  irn_qr_code: () => t('IRN QR code'),
  missing_since: () => t('Marked as gone since'),
};

/** Titles of a line's columns, in lower case because `Line 2` stands before them. */
const ofLine: Record<string, () => string> = {
  date: () => t('date'),
  invoice_type: () => t('invoice type'),
  line_type: () => t('line type'),
  ledger_name: () => t('ledger name'),
  ledger_class: () => t('ledger class'),
  item_name: () => t('item name'),
  hsn: () => t('HSN'),
  quantity: () => t('quantity'),
  unit: () => t('unit'),
  rate: () => t('rate'),
  discount_percent: () => t('discount percent'),
  gst_rate: () => t('GST rate'),
  amount: () => t('amount'),
  description: () => t('description'),
  godown: () => t('godown'),
  batch: () => t('batch'),
  taxability: () => t('taxability'),
  type_of_supply: () => t('type of supply'),
};

/**
 * `Party GSTIN` for the column `party_gstin`, `Line 2 HSN` for `line 2 hsn`, `Line 2` for the whole line `line 2`. An
 * unknown column is its own title.
 */
export function fieldTitle(field: string): string {
  const [, line, column] = /^line (\d+)(?: (\w+))?$/.exec(field) ?? [];
  if (line === undefined) return ofInvoice[field]?.() ?? field;
  if (column === undefined) return t('Line {line}', { line });
  return t('Line {line} {field}', { line, field: ofLine[column]?.() ?? column });
}
