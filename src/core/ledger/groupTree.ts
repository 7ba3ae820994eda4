import { nameKey, withoutMark } from '../base/names.js';
import { isReservedGroup } from '../invoice/classes/reservedGroups.js';
import type { GroupRow, Nature } from './ledgerMasters.js';

/** A group as Tally gives it. A field that Tally does not give is '' or null. */
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

/**
 * The nature of Tally's primary groups, and whether they affect the gross profit. All groups below them have the same values.
 */
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
 * The groups as rows, with their paths and natures. RESERVEDNAME stays when a group is renamed (docs/tally.md §9.6). The
 * primary group decides the nature of all groups below it. For a primary group that the user made, Tally's own flags decide.
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

/**
 * The reserved name of one of Tally's own groups, else undefined. Without RESERVEDNAME the group's name can still be a reserved
 * one.
 */
const ownName = ({ reservedName, name }: GroupFields): string | undefined =>
  reservedName || (isReservedGroup(name) ? name : undefined);

/** The ids of groups by the keys of their names; null for a name that several groups share. */
export function groupIds(groups: readonly GroupRow[]): Map<string, string | null> {
  const ids = new Map<string, string | null>();
  for (const { name, groupId } of groups) ids.set(nameKey(name), ids.has(nameKey(name)) ? null : groupId);
  return ids;
}

/**
 * The group and all groups above it, the highest first. Stops at a parent that is not listed, or that is in the chain already.
 */
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
