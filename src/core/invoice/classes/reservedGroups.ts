import { nameKey, withoutMark } from '../../base/names.js';
import type { GroupMaster } from './masters.js';

/** Tally's 28 reserved groups under the names that every new company has them by, and a second name of one of them. */
const reserved: ReadonlySet<string> = new Set(
  [
    ...['Branch / Divisions', 'Capital Account', 'Current Assets', 'Current Liabilities', 'Direct Expenses'],
    ...['Direct Incomes', 'Fixed Assets', 'Indirect Expenses', 'Indirect Incomes', 'Investments'],
    ...['Loans (Liability)', 'Misc. Expenses (ASSET)', 'Purchase Accounts', 'Sales Accounts', 'Suspense A/c'],
    ...['Bank Accounts', 'Bank OD A/c', 'Bank OCC A/c', 'Cash-in-Hand', 'Deposits (Asset)', 'Duties & Taxes'],
    ...['Loans & Advances (Asset)', 'Provisions', 'Reserves & Surplus', 'Secured Loans', 'Stock-in-Hand'],
    ...['Sundry Creditors', 'Sundry Debtors', 'Unsecured Loans'],
  ].map(nameKey),
);

const isSame = (one: GroupMaster | undefined, other: GroupMaster): boolean =>
  one?.parent === other.parent && one.reservedName === other.reservedName;

/**
 * The nearest reserved group above a ledger, as a name key, by the group in which the ledger is. `''`: the company's own
 * primary group. Undefined: a group on the way is not listed,
 * or two of its name are, so that what the ledger is cannot be told.
 */
export function reservedGroupsOf(groups: GroupMaster[]): (group: string) => string | undefined {
  const byName = new Map<string, GroupMaster | undefined>();
  for (const group of groups) {
    const key = nameKey(group.name);
    // Two Hindi names of one length are both `?????` once Tally has lost their letters: nothing tells which one is meant.
    byName.set(key, !byName.has(key) || isSame(byName.get(key), group) ? group : undefined);
  }
  const known = new Map<string, string | undefined>();

  const climb = (from: string): string | undefined => {
    const seen = new Set<string>();
    for (let key = from; !seen.has(key); key = nameKey(byName.get(key)!.parent)) {
      seen.add(key);
      const group = byName.get(key);
      const name = nameKey(group?.reservedName ?? '') || key;
      if (reserved.has(name)) return name;
      if (withoutMark(name) === 'primary' || key === '') return '';
      if (group === undefined) return undefined;
    }
    return ''; // the groups refer to each other in a circle, so no reserved group is above them
  };

  return (group) => {
    const key = nameKey(group);
    if (!known.has(key)) known.set(key, climb(key));
    return known.get(key);
  };
}
