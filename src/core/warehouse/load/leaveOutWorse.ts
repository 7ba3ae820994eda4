import type { CalendarDate } from '../../base/calendar.js';
import { invoiceTypes } from '../../invoice/invoice.js';
import type { Connection } from '../postgres/connection.js';

/** How much of a file was left out because the warehouse has it in a better state. */
export interface LeftOut {
  /**
   * Invoices that the warehouse has with a higher ALTERID (Tally's counter of changes), as invoices or as vouchers of
   * another type.
   */
  older: number;
  /**
   * Invoices that the warehouse has with the same ALTERID and classed by masters, while the file's copy is classed by
   * names.
   */
  poorer: number;
  /** Unreadable vouchers of the file that the warehouse has as invoices, with the same or a higher ALTERID. */
  rejects: number;
}

/** Whether the day of a row `f` is proven. The first release had no etl_days, so the caller checks that the table exists. */
const provenDay =
  "EXISTS (SELECT FROM public.etl_days d WHERE d.company_id = $1 AND d.date = f.date AND d.rules_hash <> '')";

/**
 * Deletes from the stage the vouchers that the warehouse has in a better state, and lists them as unchanged. Used for
 * files: an old file must not overwrite newer rows, and a file without masters classes ledgers less exactly, by their
 * names. Not used for Tally: a restored backup is older too, but shows what Tally has now. A row without `classed_by`
 * is from an older version. Such a row counts as classed by masters if its day is proven by Tally's list. Reads only
 * columns that the tables of older versions have too.
 */
export async function leaveOutWorse(connection: Connection, companyId: string): Promise<LeftOut> {
  const [tables] = await connection.query<{ days: boolean; vouchers: boolean }>(
    `SELECT to_regclass('public.etl_days') IS NOT NULL AS days, to_regclass('public.fact_voucher') IS NOT NULL AS vouchers`,
  );
  await connection.query(
    `CREATE TEMP TABLE IF NOT EXISTS stage_worse (seq int, invoice_id text, date date, older boolean);
     TRUNCATE pg_temp.stage_worse`,
  );
  // `classed_by` is read by way of JSON, because the table of an older version does not have that column.
  await connection.execute(
    `WITH known AS MATERIALIZED (
       SELECT f.invoice_id, f.alter_id, f.content_hash, f.date, f.voucher_type, f.invoice_number, f.missing_since,
         coalesce(to_jsonb(f) ->> 'classed_by', CASE WHEN ${tables?.days ? provenDay : 'false'} THEN 'masters' END) AS classed_by
       FROM public.fact_invoice f WHERE f.company_id = $1 AND f.invoice_id = ANY (ARRAY(
         SELECT invoice_id FROM pg_temp.stage_invoice)))
     INSERT INTO pg_temp.stage_worse
     SELECT s.seq, s.invoice_id, s.date, f.alter_id > s.alter_id FROM pg_temp.stage_invoice s JOIN known f USING (invoice_id)
     WHERE f.alter_id > s.alter_id
       -- Renumbering keeps the ALTERID. After a restore another voucher may have the same GUID and ALTERID (docs/tally.md §4).
       OR f.alter_id = s.alter_id AND s.classed_by = 'names' AND f.missing_since IS NULL
         AND f.content_hash IS DISTINCT FROM s.content_hash
         AND (f.date, f.voucher_type, f.invoice_number) IS NOT DISTINCT FROM (s.date, s.voucher_type, s.invoice_number)
         AND f.classed_by = 'masters'`,
    [companyId],
  );
  if (tables?.vouchers) await noteRetyped(connection, companyId);
  const unread = await connection.query<{ place: string; id: string; date: CalendarDate }>(
    `WITH known AS MATERIALIZED (
       SELECT invoice_id, alter_id, date FROM public.fact_invoice WHERE company_id = $1 AND missing_since IS NULL
         AND invoice_id = ANY (ARRAY(SELECT invoice_id FROM pg_temp.stage_reject)))
     SELECT r.ctid::text AS place, r.invoice_id AS id, coalesce(r.date, f.date) AS date
     FROM pg_temp.stage_reject r JOIN known f ON f.invoice_id = r.invoice_id WHERE f.alter_id >= r.alter_id`,
    [companyId],
  );
  await connection.execute(
    `INSERT INTO pg_temp.stage_listed (invoice_id, date, unchanged)
     SELECT invoice_id, date, true FROM pg_temp.stage_worse
     UNION SELECT id, date, true FROM unnest($1::text[], $2::date[]) AS unread (id, date)`,
    [unread.map(({ id }) => id), unread.map(({ date }) => date)],
  );
  // A join, because the stage has no index yet: PostgreSQL would search an array of all numbers once for each of its
  // rows.
  await connection.execute('DELETE FROM pg_temp.stage_invoice s USING pg_temp.stage_worse w WHERE s.seq = w.seq');
  await connection.execute('DELETE FROM pg_temp.stage_reject WHERE ctid = ANY ($1::tid[])', [
    unread.map(({ place }) => place),
  ]);
  const [left] = await connection.query<Omit<LeftOut, 'rejects'>>(
    `SELECT count(DISTINCT invoice_id) FILTER (WHERE older)::int AS older,
       count(DISTINCT invoice_id) FILTER (WHERE NOT older)::int AS poorer FROM pg_temp.stage_worse`,
  );
  return { ...left!, rejects: unread.length };
}

/**
 * Adds to stage_worse the staged invoices that the warehouse has, with a higher ALTERID, as vouchers of another type,
 * such as a memorandum.
 */
async function noteRetyped(connection: Connection, companyId: string): Promise<void> {
  await connection.execute(
    `WITH known AS MATERIALIZED (
       SELECT voucher_id, alter_id FROM public.fact_voucher
       WHERE company_id = $1 AND missing_since IS NULL AND base_type <> ALL ($2::text[])
         AND voucher_id = ANY (ARRAY(SELECT invoice_id FROM pg_temp.stage_invoice)))
     INSERT INTO pg_temp.stage_worse
     SELECT s.seq, s.invoice_id, s.date, true FROM pg_temp.stage_invoice s JOIN known v ON v.voucher_id = s.invoice_id
     WHERE v.alter_id > s.alter_id`,
    [companyId, invoiceTypes],
  );
}
