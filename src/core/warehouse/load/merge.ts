import type { CalendarDate, DateRange } from '../../base/calendar.js';
import { mappingVersion } from '../../invoice/invoice.js';
import { ledgerStream, moveCheckpoint, type ReachedCheckpoint } from '../records/checkpoints.js';
import { namesOf } from './column.js';
import type { LedgerStage } from './ledgerStage.js';
import { headColumns, invoiceColumns, lineColumns } from './columns.js';
import { findMissing, withRemoved, withUnread, type RemovedOfDay } from '../read/compare.js';
import type { Comparison, DayCounts, MissingOptions, UnreadTotal } from '../read/comparison.js';
import type { Connection } from '../postgres/connection.js';
import { forgetVerified, takeProof, writeDays, type ProvenDays } from '../records/loadedDays.js';
import {
  differs,
  isMissing,
  knownHashes,
  knownLines,
  knownRows,
  otherLines,
  otherRow,
  rowsOfRange,
  stagedPage,
} from './otherRows.js';
import { writeRejects } from '../records/rejects.js';
import { markRetyped } from './retyped.js';
import { divideStaged, type Page } from './stagedPages.js';

export interface MergeOptions extends MissingOptions {
  /** The run's UUID, stored in every row that the run writes. */
  runId: string;
  /** The checkpoints of the loaded streams move to it, in the same transaction as the rows. */
  checkpoint?: ReachedCheckpoint;
  /** The source may be older than the warehouse: rejects that are not in the source stay in etl_rejects. */
  mayBeOld?: boolean;
  /** Records the days of the range as proven, in the same transaction as the rows. */
  proven?: ProvenDays;
}

/** A merge follows a migration, so the lines have all columns. */
const ourLines = { repeats: true };

const written = [
  ...invoiceColumns,
  ...['classed_by', 'mapping_version', 'run_id', 'loaded_at', 'missing_since'].map((name) => ({ name })),
];
const overwrite = written
  .filter(({ name }) => name !== 'invoice_id')
  .map(({ name }) => `${name} = excluded.${name}`)
  .join(', ');

/**
 * Merges the staged invoices of the range into the fact tables in one transaction: readers see the rows from before or
 * from after. Unchanged rows are not written, except by markClassed. A staged invoice is found by its id, whatever its
 * date in the warehouse. The transaction also writes the company, the vouchers of the stream `ledger`, and the rejects.
 * It moves checkpoints and records proven days if the options say so.
 */
export function merge(
  connection: Connection,
  company: { id: string; name: string },
  range: DateRange,
  { runId, removeMissing = false, isKnown, mayBeOld = false, checkpoint, proven }: MergeOptions,
  assertLocked: () => void,
  ledger?: LedgerStage,
): Promise<Comparison> {
  return connection.transaction(async () => {
    const { duplicates, pages } = await divideStaged(connection, range);
    await writeCompany(connection, company);
    await findChanged(connection, company.id, range, pages, removeMissing);
    const { days, optional } = await countDays(connection, range);
    const unread = await sumUnread(connection, company.id, range);
    if (days.some(({ unchanged }) => unchanged > 0)) await markClassed(connection, company.id, range);
    if (days.some(({ inserted, updated }) => inserted + updated > 0)) await writeChanged(connection, company.id, runId);
    const vouchers = await ledger?.merge(range, { runId, removeMissing, ...(isKnown && { isKnown }) });
    await writeRejects(connection, company.id, range, runId, mayBeOld ? undefined : isKnown, ledger !== undefined);
    const removed = removeMissing ? await remove(connection, company.id, range) : [];
    // A first load has no older rows, which would have to be looked up for each voucher.
    const hasOlder = (vouchers?.updated ?? 0) > 0 || days.some(({ updated, unchanged }) => updated + unchanged > 0);
    const missing = removeMissing
      ? { missing: 0, missingInvoices: [] }
      : await findMissing(
          connection,
          company.id,
          range,
          isKnown,
          ledger && (await markRetyped(connection, company.id, range, hasOlder && !mayBeOld)),
        );
    if (checkpoint !== undefined) await moveCheckpoint(connection, company.id, checkpoint);
    if (checkpoint !== undefined && ledger) await moveCheckpoint(connection, company.id, checkpoint, ledgerStream);
    if (proven !== undefined) await writeDays(connection, company.id, range, proven, runId);
    assertLocked();
    return {
      days: withRemoved(withUnread(days, unread), removed),
      optional: unread.reduce((sum, total) => sum + total.optional, optional),
      ...{ duplicates, ...missing, unread },
      ...(vouchers && { ledger: vouchers }),
    };
  });
}

