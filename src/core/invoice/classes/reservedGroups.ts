import { nameKey, withoutMark } from '../../base/names.js';
import type { GroupMaster } from './masters.js';

/** Tally's 28 reserved groups by the names that they have in every new company, and a second name of one of them. */
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

/** Whether a name is one of Tally's own names of groups. */
export const isReservedGroup = (name: string): boolean => reserved.has(nameKey(name));

const isSame = (one: GroupMaster | undefined, other: GroupMaster): boolean =>
  one?.parent === other.parent && one.reservedName === other.reservedName;

/**
 * Returns, for the group of a ledger, the nearest reserved group above the ledger, as a name key. `''` means a primary group of
 * the company's own. Undefined means that the reserved group is unknown: a group on the way is not listed, or two groups have
 * its name.
 */
export function reservedGroupsOf(groups: GroupMaster[]): (group: string) => string | undefined {
  const byName = new Map<string, GroupMaster | undefined>();
  for (const group of groups) {
    const key = nameKey(group.name);
    // Once Tally has lost their letters, two Hindi names of one length are both `?????`, and nothing tells which group is
    // meant.
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
