import { createHash } from 'node:crypto';
import type { DateRange } from '../../base/calendar.js';
import { namesOf } from '../load/column.js';
import { headColumns, invoiceColumns, lineColumns } from '../load/columns.js';
import type { Connection } from '../postgres/connection.js';

/** The state of a company's month, as exported files would show it. */
export interface MonthState {
  /** `2024-04` */
  month: string;
  invoices: number;
  lines: number;
  /** A hash of all values of the rows and of the names of the columns. */
  fingerprint: string;
}

const allDays: DateRange = { from: '0001-01-01', to: '9999-12-31' };

const columns = [invoiceColumns, headColumns, lineColumns].map((list) => namesOf(list));

const hashOf = (values: unknown[]): string =>
  createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 32);

interface Summed {
  month: string;
  rows: number;
  hashes: string;
}

/**
 * The months of a range that have invoices, oldest first. Every column is hashed, so a change by hand changes the fingerprint too.
 * The fingerprint also covers lines of invoices that Tally no longer has. They are not exported; if they change, the month is only
 * written once more.
 */
export async function monthStates(
  connection: Connection,
  companyId: string,
  range: DateRange = allDays,
): Promise<MonthState[]> {
  const invoices = await connection.query<Summed>(
    `SELECT to_char(f.date, 'YYYY-MM') AS month, count(*)::int AS rows,
       sum(hashtextextended((${namesOf(invoiceColumns, 'f.')})::text, 0))::text AS hashes
     FROM public.fact_invoice f
     WHERE f.company_id = $1 AND f.date BETWEEN $2 AND $3 AND f.missing_since IS NULL GROUP BY 1 ORDER BY 1`,
    [companyId, range.from, range.to],
  );
  const lines = await connection.query<Summed>(
    `SELECT to_char(l.date, 'YYYY-MM') AS month, count(*)::int AS rows,
       sum(hashtextextended((l.invoice_id, ${namesOf(headColumns, 'l.')}, ${namesOf(lineColumns, 'l.')})::text, 0))::text AS hashes
     FROM public.fact_invoice_line l WHERE l.company_id = $1 AND l.date BETWEEN $2 AND $3 GROUP BY 1`,
    [companyId, range.from, range.to],
  );
  const linesOf = new Map(lines.map((row) => [row.month, row]));
  return invoices.map(({ month, rows, hashes }) => {
    const ofLines = linesOf.get(month);
    return {
      ...{ month, invoices: rows, lines: ofLines?.rows ?? 0 },
      fingerprint: hashOf([...columns, rows, hashes, ofLines?.rows ?? 0, ofLines?.hashes ?? '0']),
    };
  });
}
