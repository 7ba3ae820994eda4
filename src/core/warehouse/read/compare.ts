import type { CalendarDate, DateRange } from '../../base/calendar.js';
import type { Comparison, DayCounts, MissingInvoice, UnreadTotal } from './comparison.js';
import type { Connection } from '../postgres/connection.js';
import { findDifferences, readDifferences } from './differences.js';
import { isMissing, rowsOfRange } from '../load/otherRows.js';
import { divideStaged } from '../load/stagedPages.js';
import { hasTable } from '../postgres/migrate.js';

export interface CompareOptions {
  /** For clear-and-reload: invoices that Tally no longer has count as removed, else as missing. */
  removeMissing?: boolean;
  /** The days for which an invoice counts as gone in Tally if Tally neither sent nor listed it; undefined: no day. */
  goneIn: DateRange | undefined;
}

/** At most this many invoices of each kind are listed. */
const listed = 100;

/**
 * Returns what a merge of the staged invoices of the range would do. Reads one snapshot, and writes nothing to the
 * warehouse.
 */
export function compare(
  connection: Connection,
  companyId: string,
  range: DateRange,
  { removeMissing = false, goneIn }: CompareOptions,
): Promise<Comparison> {
  const by = removeMissing ? 'reload' : 'load';
  const options = { by, goneIn, withMarked: true, limit: listed, perKind: true } as const;
  return connection.snapshot(async () => {
    const { duplicates, pages } = await divideStaged(connection, range);
    await findDifferences(connection, companyId, range, pages, options);
    const days = await connection.query<DayCounts>(
      `SELECT date, count(*) FILTER (WHERE kind <> 'gone-in-tally')::int AS invoices,
         count(*) FILTER (WHERE kind = 'missing-here')::int AS inserted, count(*) FILTER (WHERE kind = 'different')::int AS updated,
         count(*) FILTER (WHERE kind = 'same')::int AS unchanged, count(*) FILTER (WHERE kind = 'gone-in-tally')::int AS removed
       FROM (
         SELECT s.date, coalesce(d.kind, 'same') AS kind FROM pg_temp.stage_invoice s LEFT JOIN pg_temp.stage_difference d USING (seq)
         WHERE NOT s.superseded AND s.date BETWEEN $1 AND $2
         UNION ALL SELECT date, 'same' FROM pg_temp.stage_listed WHERE unchanged AND date BETWEEN $1 AND $2
         UNION ALL SELECT date, kind FROM pg_temp.stage_difference WHERE $3 AND kind = 'gone-in-tally') all_kinds
       GROUP BY date ORDER BY date`,
      [range.from, range.to, removeMissing],
    );
    const differences = await readDifferences(connection, companyId, options);
    const missingInvoices = removeMissing ? [] : differences.listed.filter(({ kind }) => kind === 'gone-in-tally');
    return {
      days,
      duplicates,
      missing: removeMissing ? 0 : differences.counts.goneInTally,
      missingInvoices: missingInvoices.map(({ invoiceId, date, invoiceType, invoiceNumber, totalAmount }) => ({
        ...{ invoiceId, date, invoiceType, invoiceNumber, totalAmount },
      })),
      unread: [],
      differences,
    };
  });
}

/** The number of a company's invoices in a range, including those marked as missing; 0 if there is no such table. */
export async function countInvoices(connection: Connection, companyId: string, range: DateRange): Promise<number> {
  if (!(await hasTable(connection, 'fact_invoice'))) return 0;
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

/** Adds the removed rows to the counts of their days. A day that `days` lacks is added. */
export function withRemoved(days: DayCounts[], removed: RemovedOfDay[]): DayCounts[] {
  return addToDays(days, removed);
}

/** Adds the unread invoices, which have not changed, to the counts of their days. */
export function withUnread(days: DayCounts[], unread: UnreadTotal[]): DayCounts[] {
  return addToDays(
    days,
    unread.map(({ date, invoices }) => ({ date, invoices, unchanged: invoices })),
  );
}

function addToDays(days: DayCounts[], more: (Partial<DayCounts> & { date: CalendarDate })[]): DayCounts[] {
  const byDate = new Map(days.map((day) => [day.date, day]));
  for (const { date, invoices = 0, unchanged = 0, removed = 0 } of more) {
    const day = byDate.get(date) ?? { date, invoices: 0, inserted: 0, updated: 0, unchanged: 0, removed: 0 };
    byDate.set(date, {
      ...day,
      invoices: day.invoices + invoices,
      unchanged: day.unchanged + unchanged,
      removed: day.removed + removed,
    });
  }
  return [...byDate.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}

/**
 * The warehouse's invoices of the range that Tally no longer has: their number, and the first 100. Invoices for which
 * `isKnown` (MissingOptions) is true are left out. The `retyped` invoices, which Tally has as vouchers of another type,
 * are included in any case.
 */
export async function findMissing(
  connection: Connection,
  companyId: string,
  range: DateRange,
  isKnown: (invoice: MissingInvoice) => boolean = () => false,
  retyped: MissingInvoice[] = [],
): Promise<{ missing: number; missingInvoices: MissingInvoice[] }> {
  const found = await connection.query<MissingInvoice>(
    `WITH ${rowsOfRange}
     SELECT f.invoice_id AS "invoiceId", f.date, f.invoice_type AS "invoiceType", f.invoice_number AS "invoiceNumber",
       f.total_amount AS "totalAmount"
     FROM of_range f WHERE ${isMissing} ORDER BY f.date, f.invoice_id`,
    [companyId, range.from, range.to],
  );
  const others = new Set(retyped.map(({ invoiceId }) => invoiceId));
  const missing = [...found.filter((one) => !others.has(one.invoiceId) && !isKnown(one)), ...retyped];
  return { missing: missing.length, missingInvoices: missing.slice(0, listed) };
}
