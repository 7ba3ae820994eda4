import { nameKey, withoutMark } from '../base/names.js';
import { isReservedGroup } from '../invoice/classes/reservedGroups.js';
import type { GroupRow, Nature } from './ledgerMasters.js';

/** A group as Tally gives it. '' or null: Tally does not say it. */
export interface GroupFields {
  guid: string;
  name: string;
  parent: string;
  reservedName: string;
  isRevenue: boolean | null;
  isDeemedPositive: boolean | null;
  affectsGrossProfit: boolean | null;
  sortPosition: number | null;
}

type Known = readonly [nature: Nature, affectsGrossProfit: boolean];

/** Tally's primary groups. The other reserved groups lie below these, and a group of the user's has what is above it. */
const primaries: ReadonlyMap<string, Known> = new Map(
  (
    [
      ['Capital Account', 'liability', false],
      ['Loans (Liability)', 'liability', false],
      ['Current Liabilities', 'liability', false],
      ['Fixed Assets', 'asset', false],
      ['Investments', 'asset', false],
      ['Current Assets', 'asset', false],
      ['Branch / Divisions', 'liability', false],
      ['Misc. Expenses (ASSET)', 'asset', false],
      ['Suspense A/c', 'liability', false],
      ['Sales Accounts', 'income', true],
      ['Purchase Accounts', 'expense', true],
      ['Direct Incomes', 'income', true],
      ['Direct Expenses', 'expense', true],
      ['Indirect Incomes', 'income', false],
      ['Indirect Expenses', 'expense', false],
    ] as const
  ).map(([name, ...known]) => [nameKey(name), known]),
);

export const isPrimary = (parent: string): boolean => ['', 'primary'].includes(nameKey(withoutMark(parent)));

/**
 * The groups as rows, with their paths and natures. RESERVEDNAME stays when a group is renamed (docs/tally.md §9.6). The nature
 * is that of the primary group above; of a primary group that the user made, what Tally says of it.
 */
export function groupRows(groups: readonly GroupFields[]): GroupRow[] {
  const byName = new Map(groups.map((group) => [nameKey(group.name), group]));
  return groups.map((group) => {
    const chain = chainOf(group, byName);
    const [top] = chain as [GroupFields];
    const [nature, affectsGrossProfit] = primaries.get(nameKey(ownName(top) ?? '')) ?? toldOf(top);
    return {
      groupId: group.guid,
      name: group.name,
      parentName: isPrimary(group.parent) ? null : group.parent,
      path: chain.map(({ name }) => name).join(' > '),
      primaryName: top.name,
      reservedName: ownName(group) ?? null,
      reservedGroup: chain.map(ownName).findLast((name) => name !== undefined) ?? null,
      nature,
      affectsGrossProfit,
      sortPosition: group.sortPosition,
    };
  });
}

/** Tally's own name of a group; a release that gives no RESERVEDNAME shows it in the name alone. */
const ownName = ({ reservedName, name }: GroupFields): string | undefined =>
  reservedName || (isReservedGroup(name) ? name : undefined);

/** The ids of groups by their names; a name that two groups share names none of them. */
export function groupIds(groups: readonly GroupRow[]): Map<string, string | null> {
  const ids = new Map<string, string | null>();
  for (const { name, groupId } of groups) ids.set(nameKey(name), ids.has(nameKey(name)) ? null : groupId);
  return ids;
}

/** The group with all groups above it, the primary one first. It ends at a parent that is not listed, and before a circle. */
function chainOf(group: GroupFields, byName: ReadonlyMap<string, GroupFields>): GroupFields[] {
  const chain: GroupFields[] = [];
  for (
    let next: GroupFields | undefined = group;
    next !== undefined && !chain.includes(next);
    next = isPrimary(next.parent) ? undefined : byName.get(nameKey(next.parent))
  )
    chain.unshift(next);
  return chain;
}

function toldOf({ isRevenue, isDeemedPositive, affectsGrossProfit }: GroupFields): [Nature | null, boolean | null] {
  if (isRevenue === null || isDeemedPositive === null) return [null, affectsGrossProfit];
  if (isRevenue) return [isDeemedPositive ? 'expense' : 'income', affectsGrossProfit];
  return [isDeemedPositive ? 'asset' : 'liability', affectsGrossProfit];
}
