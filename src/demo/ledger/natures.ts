import type { Book } from '../book/book.js';

/** The properties that a group has from its reserved group: the group itself, or the one that it lies below. */
export interface Nature {
  /** Its ledgers belong to the profit and loss account, so they open at 0 in each period. */
  isRevenue: boolean;
  isDeemedPositive: boolean;
  affectsGrossProfit: boolean;
  sortPosition: number;
}

type Row = readonly [name: string, isRevenue: boolean, isDeemedPositive: boolean, affectsGrossProfit: boolean];

/**
 * The reserved groups in Tally's order. Their positions here are 10, 20 and so on. docs/tally.md §9.6 has the field SORTPOSITION,
 * but not its values.
 */
const reserved: readonly Row[] = [
  ['Capital Account', false, false, false],
  ['Loans (Liability)', false, false, false],
  ['Current Liabilities', false, false, false],
  ['Fixed Assets', false, true, false],
  ['Investments', false, true, false],
  ['Current Assets', false, true, false],
  ['Branch / Divisions', false, false, false],
  ['Misc. Expenses (ASSET)', false, true, false],
  ['Suspense A/c', false, false, false],
  ['Sales Accounts', true, false, true],
  ['Purchase Accounts', true, true, true],
  ['Direct Incomes', true, false, true],
  ['Direct Expenses', true, true, true],
  ['Indirect Incomes', true, false, false],
  ['Indirect Expenses', true, true, false],
  ['Reserves & Surplus', false, false, false],
  ['Bank OD A/c', false, false, false],
  ['Secured Loans', false, false, false],
  ['Unsecured Loans', false, false, false],
  ['Duties & Taxes', false, false, false],
  ['Provisions', false, false, false],
  ['Bank Accounts', false, true, false],
  ['Sundry Creditors', false, false, false],
  ['Stock-in-Hand', false, true, false],
  ['Deposits (Asset)', false, true, false],
  ['Loans & Advances (Asset)', false, true, false],
  ['Sundry Debtors', false, true, false],
  ['Cash-in-Hand', false, true, false],
];

const natures = new Map(
  reserved.map(([name, isRevenue, isDeemedPositive, affectsGrossProfit], n): [string, Nature] => [
    name,
    { isRevenue, isDeemedPositive, affectsGrossProfit, sortPosition: (n + 1) * 10 },
  ]),
);

/**
 * The nature of a group. A group made by the user has the nature of the reserved group above it, and comes after all reserved
 * groups.
 */
export function natureOf({ groups }: Book, name: string): Nature | undefined {
  const rows = new Map(groups.map((row) => [row.name, row]));
  let own = true;
  for (let row = rows.get(name); row; row = rows.get(row.parent), own = false) {
    const nature = natures.get(row.reservedName);
    if (nature) return own ? nature : { ...nature, sortPosition: 1_000 };
  }
  return undefined;
}

/** The name of the topmost group above a group; the name of the group itself if it has no parent. */
export function topGroupOf({ groups }: Book, name: string): string {
  const rows = new Map(groups.map((row) => [row.name, row]));
  let top = name;
  for (let row = rows.get(name); row; row = rows.get(row.parent)) top = row.name;
  return top;
}
