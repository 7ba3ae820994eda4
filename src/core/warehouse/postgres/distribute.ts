import { t } from '@vscode/l10n';
import { refused, type Target } from '../warehouseError.js';
import type { Connection } from './connection.js';
import { hasExtension, readShape } from './shape.js';

/** Throws `warehouse-refused` if the database does not have the extension Citus, or if the server is a worker of a cluster. */
export async function assertCoordinator(connection: Connection, target: Target): Promise<void> {
  if (!(await hasExtension(connection)))
    throw refused(
      target,
      t('this database does not have the extension citus, which distributes tables.'),
      t(
        'Ask the administrator of the server to install citus and to run CREATE EXTENSION citus, or use migrate --partitions on an empty database.',
      ),
    );
  const [local] = await connection.query<{ group: number }>(
    'SELECT groupid AS "group" FROM pg_catalog.pg_dist_local_group',
  );
  if (local !== undefined && local.group !== 0)
    throw refused(
      target,
      t('this server is a worker of a cluster.'),
      t('Set DB_URL to the coordinator: all programs load through it.'),
    );
}

/**
 * The tables of a distributed warehouse that are not distributed. A load distributes new tables after the transaction of its
 * migrations, so a failure between the two leaves tables on the coordinator. Empty for a plain or partitioned warehouse.
 */
export async function undistributedTables(connection: Connection): Promise<string[]> {
  return (await readShape(connection)).kind === 'distributed' ? tablesToDistribute(connection) : [];
}

/**
 * The tables that are still to be distributed, in order. dim_company comes first, because the others are placed where
 * it is; then come tables to which others refer.
 */
async function tablesToDistribute(connection: Connection): Promise<string[]> {
  const tables = await connection.query<{ name: string }>(
    `SELECT c.relname::text AS name FROM pg_class c
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'company_id' AND a.attnotnull
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND NOT EXISTS (SELECT FROM pg_catalog.pg_dist_partition p WHERE p.logicalrelid = c.oid)
     ORDER BY c.relname <> 'dim_company', NOT EXISTS (
       SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.confrelid = c.oid), c.relname`,
  );
  return tables.map(({ name }) => name);
}

/**
 * Distributes, in one transaction, the tables that have a company in each row and are not distributed yet. Rows are kept.
 * etl_logs stays on the coordinator, because a run may fail before its company is known.
 */
export function distribute(connection: Connection): Promise<void> {
  return connection.transaction(async () => {
    await connection.execute("SET LOCAL citus.multi_shard_modify_mode = 'sequential'");
    const tables = await tablesToDistribute(connection);
    for (const name of tables)
      await connection.execute("SELECT create_distributed_table($1::regclass, 'company_id', colocate_with => $2)", [
        `public.${name}`,
        name === 'dim_company' ? 'default' : 'public.dim_company',
      ]);
    for (const name of tables)
      await connection.execute('SELECT truncate_local_data_after_distributing_table($1::regclass)', [`public.${name}`]);
  });
}
