/** One row of the group list. Tally marks reserved words with U+0004. */
export interface GroupRow {
  name: string;
  parent: string;
  reservedName: string;
}

const primary = '\u0004 Primary';

const reserved: readonly (readonly [name: string, parent: string])[] = [
  ['Branch / Divisions', primary],
  ['Capital Account', primary],
  ['Reserves & Surplus', 'Capital Account'],
  ['Current Assets', primary],
  ['Bank Accounts', 'Current Assets'],
  ['Cash-in-Hand', 'Current Assets'],
  ['Deposits (Asset)', 'Current Assets'],
  ['Loans & Advances (Asset)', 'Current Assets'],
  ['Stock-in-Hand', 'Current Assets'],
  ['Sundry Debtors', 'Current Assets'],
  ['Current Liabilities', primary],
  ['Duties & Taxes', 'Current Liabilities'],
  ['Provisions', 'Current Liabilities'],
  ['Sundry Creditors', 'Current Liabilities'],
  ['Direct Expenses', primary],
  ['Direct Incomes', primary],
  ['Fixed Assets', primary],
  ['Indirect Expenses', primary],
  ['Indirect Incomes', primary],
  ['Investments', primary],
  ['Loans (Liability)', primary],
  ['Bank OD A/c', 'Loans (Liability)'],
  ['Secured Loans', 'Loans (Liability)'],
  ['Unsecured Loans', 'Loans (Liability)'],
  ['Misc. Expenses (ASSET)', primary],
  ['Sales Accounts', primary],
  ['Suspense A/c', primary],
];

export const groups: readonly GroupRow[] = [
  ...reserved.map(([name, parent]) => ({ name, parent, reservedName: name })),
  // Renamed by the user: only RESERVEDNAME shows that this is the group Purchase Accounts.
  { name: 'Purchases & Imports', parent: primary, reservedName: 'Purchase Accounts' },
  { name: 'Export Sales', parent: 'Sales Accounts', reservedName: '' },
  { name: 'Export Sales - Services', parent: 'Export Sales', reservedName: '' },
  { name: 'North Zone Debtors', parent: 'Sundry Debtors', reservedName: '' },
  { name: 'GST Ledgers', parent: 'Duties & Taxes', reservedName: '' },
  { name: "Transporters' Dues", parent: 'Sundry Creditors', reservedName: '' },
];
