import { nameKey } from '../../base/names.js';
import type { LedgerMasters } from '../../ledger/ledgerMasters.js';
import type { Connection } from '../postgres/connection.js';

/**
 * The kinds whose masters are removed only if they are not in use. A ledger is removed if two lists lack it
 * (jobs/books/ledgerMasters), so its use is not looked up.
 */
export type UsedKind = Exclude<keyof LedgerMasters, 'ledgers' | 'openingBills'>;

/** The masters of a kind that are in use, although Tally's list lacks them. They stay in the warehouse. */
export interface KeptMasters {
  kind: UsedKind;
  count: number;
  /** The names of the first few. */
  names: string[];
}

interface Asked {
  connection: Connection;
  companyId: string;
  masters: LedgerMasters;
}

interface Use {
  /** The column by which vouchers and other masters refer to a master. */
  by: string;
  /** Returns the values that are in use. */
  find: (asked: Asked, values: string[]) => Promise<{ used: string }[]>;
}

/**
 * How masters of each kind are found to be in use. Tally refuses to delete a master in use, so a list without it is incomplete
 * (docs/tally.md §9.6).
 */
const uses: Record<UsedKind, Use> = {
  groups: {
    by: 'name',
    // Looks at the ledgers and groups of this load, not of the warehouse: a ledger may have moved to another group.
    find: ({ masters: { ledgers, groups = [] } }, names) => {
      const above = [...ledgers.map(({ groupName }) => groupName), ...groups.map(({ parentName }) => parentName)];
      const keys = new Set(above.map((name) => nameKey(name ?? '')));
      return Promise.resolve(names.flatMap((used) => (keys.has(nameKey(used)) ? [{ used }] : [])));
    },
  },
  stockItems: {
    by: 'item_id',
    find: ({ connection, companyId }, ids) =>
      connection.query(
        `SELECT DISTINCT e.item_id AS used FROM public.fact_stock_entry e JOIN public.fact_voucher v USING (company_id, voucher_id)
         WHERE company_id = $1 AND v.missing_since IS NULL AND e.item_id = ANY ($2)`,
        [companyId, ids],
      ),
  },
  units: {
    by: 'name',
    find: ({ connection, companyId }, names) =>
      connection.query(
        'SELECT DISTINCT base_unit AS used FROM public.dim_stock_item WHERE company_id = $1 AND base_unit = ANY ($2)',
        [companyId, names],
      ),
  },
  voucherTypes: {
    by: 'name',
    find: ({ connection, companyId }, names) =>
      connection.query(
        `SELECT DISTINCT voucher_type AS used FROM public.fact_voucher
         WHERE company_id = $1 AND missing_since IS NULL AND voucher_type = ANY ($2)`,
        [companyId, names],
      ),
  },
  costCentres: {
    by: 'name',
    find: ({ connection, companyId }, names) =>
      connection.query(
        `SELECT DISTINCT c.cost_centre AS used FROM public.fact_cost_allocation c JOIN public.fact_voucher v USING (company_id, voucher_id)
         WHERE company_id = $1 AND v.missing_since IS NULL AND c.cost_centre = ANY ($2)`,
        [companyId, names],
      ),
  },
};

/** A row of the warehouse that Tally's list lacks: its key, and its name if it has one. */
export type OtherMaster = Record<string, string | number>;

export const isUsedKind = (kind: keyof LedgerMasters): kind is UsedKind => kind in uses;

const mostNamed = 5;

/**
 * Finds which of `others`, masters that Tally's list lacks, are in use; undefined if none is. For kinds that are found
 * by name: if the list has the name under another id, the name belongs to the listed master, and the other one counts
 * as not in use.
 */
export async function findUsed(
  asked: Asked,
  kind: UsedKind,
  others: readonly OtherMaster[],
): Promise<KeptMasters | undefined> {
  const { by, find } = uses[kind];
  const valueOf = (row: OtherMaster): string => String(row[by]);
  const listed = new Set(by === 'name' ? asked.masters[kind]!.map(({ name }) => name) : []);
  const unlisted = others.filter(({ name }) => !listed.has(String(name)));
  if (unlisted.length === 0) return undefined;
  const used = new Set((await find(asked, unlisted.map(valueOf))).map((row) => row.used));
  const names = unlisted.filter((row) => used.has(valueOf(row))).map(({ name }) => String(name));
  return names.length === 0 ? undefined : { kind, count: names.length, names: names.slice(0, mostNamed) };
}
