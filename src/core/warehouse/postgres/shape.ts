import { t } from '@vscode/l10n';
import type { Connection } from './connection.js';

/** How the tables of a warehouse are stored: undivided, in partitions by company, or on the workers of a cluster. */
export interface WarehouseShape {
  kind: 'plain' | 'partitioned' | 'distributed';
  /** The number of partitions of each divided table; null unless partitioned. */
  partitions: number | null;
}

/** Reads the catalog. A warehouse without tables is plain. */
export async function readShape(connection: Connection): Promise<WarehouseShape> {
  if (await isDistributed(connection)) return { kind: 'distributed', partitions: null };
  const [table] = await connection.query<{ isDivided: boolean; partitions: number }>(
    `SELECT relkind = 'p' AS "isDivided", (SELECT count(*)::int FROM pg_inherits WHERE inhparent = c.oid) AS partitions
     FROM pg_class c WHERE oid = to_regclass('public.fact_invoice')`,
  );
  return table?.isDivided === true
    ? { kind: 'partitioned', partitions: table.partitions }
    : { kind: 'plain', partitions: null };
}

export function describeShape({ kind, partitions }: WarehouseShape): string {
  if (kind === 'distributed') return t('The tables are distributed by company over the workers of a cluster.');
  return kind === 'partitioned'
    ? t('The tables are divided by company into {count} partitions.', { count: partitions! })
    : t('The tables are plain: the rows of all companies lie together.');
}

/** Whether the database has the extension that distributes tables (Citus). */
export async function hasExtension(connection: Connection): Promise<boolean> {
  const [row] = await connection.query<{ found: boolean }>(
    "SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL AS found",
  );
  return row!.found;
}

async function isDistributed(connection: Connection): Promise<boolean> {
  if (!(await hasExtension(connection))) return false;
  const rows = await connection.query(
    "SELECT FROM pg_catalog.pg_dist_partition WHERE logicalrelid = to_regclass('public.fact_invoice')",
  );
  return rows.length > 0;
}
