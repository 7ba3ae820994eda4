import { chandigarhCustomer, customers, foreignCustomers, haulier, suppliers } from './parties.js';

export interface LedgerRow {
  name: string;
  parent: string;
  /** `GST`, `TDS`, `TCS`, `Others`. */
  taxType: string;
  /** Both spellings of the state head occur, as in real books; ' Not Applicable' for ledgers without a head. */
  gstDutyHead: string;
  /** `GST`: amounts booked here are part of the value that GST is charged on, for goods, services or both. */
  appropriateFor?: string;
  gstAppropriateTo?: string;
}

const none = '\u0004 Not Applicable';
const purchases = 'Purchases & Imports';
const rates = [5, 12, 18, 28];

const plain = (parent: string, ...names: string[]): LedgerRow[] =>
  names.map((name) => ({ name, parent, taxType: 'Others', gstDutyHead: none }));

const tax = (name: string, gstDutyHead: string, parent = 'Duties & Taxes'): LedgerRow => ({
  name,
  parent,
  taxType: 'GST',
  gstDutyHead,
});

const assessable = (parent: string, name: string, gstAppropriateTo: string): LedgerRow => ({
  ...{ name, parent, taxType: 'Others', gstDutyHead: none },
  ...{ appropriateFor: 'GST', gstAppropriateTo },
});

/** The names of the ledgers that vouchers use. Their classes come from the list below, not from their names. */
export const ledger = {
  salesLocal: (percent: number): string => (percent === 0 ? 'Sales Exempt' : `Sales GST ${percent}%`),
  // A trap for name patterns: these are sales, not tax.
  salesInterstate: (percent: number): string => (percent === 0 ? 'Sales Exempt' : `Sales Interstate IGST ${percent}%`),
  salesExport: 'Export (LUT) A/c',
  salesReturn: 'Returns Inward',
  serviceIncome: 'Installation & Service @18%',
  commission: 'Commission Received',
  purchaseLocal: (percent: number): string => (percent === 0 ? 'Purchase Exempt' : `Purchase CGST+SGST ${percent}%`),
  purchaseInterstate: (percent: number): string =>
    percent === 0 ? 'Purchase Exempt' : `Purchase Interstate ${percent}%`,
  purchaseReturn: 'Returns Outward',
  outputCgst: 'Output CGST',
  outputSgst: 'Output SGST',
  outputUtgst: 'Output UTGST',
  outputIgst: 'Output IGST',
  outputCess: 'उपकर (Zarda)',
  inputCgst: 'Input Central Tax',
  inputSgst: 'Input SGST/UTGST',
  /** A name that no pattern can classify: only the master says that it is IGST. */
  inputIgst: 'Duty Ledger 7',
  roundOff: 'Round Off',
  roundedSales: 'ROUNDED OFF (Sales)',
  /** ROUNDTYPE on the line marks it as a round-off; the name does not. */
  paise: 'Paise Adjustment',
  discountAllowed: 'Trade Discount Allowed',
  discountReceived: 'Discount Received',
  freightOut: 'Freight & Cartage Outward',
  freightIn: 'Freight Inward',
  /** Part of the value that GST is charged on, which only their masters say. */
  schemeDiscount: 'Scheme Discount',
  packing: 'Packing & Forwarding',
  carriageIn: 'Carriage Inward (on bill)',
  tcs: 'TCS on Sale of Goods',
  tdsContractor: 'TDS on Contractors 194C',
  /** Tax deducted at source, which only its master says. */
  tdsProfessional: 'Tax Deducted u/s 194J',
  rent: 'Office Rent',
  fees: 'Professional Fees',
  jobWork: 'Job Work Charges',
  cash: 'Cash',
  bank: 'Demo Bank Current A/c 001122',
  bankCharges: 'Bank Charges',
  salary: 'Salaries & Wages',
} as const;

export const ledgers: readonly LedgerRow[] = [
  ...plain('Sales Accounts', 'Sales Exempt', ledger.salesReturn, ledger.serviceIncome),
  ...plain('Sales Accounts', ...rates.map(ledger.salesLocal), ...rates.map(ledger.salesInterstate)),
  ...plain('Export Sales', ledger.salesExport),
  ...plain(purchases, 'Purchase Exempt', ledger.purchaseReturn, ledger.jobWork),
  ...plain(purchases, ...rates.map(ledger.purchaseLocal), ...rates.map(ledger.purchaseInterstate)),
  tax(ledger.outputCgst, 'CGST'),
  tax(ledger.outputSgst, 'State Tax'),
  tax(ledger.outputUtgst, 'UT Tax'),
  tax(ledger.outputIgst, 'IGST'),
  tax(ledger.outputCess, 'Cess', 'GST Ledgers'),
  tax(ledger.inputCgst, 'CGST', 'GST Ledgers'),
  tax(ledger.inputSgst, 'SGST/UTGST', 'GST Ledgers'),
  tax(ledger.inputIgst, 'IGST', 'GST Ledgers'),
  { name: ledger.tcs, parent: 'Duties & Taxes', taxType: 'TCS', gstDutyHead: none },
  { name: ledger.tdsContractor, parent: 'Duties & Taxes', taxType: 'TDS', gstDutyHead: none },
  { name: ledger.tdsProfessional, parent: 'Duties & Taxes', taxType: 'TDS', gstDutyHead: none },
  ...plain('Indirect Incomes', ledger.commission, ledger.discountReceived, ledger.freightOut),
  ...plain('Indirect Expenses', ledger.roundOff, ledger.roundedSales, ledger.paise, ledger.discountAllowed),
  ...plain('Indirect Expenses', ledger.rent, ledger.fees, ledger.bankCharges, ledger.salary),
  ...plain('Direct Expenses', ledger.freightIn),
  assessable('Indirect Expenses', ledger.schemeDiscount, 'Goods and Services'),
  assessable('Indirect Incomes', ledger.packing, 'Goods'),
  assessable('Direct Expenses', ledger.carriageIn, 'Goods'),
  ...plain('Cash-in-Hand', ledger.cash),
  ...plain('Bank Accounts', ledger.bank),
  ...plain('\u0004 Primary', 'Profit & Loss A/c'),
  ...[...customers, ...suppliers, ...foreignCustomers, chandigarhCustomer, haulier].flatMap((p) =>
    plain(p.group, p.ledger),
  ),
];
