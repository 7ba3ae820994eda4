import { stockItems } from './items.js';
import { onAccountOf, openingBillsOf, type OpeningBill } from './openings.js';
import { chandigarhCustomer, customers, foreignCustomers, haulier, suppliers, type Party } from './parties.js';

export interface LedgerRow {
  name: string;
  parent: string;
  /** The balance when the books begin, in paise with Tally's sign: a debit is negative. Default: 0. */
  opening?: bigint;
  /** The ledger's amounts belong to bills (ISBILLWISEON). */
  isBillWise?: true;
  /** The bills that make up the opening balance. The rest of it is on account. */
  openingBills?: readonly OpeningBill[];
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
  /** GST is charged on the next three too, which only their masters say. */
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
  salaryPayable: 'Salary Payable',
  providentFund: 'PF Payable',
  machinery: 'Plant & Machinery',
  depreciation: 'Depreciation',
  exchangeDifference: 'Forex Gain/Loss',
  loan: 'Term Loan (Demo Bank)',
  capital: "Proprietor's Capital A/c",
} as const;

/** Opening balances beside those of the parties and of the capital. */
const openings: Readonly<Record<string, bigint>> = {
  [ledger.cash]: -4_853_250n,
  [ledger.bank]: -612_540_075n,
  [ledger.inputCgst]: -18_204_437n,
  [ledger.inputSgst]: -18_204_437n,
  [ledger.inputIgst]: -7_311_900n,
  [ledger.outputCgst]: 21_650_312n,
  [ledger.outputSgst]: 21_650_312n,
  [ledger.tdsContractor]: 1_240_000n,
  [ledger.salaryPayable]: 38_500_000n,
  [ledger.machinery]: -1_250_000_000n,
  [ledger.loan]: 900_000_000n,
};

/** The row of a party's ledger. All parties have bills except the haulier, who is paid on account. */
function partyRow(party: Party, n: number, side: 'debit' | 'credit'): LedgerRow[] {
  const rows = plain(party.group, party.ledger);
  if (party === haulier) return rows.map((row): LedgerRow => ({ ...row, opening: 2_750_050n }));
  const openingBills = openingBillsOf(side, n);
  const rest = openingBills.length > 0 ? onAccountOf(n) : 0n;
  const opening = openingBills.reduce((sum, { value }) => sum + value, rest);
  return rows.map((row): LedgerRow => ({
    ...row,
    isBillWise: true,
    ...(openingBills.length > 0 && { opening, openingBills }),
  }));
}

const rows: readonly LedgerRow[] = [
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
  ...customers.flatMap((party, n) => partyRow(party, n, 'debit')),
  ...suppliers.flatMap((party, n) => partyRow(party, n, 'credit')),
  // With n = 0 these parties have no opening bills: opening bills are in rupees, those of foreign customers are not.
  ...[...foreignCustomers, chandigarhCustomer, haulier].flatMap((party) => partyRow(party, 0, 'debit')),
  ...plain('Current Liabilities', ledger.salaryPayable, ledger.providentFund),
  ...plain('Fixed Assets', ledger.machinery),
  ...plain('Indirect Expenses', ledger.depreciation, ledger.exchangeDifference),
  ...plain('Secured Loans', ledger.loan),
].map((row): LedgerRow => (row.name in openings ? { ...row, opening: openings[row.name]! } : row));

/**
 * The opening of the capital balances all others. The opening stock is one of them: a debit that stands on no ledger.
 */
const ownCapital =
  stockItems.reduce((sum, { opening }) => sum + opening.value, 0n) -
  rows.reduce((sum, { opening = 0n }) => sum + opening, 0n);

export const ledgers: readonly LedgerRow[] = [
  ...rows,
  ...plain('Capital Account', ledger.capital).map((row): LedgerRow => ({ ...row, opening: ownCapital })),
];

const billWise = new Set(ledgers.flatMap(({ name, isBillWise }) => (isBillWise ? [name] : [])));

/** Whether the amounts of a ledger of the demo company belong to bills. */
export const isBillWise = (name: string): boolean => billWise.has(name);

interface PendingBill extends OpeningBill {
  ledger: string;
}

/** The opening bills of the customers or the suppliers, with unsigned amounts. */
export const openingBills = (side: 'customer' | 'supplier'): readonly PendingBill[] => pendingAtFirst[side];

const pendingAtFirst = { customer: pendingOf(customers), supplier: pendingOf(suppliers) };

function pendingOf(parties: readonly Party[]): PendingBill[] {
  const names = new Set(parties.map((party) => party.ledger));
  return ledgers.flatMap(({ name, openingBills: bills = [] }) =>
    names.has(name)
      ? bills.map((bill) => ({ ...bill, ledger: name, value: bill.value < 0n ? -bill.value : bill.value }))
      : [],
  );
}