async function writeCompany(connection: Connection, company: { id: string; name: string }): Promise<void> {
  await connection.execute(
    `INSERT INTO public.dim_company (company_id, name) VALUES ($1, $2)
     ON CONFLICT (company_id) DO UPDATE SET name = excluded.name, last_seen_at = excluded.last_seen_at`,
    [company.id, company.name],
  );
}

/** Notes in stage_changed which invoices are to be written. After the first write the difference could not be seen any more. */
async function findChanged(
  connection: Connection,
  companyId: string,
  range: DateRange,
  pages: Page[],
  replaces: boolean,
): Promise<void> {
  for (const page of pages)
    await connection.execute(
      `WITH ${replaces ? `${knownRows}, ${knownLines(ourLines)}` : knownHashes}
       INSERT INTO pg_temp.stage_changed (seq, invoice_id, date, invoice_type, known)
       SELECT s.seq, s.invoice_id, s.date, s.invoice_type, f.invoice_id IS NOT NULL
       FROM ${stagedPage} LEFT JOIN known f ON f.invoice_id = s.invoice_id
       ${replaces ? otherLines(ourLines) : ''}
       WHERE f.invoice_id IS NULL OR ${replaces ? otherRow : differs}`,
      [companyId, range.from, range.to, ...page, mappingVersion],
    );
  // Without statistics PostgreSQL expects a large table, and reads the whole stage for a single day.
  await connection.execute('ANALYZE pg_temp.stage_changed');
}

async function countDays(connection: Connection, range: DateRange): Promise<{ days: DayCounts[]; optional: number }> {
  const rows = await connection.query<DayCounts & { optional: number }>(
    `SELECT s.date, count(*)::int AS invoices,
       count(*) FILTER (WHERE NOT c.known)::int AS inserted,
       count(*) FILTER (WHERE c.known)::int AS updated,
       count(*) FILTER (WHERE c.known IS NULL)::int AS unchanged,
       0 AS removed, count(*) FILTER (WHERE s.is_optional)::int AS optional
     FROM pg_temp.stage_invoice s LEFT JOIN pg_temp.stage_changed c USING (seq)
     WHERE NOT s.superseded AND s.date BETWEEN $1 AND $2
     GROUP BY s.date ORDER BY s.date`,
    [range.from, range.to],
  );
  return {
    days: rows.map(({ date, invoices, inserted, updated, unchanged, removed }) => ({
      ...{ date, invoices, inserted, updated, unchanged, removed },
    })),
    optional: rows.reduce((sum, { optional }) => sum + optional, 0),
  };
}

/**
 * Counts and totals, from the warehouse, of the invoices that were not read because Tally's list shows no change, or
 * that leaveOutWorse removed. With the stream `ledger` all vouchers are listed, also a voucher that was an invoice
 * once. The row of that invoice is marked as missing, so it does not count.
 */
function sumUnread(connection: Connection, companyId: string, range: DateRange): Promise<UnreadTotal[]> {
  return connection.query<UnreadTotal>(
    `WITH known AS MATERIALIZED (
       SELECT invoice_id, date, invoice_type, total_amount, is_optional FROM public.fact_invoice
       WHERE company_id = $1 AND missing_since IS NULL AND invoice_id = ANY (
         ARRAY(SELECT invoice_id FROM pg_temp.stage_listed WHERE unchanged AND date BETWEEN $2 AND $3)))
     SELECT f.date, f.invoice_type AS "invoiceType", count(*)::int AS invoices, sum(f.total_amount)::text AS total,
       count(*) FILTER (WHERE f.is_optional)::int AS optional
     FROM pg_temp.stage_listed l JOIN known f ON f.invoice_id = l.invoice_id
     WHERE l.unchanged AND l.date BETWEEN $2 AND $3 GROUP BY 1, 2 ORDER BY 1, 2`,
    [companyId, range.from, range.to],
  );
}

