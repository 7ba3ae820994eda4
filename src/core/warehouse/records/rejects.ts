import type { CalendarDate, DateRange } from '../../base/calendar.js';
import type { RejectCode } from '../../invoice/invoice.js';
import { isoTime } from './checkpoints.js';
import { namesOf } from '../load/column.js';
import { rejectColumns } from '../load/columns.js';
import type { MissingOptions } from '../read/comparison.js';
import type { Connection } from '../postgres/connection.js';

/** A voucher that could not be read, as stored in etl_rejects. */
export interface StoredReject {
  companyId: string;
  companyName: string;
  invoiceId: string | null;
  invoiceNumber: string | null;
  /** The voucher's date in Tally; null if it is unknown. */
  date: CalendarDate | null;
  /** The element that could not be read: `DATE`, `AMOUNT`, … */
  field: string;
  /** Null: the reject was written by an older version. */
  reasonCode?: RejectCode | null;
  reason: string;
  /** `file`: the voucher came from an exported file. Null: Tally sent it. */
  source?: 'file' | null;
  /** The first characters of the voucher as Tally sent it. */
  raw: string;
  /** The length of the whole voucher, in characters. */
  rawLength: number;
  runId: string;
  /** ISO 8601 in UTC. */
  rejectedAt: string;
}

export interface RejectCount {
  companyId: string;
  companyName: string;
  rejects: number;
}

/** Selects the rejects of one company, of one run, or all. */
export interface RejectFilter {
  companyId?: string | undefined;
  runId?: string | undefined;
}

/** How many characters of a voucher are returned; etl_rejects stores all of them. */
const rawShown = 2_000;

const filtered = '($1::text IS NULL OR r.company_id = $1) AND ($2::uuid IS NULL OR r.run_id = $2::uuid)';
const named = 'public.etl_rejects r LEFT JOIN public.dim_company d USING (company_id)';
const companyName = 'coalesce(d.name, r.company_id) AS "companyName"';

/** The rejects, latest run first. */
export function listRejects(
  connection: Connection,
  { companyId, runId }: RejectFilter,
  limit: number,
): Promise<StoredReject[]> {
  return connection.query<StoredReject>(
    `SELECT r.company_id AS "companyId", ${companyName}, r.invoice_id AS "invoiceId",
       r.invoice_number AS "invoiceNumber", r.date, r.field, to_jsonb(r) ->> 'reason_code' AS "reasonCode", r.reason,
       to_jsonb(r) ->> 'source' AS source, left(r.raw, ${rawShown}) AS raw,
       length(r.raw) AS "rawLength", r.run_id::text AS "runId", ${isoTime('r.rejected_at')} AS "rejectedAt"
     FROM ${named} WHERE ${filtered}
     ORDER BY r.rejected_at DESC, r.date DESC NULLS LAST, r.invoice_number, r.invoice_id LIMIT $3`,
    [companyId ?? null, runId ?? null, limit],
  );
}

export function countRejects(connection: Connection, { companyId, runId }: RejectFilter = {}): Promise<RejectCount[]> {
  return connection.query<RejectCount>(
    `SELECT r.company_id AS "companyId", ${companyName}, count(*)::int AS rejects
     FROM ${named} WHERE ${filtered} GROUP BY r.company_id, d.name ORDER BY 2, 1`,
    [companyId ?? null, runId ?? null],
  );
}

/** All companies in the warehouse, by name. */
export function listCompanies(connection: Connection): Promise<{ id: string; name: string }[]> {
  return connection.query('SELECT company_id AS id, name FROM public.dim_company ORDER BY name, company_id');
}

/** A company by its GUID. An exact match wins; otherwise letter case is ignored, and the company seen last wins. */
export async function findCompany(connection: Connection, companyId: string) {
  const [company] = await connection.query<{ id: string; name: string }>(
    `SELECT company_id AS id, name FROM public.dim_company WHERE lower(company_id) = lower($1)
     ORDER BY company_id = $1 DESC, last_seen_at DESC LIMIT 1`,
    [companyId],
  );
  return company;
}

/** This run read the voucher of reject `r` of company $1 as an invoice, on a day of the range $2 … $3. */
const isRead = `EXISTS (SELECT FROM pg_temp.stage_invoice s WHERE s.invoice_id = r.invoice_id AND s.date BETWEEN $2 AND $3)`;
/** The same for the stream `ledger`: this run read the voucher, whatever its type. */
const isReadVoucher = `EXISTS (SELECT FROM pg_temp.stage_voucher s WHERE s.voucher_id = r.invoice_id AND s.date BETWEEN $2 AND $3)`;

