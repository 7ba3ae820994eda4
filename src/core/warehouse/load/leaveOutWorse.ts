import type { Connection } from '../postgres/connection.js';

/** How much of a file was left out because the warehouse has it in a better state. */
export interface LeftOut {
  /** Invoices that the warehouse has with a later ALTERID. */
  older: number;
  /** Invoices that the warehouse has with the same ALTERID, classed by masters that the file does not hold. */
  poorer: number;
  /** Unreadable vouchers of the file that the warehouse has as invoices, with the same ALTERID or a later one. */
  rejects: number;
}

/** Whether the day of a row `f` is proven. The first release had no etl_days, so the caller checks that the table exists. */
const provenDay =
  "EXISTS (SELECT FROM public.etl_days d WHERE d.company_id = f.company_id AND d.date = f.date AND d.rules_hash <> '')";

/**
 * Deletes from the stage the vouchers that the warehouse has in a better state, and lists them as unchanged. For files, which
 * may be old and may lack masters. Not for Tally: a restored backup is older too, but is the present truth. A row without
 * `classed_by` is from an older version. Such a row counts as classed by masters if its day is proven by Tally's list. Reads
 * only columns that the tables of older versions have too.
 */
export async function leaveOutWorse(connection: Connection, companyId: string): Promise<LeftOut> {
  const [tables] = await connection.query<{ days: boolean }>(
    "SELECT to_regclass('public.etl_days') IS NOT NULL AS days",
  );
  const [left] = await connection.query<LeftOut>(
    `WITH worse AS (
       DELETE FROM pg_temp.stage_invoice s USING public.fact_invoice f
       WHERE f.company_id = $1 AND f.invoice_id = s.invoice_id AND (
         f.alter_id > s.alter_id
         -- Renumbered, or another voucher after a restore, the ALTERID is the same all the same (docs/tally.md §4).
         OR f.alter_id = s.alter_id AND s.classed_by = 'names' AND f.missing_since IS NULL
           AND f.content_hash IS DISTINCT FROM s.content_hash
           AND (f.date, f.voucher_type, f.invoice_number) IS NOT DISTINCT FROM (s.date, s.voucher_type, s.invoice_number)
           AND coalesce(to_jsonb(f) ->> 'classed_by', CASE WHEN ${tables?.days ? provenDay : 'false'} THEN 'masters' END) = 'masters')
       RETURNING s.invoice_id, s.date, f.alter_id > s.alter_id AS older),
     unread AS (
       DELETE FROM pg_temp.stage_reject r USING public.fact_invoice f
       WHERE f.company_id = $1 AND f.invoice_id = r.invoice_id AND f.missing_since IS NULL
         AND f.alter_id >= r.alter_id
       RETURNING r.invoice_id, coalesce(r.date, f.date) AS date),
     listed AS (
       INSERT INTO pg_temp.stage_listed (invoice_id, date, unchanged)
       SELECT invoice_id, date, true FROM worse UNION SELECT invoice_id, date, true FROM unread)
     SELECT (SELECT count(DISTINCT invoice_id)::int FROM worse WHERE older) AS older,
       (SELECT count(DISTINCT invoice_id)::int FROM worse WHERE NOT older) AS poorer,
       (SELECT count(*)::int FROM unread) AS rejects`,
    [companyId],
  );
  return left!;
}
