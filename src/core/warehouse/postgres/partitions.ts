import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';
import { escapeIdentifier, type Connection } from './connection.js';

/** Matches CREATE TABLE for a table that has a company in each row; not etl_logs, and not dim_company (one row for each company). */
const createsLarge = /^(?:\s|--[^\n]*\n)*CREATE TABLE \w+ \([^;]*^ *company_id\s+text NOT NULL,/m;

/** The statement of a migration, changed for tables that are divided by company. makePartitions creates the partitions later. */
export const asPartitioned = (statement: string): string =>
  createsLarge.test(statement) ? `${statement}\nPARTITION BY HASH (company_id)` : statement;

/**
 * Creates the partitions of each table that is divided by company and has none yet, in the caller's transaction. Call it after all
 * migrations: before PostgreSQL 17 an identity column cannot be added to a table with partitions.
 */
export async function makePartitions(connection: Connection, count: number): Promise<void> {
  const tables = await connection.query<{ name: string }>(
    `SELECT relname::text AS name FROM pg_class c JOIN pg_partitioned_table p ON p.partrelid = c.oid
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0] AND a.attname = 'company_id'
     WHERE relnamespace = 'public'::regnamespace AND partstrat = 'h'
       AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhparent = c.oid)
     ORDER BY relname`,
  );
  for (const { name } of tables)
    for (let i = 0; i < count; i++) {
      const [table, part] = [name, `${name}_p${i}`].map(escapeIdentifier);
      await connection.execute(
        `CREATE TABLE public.${part} PARTITION OF public.${table} FOR VALUES WITH (MODULUS ${count}, REMAINDER ${i})`,
      );
    }
}

/** The error for dividing a database that already has tables. */
export const notEmpty = (): EtlError =>
  new EtlError(
    'warehouse-refused',
    t('The warehouse already has tables, which cannot be divided afterwards.'),
    t('Create an empty database, set DB_URL to it, run migrate --partitions, and load the companies again.'),
  );