/**
 * The voucher of reject `r` counts as unchanged: the warehouse has it as Tally lists it, or in a better state than the
 * file. For a reject from Tally, the cause can be a restored backup. For a reject from a file, only the file's copy was
 * unreadable.
 */
const isUnchanged = 'EXISTS (SELECT FROM pg_temp.stage_listed l WHERE l.invoice_id = r.invoice_id AND l.unchanged)';

/** The voucher of reject `r` was unreadable again: the new row replaces the old one. */
const isAgain = `EXISTS (SELECT FROM pg_temp.stage_reject n WHERE NOT n.merged AND (n.date IS NULL OR n.date BETWEEN $2 AND $3)
  AND (n.invoice_id = r.invoice_id OR (n.invoice_id IS NULL AND r.invoice_id IS NULL AND n.raw = r.raw)))`;

/**
 * Updates etl_rejects for the range, inside the merge. A reject is deleted if this run could read its voucher, or if
 * its voucher counts as unchanged. A voucher that was unreadable again keeps one row. A reject of an earlier run is
 * also deleted if its voucher is no longer in Tally: Tally did not list it, and `isKnown` (MissingOptions) does not say
 * that it may still be there. A reject without a GUID is deleted for this cause only if other vouchers of its day came.
 *
 * If `isKnown` is not given (the source may be old), no reject is deleted for being absent, and `isUnchanged` deletes
 * only rejects from files. `withLedger`: vouchers that are not invoices were read too (stage_voucher exists).
 */
export async function writeRejects(
  connection: Connection,
  companyId: string,
  range: DateRange,
  runId: string,
  isKnown?: MissingOptions['isKnown'],
  withLedger = false,
): Promise<void> {
  const about = [companyId, range.from, range.to];
  const settled = await connection.query<{ id: string }>(
    `WITH known AS MATERIALIZED (SELECT id, invoice_id, raw, source FROM public.etl_rejects WHERE company_id = $1)
     SELECT r.id FROM known r WHERE (${isRead} ${withLedger ? `OR ${isReadVoucher}` : ''} OR ${isAgain} OR ${isKnown ? '' : "r.source = 'file' AND "}${isUnchanged})`,
    about,
  );
  await deleteRejects(connection, companyId, settled);
  await connection.execute(
    `INSERT INTO public.etl_rejects (run_id, company_id, ${namesOf(rejectColumns)})
     SELECT DISTINCT ON (coalesce(invoice_id, raw)) $1::uuid, $2, ${namesOf(rejectColumns)} FROM pg_temp.stage_reject
     WHERE NOT merged AND (date IS NULL OR date BETWEEN $3 AND $4)`,
    [runId, companyId, range.from, range.to],
  );
  await connection.execute(
    'UPDATE pg_temp.stage_reject SET merged = true WHERE NOT merged AND (date IS NULL OR date BETWEEN $1 AND $2)',
    [range.from, range.to],
  );
  if (isKnown === undefined) return;
  const left = await connection.query<{ invoiceId: string | null; date: CalendarDate; id: string; came: boolean }>(
    `WITH others AS MATERIALIZED (
       SELECT id, invoice_id, date FROM public.etl_rejects
       WHERE company_id = $1 AND date BETWEEN $2 AND $3 AND run_id <> $4::uuid)
     SELECT r.invoice_id AS "invoiceId", r.date, r.id,
       EXISTS (SELECT FROM pg_temp.stage_invoice s WHERE s.date = r.date)
         OR EXISTS (SELECT FROM pg_temp.stage_reject s WHERE s.date = r.date) AS came
     FROM others r WHERE NOT EXISTS (SELECT FROM pg_temp.stage_listed l WHERE l.invoice_id = r.invoice_id)`,
    [...about, runId],
  );
  const gone = left.filter(
    ({ invoiceId, date, came }) => (came || invoiceId !== null) && !isKnown({ invoiceId: invoiceId ?? '', date }),
  );
  await deleteRejects(connection, companyId, gone);
}

/** The number of rejects that a run has written. */
export async function countRejectsOf(connection: Connection, companyId: string, runId: string): Promise<number> {
  const [row] = await connection.query<{ rejects: number }>(
    'SELECT count(*)::int AS rejects FROM public.etl_rejects WHERE company_id = $1 AND run_id = $2',
    [companyId, runId],
  );
  return row!.rejects;
}

async function deleteRejects(connection: Connection, companyId: string, rows: { id: string }[]): Promise<void> {
  if (rows.length === 0) return;
  await connection.execute('DELETE FROM public.etl_rejects WHERE company_id = $1 AND id = ANY ($2::bigint[])', [
    companyId,
    rows.map(({ id }) => id),
  ]);
}
