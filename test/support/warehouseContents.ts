import { ask } from './postgres.js';

/**
 * The contents that dashboards see: each day's invoices and lines with their sums. One statement reads them, so all
 * figures are of one moment.
 */
const perDay = `SELECT date::text, count(*)::int AS invoices, sum(total_amount)::text AS total,
    sum(lines)::int AS lines, sum(amount)::text AS amount
  FROM fact_invoice LEFT JOIN (SELECT company_id, invoice_id, count(*) AS lines, sum(abs(amount)) AS amount
    FROM fact_invoice_line GROUP BY 1, 2) l USING (company_id, invoice_id)
  GROUP BY date ORDER BY date`;

export const contentsOf = async (url: string): Promise<string> => JSON.stringify(await ask(url, perDay));

const tables = ['dim_company', 'fact_invoice', 'fact_invoice_line', 'etl_checkpoints', 'etl_logs', 'etl_rejects'];

/** One text for every row of every table and the transaction that wrote it. Equal texts mean that nothing was written. */
export async function writtenState(url: string, of: string[] = tables): Promise<string> {
  const digests = of.map(
    (table) =>
      `SELECT '${table}' AS name, md5(string_agg(t.xmin::text || t::text, '|' ORDER BY t.xmin::text, t::text)) AS digest FROM ${table} t`,
  );
  return JSON.stringify(await ask(url, `${digests.join(' UNION ALL ')} ORDER BY name`));
}

/** Counts the rows of a table or a FROM clause. */
export async function countIn(url: string, from: string): Promise<number> {
  const [row] = await ask(url, `SELECT count(*)::int AS n FROM ${from}`);
  return row!.n as number;
}