async function writeChanged(connection: Connection, companyId: string, runId: string): Promise<void> {
  const days = await connection.query<{ date: CalendarDate; written: boolean }>(
    `WITH known AS MATERIALIZED (
       SELECT date FROM public.fact_invoice WHERE company_id = $1
         AND invoice_id = ANY (ARRAY(SELECT invoice_id FROM pg_temp.stage_changed WHERE known)))
     SELECT date, true AS written FROM pg_temp.stage_changed UNION SELECT date, false FROM known`,
    [companyId],
  );
  // Days that are written lose their proof. If this merge proves them, writeDays restores the proof.
  await takeProof(
    connection,
    companyId,
    days.filter(({ written }) => written),
  );
  // All days, including the former day of a re-dated invoice.
  await forgetVerified(connection, companyId, days);
  // Passed as an array, the ids are found by the primary key, even if PostgreSQL has no statistics of the company yet. A join
  // read all lines of the company.
  await connection.execute(
    `DELETE FROM public.fact_invoice_line
     WHERE company_id = $1 AND invoice_id = ANY (ARRAY(SELECT invoice_id FROM pg_temp.stage_changed WHERE known))`,
    [companyId],
  );
  await connection.execute(
    `INSERT INTO public.fact_invoice (company_id, ${namesOf(written)})
     SELECT $1, ${namesOf(invoiceColumns, 's.')}, s.classed_by, $2::int, $3::uuid, now(), NULL
     FROM pg_temp.stage_invoice s JOIN pg_temp.stage_changed USING (seq)
     ON CONFLICT (company_id, invoice_id) DO UPDATE SET ${overwrite}`,
    [companyId, mappingVersion, runId],
  );
  await connection.execute(
    `INSERT INTO public.fact_invoice_line (company_id, invoice_id, ${namesOf(headColumns)}, ${namesOf(lineColumns)})
     SELECT $1, c.invoice_id, ${namesOf(headColumns, 'c.')}, ${namesOf(lineColumns, 'l.')}
     FROM pg_temp.stage_line l JOIN pg_temp.stage_changed c USING (seq)`,
    [companyId],
  );
}

/**
 * Marks unchanged rows as classed by masters, if they were classed by names or loaded by an older version. Files without
 * masters then no longer replace these rows (leaveOutWorse).
 */
async function markClassed(connection: Connection, companyId: string, range: DateRange): Promise<void> {
  await connection.execute(
    `UPDATE public.fact_invoice SET classed_by = 'masters'
     WHERE company_id = $1 AND classed_by IS DISTINCT FROM 'masters' AND invoice_id = ANY (ARRAY(
       SELECT s.invoice_id FROM pg_temp.stage_invoice s LEFT JOIN pg_temp.stage_changed c USING (seq)
       WHERE c.seq IS NULL AND NOT s.superseded AND s.date BETWEEN $2 AND $3 AND s.classed_by = 'masters'))`,
    [companyId, range.from, range.to],
  );
}

async function remove(connection: Connection, companyId: string, range: DateRange): Promise<RemovedOfDay[]> {
  const gone = await connection.execute(
    `WITH ${rowsOfRange} INSERT INTO pg_temp.stage_gone (id, date)
     SELECT invoice_id, date FROM of_range f WHERE ${isMissing}`,
    [companyId, range.from, range.to],
  );
  if (gone === 0) return [];
  await connection.execute(
    `DELETE FROM public.fact_invoice
     WHERE company_id = $1 AND invoice_id = ANY (ARRAY(SELECT id FROM pg_temp.stage_gone))`,
    [companyId],
  );
  const removed = await connection.query<RemovedOfDay>(
    'SELECT date, count(*)::int AS removed FROM pg_temp.stage_gone GROUP BY date',
  );
  await forgetVerified(connection, companyId, removed);
  return removed;
}
