import type { DateRange } from '../../base/calendar.js';
import type { Connection } from '../postgres/connection.js';

/** Invoices in the order of staging, from the first `seq` to the last. */
export type Page = [first: number, last: number];

/** The staged invoices of a range. */
export interface Staged {
  /** The number of staged copies that are not used, because another copy of the same invoice is newer. */
  duplicates: number;
  /** The invoices, in pages for one statement each. */
  pages: Page[];
}

/** The most invoices that one statement compares: PostgreSQL holds their rows and lines until its end. */
const pageInvoices = 10_000;

/** Counts the staged invoices of the range, and divides them. Each page has all lines of its invoices. */
export async function divideStaged(connection: Connection, range: DateRange, most = pageInvoices): Promise<Staged> {
  const [row] = await connection.query<{ duplicates: number; invoices: number; first: number; last: number }>(
    `SELECT count(*) FILTER (WHERE superseded)::int AS duplicates, count(*) FILTER (WHERE NOT superseded)::int AS invoices,
       min(seq) FILTER (WHERE NOT superseded) AS first, max(seq) FILTER (WHERE NOT superseded) AS last
     FROM pg_temp.stage_invoice WHERE date BETWEEN $1 AND $2`,
    [range.from, range.to],
  );
  const { duplicates, invoices, first, last } = row!;
  if (invoices === 0) return { duplicates, pages: [] };
  if (invoices <= most) return { duplicates, pages: [[first, last]] };
  await indexStage(connection);
  const pages: Page[] = [];
  for (let from = first; from <= last; from += most) pages.push([from, Math.min(from + most - 1, last)]);
  return { duplicates, pages };
}

/**
 * A single statement reads the whole stage. Repeated statements, by pages or day by day, need indexes to find their
 * rows.
 */
export async function indexStage(connection: Connection): Promise<void> {
  await connection.query(
    `CREATE INDEX IF NOT EXISTS stage_invoice_date ON pg_temp.stage_invoice (date);
     CREATE INDEX IF NOT EXISTS stage_invoice_seq ON pg_temp.stage_invoice (seq);
     CREATE INDEX IF NOT EXISTS stage_line_seq ON pg_temp.stage_line (seq)`,
  );
}
