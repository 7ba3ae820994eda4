import { comparisonKey } from '../postgres/companyLock.js';
import type { Connection } from '../postgres/connection.js';
import { neededRights } from '../tryWrites.js';

/** Rows of one company in one table. */
export interface TableCount {
  table: string;
  rows: number;
}

/**
 * Every table that a load writes. Lines come before their invoices, because lines that a cascade deletes are not
 * counted.
 */
const tables = Object.keys(neededRights).reverse();

/** How many rows of a company each table has. Tables without any are left out. */
export async function countCompany(connection: Connection, companyId: string): Promise<TableCount[]> {
  const counts: TableCount[] = [];
  for (const table of tables) {
    const [row] = await connection.query<{ rows: number }>(
      `SELECT count(*)::int AS rows FROM public.${table} WHERE company_id = $1`,
      [companyId],
    );
    counts.push({ table, rows: row!.rows });
  }
  return withRows(counts);
}

/**
 * Deletes every row of a company in one transaction, and returns the counts. Readers see all rows or none. The caller
 * holds the lock of the company.
 */
export function removeCompany(connection: Connection, companyId: string): Promise<TableCount[]> {
  return connection.transaction(async () => {
    // Waits for a running verify of the company, which would otherwise record days whose invoices have been removed.
    await connection.execute('SELECT pg_advisory_xact_lock($1::bigint)', [comparisonKey(companyId)]);
    const removed: TableCount[] = [];
    for (const table of tables)
      removed.push({
        table,
        rows: await connection.execute(`DELETE FROM public.${table} WHERE company_id = $1`, [companyId]),
      });
    return withRows(removed);
  });
}

/** The tables with rows. The order puts first what people know best: companies and invoices. */
const withRows = (counts: TableCount[]): TableCount[] => counts.filter(({ rows }) => rows > 0).reverse();
