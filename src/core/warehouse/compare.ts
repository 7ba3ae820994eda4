import type { CalendarDate, DateRange } from '../calendar.js';
import { mappingVersion, type InvoiceType } from '../invoice/invoice.js';
import type { Comparison, DayCounts, MissingInvoice, MissingOptions, UnreadTotal } from './comparison.js';
import type { Connection } from './connection.js';

/** An invoice `s` of the stage whose row `f` in the warehouse is another one; $4 is the mapping version. */
export const differs =
  '(f.content_hash IS DISTINCT FROM s.content_hash OR f.mapping_version <> $4::int OR f.missing_since IS NOT NULL)';

/**
 * A row `f` of the warehouse, of company $1 and in the range $2 … $3, that Tally neither sent, not even unreadably, nor
 * lists.
 */
export const isMissing = `f.company_id = $1 AND f.date BETWEEN $2 AND $3
  AND NOT EXISTS (SELECT FROM pg_temp.stage_invoice s WHERE s.invoice_id = f.invoice_id)
  AND NOT EXISTS (SELECT FROM pg_temp.stage_reject r WHERE r.invoice_id = f.invoice_id)
  AND NOT EXISTS (SELECT FROM pg_temp.stage_listed l WHERE l.invoice_id = f.invoice_id)`;

/**
 * The staged invoices of the range against the warehouse; writes nothing. With `removeMissing` what Tally no longer has
 * counts as removed, as the merge would do.
 */
export async function compare(
  connection: Connection,
  companyId: string,
  range: DateRange,
  { removeMissing = false, isKnown }: MissingOptions = {},
): Promise<Comparison> {
  const duplicates = await countDuplicates(connection, range);
  if (!(await hasInvoices(connection))) {
    const days = await connection.query<DayCounts>(
      `SELECT date, count(*)::int AS invoices, count(*)::int AS inserted, 0 AS updated, 0 AS unchanged, 0 AS removed
       FROM pg_temp.stage_invoice WHERE NOT superseded AND date BETWEEN $1 AND $2 GROUP BY date ORDER BY date`,
      [range.from, range.to],
    );
    return { days, duplicates, missing: 0, missingInvoices: [], unread: [] };
  }
  const days = await connection.query<DayCounts>(
    `SELECT s.date, count(*)::int AS invoices,
       count(*) FILTER (WHERE f.invoice_id IS NULL)::int AS inserted,
       count(*) FILTER (WHERE f.invoice_id IS NOT NULL AND ${differs})::int AS updated,
       count(*) FILTER (WHERE f.invoice_id IS NOT NULL AND NOT ${differs})::int AS unchanged,
       0 AS removed
     FROM pg_temp.stage_invoice s
     LEFT JOIN public.fact_invoice f ON f.company_id = $1 AND f.invoice_id = s.invoice_id
     WHERE NOT s.superseded AND s.date BETWEEN $2 AND $3
     GROUP BY s.date ORDER BY s.date`,
    [companyId, range.from, range.to, mappingVersion],
  );
  if (!removeMissing)
    return { days, duplicates, ...(await findMissing(connection, companyId, range, isKnown)), unread: [] };
  const removed = await connection.query<RemovedOfDay>(
    `SELECT f.date, count(*)::int AS removed FROM public.fact_invoice f WHERE ${isMissing} GROUP BY f.date`,
    [companyId, range.from, range.to],
  );
  return { days: withRemoved(days, removed), duplicates, missing: 0, missingInvoices: [], unread: [] };
}

/** How many invoices the warehouse has of a company in a range; 0 without tables. */
export async function countInvoices(connection: Connection, companyId: string, range: DateRange): Promise<number> {
  if (!(await hasInvoices(connection))) return 0;
  const [row] = await connection.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM public.fact_invoice WHERE company_id = $1 AND date BETWEEN $2 AND $3',
    [companyId, range.from, range.to],
  );
  return row!.count;
}

export interface RemovedOfDay {
  date: CalendarDate;
  removed: number;
}

/** The counts of days with the rows that leave them; also of days that Tally has nothing of. */
export function withRemoved(days: DayCounts[], removed: RemovedOfDay[]): DayCounts[] {
  return addToDays(
    days,
    removed.map(({ date, removed: count }) => ({ ...noCounts, date, removed: count })),
  );
}

/** The counts of days with the invoices that were not read because they have not changed. */
export function withUnread(days: DayCounts[], unread: UnreadTotal[]): DayCounts[] {
  return addToDays(
    days,
    unread.map(({ date, invoices }) => ({ ...noCounts, date, invoices, unchanged: invoices })),
  );
}

const noCounts = { invoices: 0, inserted: 0, updated: 0, unchanged: 0, removed: 0 };

function addToDays(days: DayCounts[], more: DayCounts[]): DayCounts[] {
  const byDate = new Map(days.map((day) => [day.date, day]));
  for (const { date, invoices, unchanged, removed } of more) {
    const day = byDate.get(date) ?? { ...noCounts, date };
    byDate.set(date, {
      ...day,
      invoices: day.invoices + invoices,
      unchanged: day.unchanged + unchanged,
      removed: day.removed + removed,
    });
  }
  return [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}

/** How many staged invoices of the range were replaced by a later one with the same id. */
export async function countDuplicates(connection: Connection, range: DateRange): Promise<number> {
  const [row] = await connection.query<{ duplicates: number }>(
    'SELECT count(*)::int AS duplicates FROM pg_temp.stage_invoice WHERE superseded AND date BETWEEN $1 AND $2',
    [range.from, range.to],
  );
  return row!.duplicates;
}

/** The rows of the range that Tally no longer has, but for the known ones: their number, and the first 100. */
export async function findMissing(
  connection: Connection,
  companyId: string,
  range: DateRange,
  isKnown: (invoice: MissingInvoice) => boolean = () => false,
): Promise<{ missing: number; missingInvoices: MissingInvoice[] }> {
  const rows = await connection.query<{
    invoice_id: string;
    date: CalendarDate;
    invoice_type: InvoiceType;
    invoice_number: string | null;
    total_amount: string;
  }>(
    `SELECT f.invoice_id, f.date, f.invoice_type, f.invoice_number, f.total_amount
     FROM public.fact_invoice f WHERE ${isMissing} ORDER BY f.date, f.invoice_id`,
    [companyId, range.from, range.to],
  );
  const missing = rows
    .map((row) => ({
      invoiceId: row.invoice_id,
      date: row.date,
      invoiceType: row.invoice_type,
      invoiceNumber: row.invoice_number,
      totalAmount: row.total_amount,
    }))
    .filter((invoice) => !isKnown(invoice));
  return { missing: missing.length, missingInvoices: missing.slice(0, 100) };
}

async function hasInvoices(connection: Connection): Promise<boolean> {
  const [row] = await connection.query<{ oid: string | null }>("SELECT to_regclass('public.fact_invoice') AS oid");
  return row?.oid != null;
}
