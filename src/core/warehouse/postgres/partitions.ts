import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';
import { escapeIdentifier, type Connection } from './connection.js';

/** A table is made whose rows are of a company each: not etl_logs, nor dim_company, which has one row a company. */
const createsLarge = /^(?:\s|--[^\n]*\n)*CREATE TABLE \w+ \([^;]*^ *company_id\s+text NOT NULL,/m;

/** The statement of a migration as a database divided by company needs it. The partitions are made when all have run. */
export const asPartitioned = (statement: string): string =>
  createsLarge.test(statement) ? `${statement}\nPARTITION BY HASH (company_id)` : statement;

/**
 * Makes the partitions of each table that is divided by company and has none yet, in the caller's transaction. Only now, because before PostgreSQL 17 no
 * column with numbers of its own can be added to a table with partitions.
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

/** The error of a database that already has tables, which cannot be divided afterwards. */
export const notEmpty = (): EtlError =>
  new EtlError(
    'warehouse-refused',
    t('The warehouse already has tables, which cannot be divided afterwards.'),
    t('Make an empty database, let DB_URL name it, run migrate --partitions there, and load the companies again.'),
  );
