import type { CalendarDate, DateRange } from '../../base/calendar.js';
import { comparisonKey } from '../postgres/companyLock.js';
import type { MissingInvoice } from '../read/comparison.js';
import type { Connection } from '../postgres/connection.js';

/** Days that a merge has loaded wholly, and a hash of the rules that mapped them. */
export interface ProvenDays {
  rulesHash: string;
  /** Days of the range that are not loaded wholly. */
  except: CalendarDate[];
}

/**
 * Records the days of a range as proven, inside the transaction of their rows. Days that are already recorded with
 * these rules are neither written nor locked.
 */
export async function writeDays(
  connection: Connection,
  companyId: string,
  range: DateRange,
  { rulesHash, except }: ProvenDays,
  runId: string,
): Promise<void> {
  await connection.execute(
    `INSERT INTO public.etl_days AS d (company_id, date, rules_hash, run_id)
     SELECT $1, day::date, $4, $5::uuid FROM generate_series($2::date, $3::date, interval '1 day') AS day
     WHERE day::date <> ALL ($6::date[]) AND NOT EXISTS (
       SELECT FROM public.etl_days o WHERE o.company_id = $1 AND o.date = day::date AND starts_with(o.rules_hash, $4))
     ON CONFLICT (company_id, date) DO UPDATE
       SET rules_hash = excluded.rules_hash, run_id = excluded.run_id, loaded_at = excluded.loaded_at`,
    [companyId, range.from, range.to, rulesHash, runId, except],
  );
}

/**
 * Marks days as loaded but not proven (an empty rules_hash): the next sync reads them again. A day that etl_days lacks, for
 * example because its rows came from a file, gets a row without a run. Returns how many days changed.
 */
export function takeProof(connection: Connection, companyId: string, days: { date: CalendarDate }[]): Promise<number> {
  return connection.execute(
    `INSERT INTO public.etl_days AS d (company_id, date, rules_hash, run_id)
     SELECT $1, day, '', '00000000-0000-0000-0000-000000000000' FROM unnest($2::date[]) AS day
     ON CONFLICT (company_id, date) DO UPDATE SET rules_hash = '' WHERE d.rules_hash <> ''`,
    [companyId, days.map(({ date }) => date)],
  );
}

/** Withdraws the proof of all days of a company, and clears the record of a complete sync (`Settled`). */
export async function takeAllProof(connection: Connection, companyId: string): Promise<void> {
  await connection.transaction(async () => {
    await connection.execute(`UPDATE public.etl_days SET rules_hash = '' WHERE company_id = $1 AND rules_hash <> ''`, [
      companyId,
    ]);
    await connection.execute('UPDATE public.etl_sources SET settled_on = NULL WHERE company_id = $1', [companyId]);
  });
}

/** Marks loaded days as proven without reading them: Tally's list has no invoice of these days. */
export async function proveEmptyDays(
  connection: Connection,
  companyId: string,
  dates: CalendarDate[],
  rulesHash: string,
  runId: string,
): Promise<void> {
  await connection.execute(
    `UPDATE public.etl_days SET rules_hash = $3, run_id = $4::uuid, loaded_at = now()
     WHERE company_id = $1 AND date = ANY ($2::date[])`,
    [companyId, dates, rulesHash, runId],
  );
}

/**
 * The first and the last day with loaded data of a company: a row in etl_days, an invoice or a reject. Undefined if
 * there is none.
 */
export async function loadedSpan(connection: Connection, companyId: string): Promise<DateRange | undefined> {
  const [span] = await connection.query<{ from: CalendarDate | null; to: CalendarDate | null }>(
    `SELECT min(d) AS from, max(d) AS to FROM (
       SELECT min(date), max(date) FROM public.etl_days WHERE company_id = $1
       UNION ALL SELECT min(date), max(date) FROM public.fact_invoice WHERE company_id = $1
       UNION ALL SELECT min(date), max(date) FROM public.etl_rejects WHERE company_id = $1) ends, unnest(ARRAY[ends.min, ends.max]) AS d`,
    [companyId],
  );
  return span?.from != null && span.to != null ? { from: span.from, to: span.to } : undefined;
}

/**
 * Marks invoices and vouchers that Tally no longer has, so that views do not show them. Deletes verify's results about
 * the days of the newly marked invoices. Returns these invoices, oldest first.
 */
export async function markMissing(
  connection: Connection,
  companyId: string,
  invoiceIds: string[],
): Promise<MissingInvoice[]> {
  return connection.transaction(async () => {
    const marked = await connection.query<MissingInvoice>(
      `WITH marked AS (
         UPDATE public.fact_invoice SET missing_since = now()
         WHERE company_id = $1 AND invoice_id = ANY ($2) AND missing_since IS NULL RETURNING *)
       SELECT invoice_id AS "invoiceId", date, invoice_type AS "invoiceType", invoice_number AS "invoiceNumber",
         total_amount AS "totalAmount" FROM marked ORDER BY date, invoice_id`,
      [companyId, invoiceIds],
    );
    await connection.execute(
      `UPDATE public.fact_voucher SET missing_since = now()
       WHERE company_id = $1 AND voucher_id = ANY ($2) AND missing_since IS NULL`,
      [companyId, invoiceIds],
    );
    await forgetVerified(connection, companyId, marked);
    return marked;
  });
}

/**
 * Deletes verify's results about days, inside the transaction that changes their rows. Waits for a running comparison of this
 * company, and makes a later one wait until the transaction has ended. The lock has a statement of its own: a DELETE that
 * waited would not see what the comparison wrote meanwhile.
 */
export async function forgetVerified(
  connection: Connection,
  companyId: string,
  days: { date: CalendarDate }[],
): Promise<void> {
  if (days.length === 0) return;
  await connection.execute('SELECT pg_advisory_xact_lock($1::bigint)', [comparisonKey(companyId)]);
  await connection.execute('DELETE FROM public.etl_verified WHERE company_id = $1 AND date = ANY ($2::date[])', [
    companyId,
    days.map(({ date }) => date),
  ]);
}
