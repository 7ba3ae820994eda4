import type { CalendarDate } from '../../base/calendar.js';
import type { Connection } from '../postgres/connection.js';
import { hasTable } from '../postgres/migrate.js';

/** What is remembered of how Tally answers for a company, by its exact name. */
export interface CompanySource {
  companyName: string;
  booksFrom: CalendarDate | null;
  /** The report that served last; null: none has yet. */
  report: string | null;
  /** It sends everything, or a period of its own, whatever the dates; null: not seen. */
  servesAll: boolean | null;
}

/** A sync that compared all loaded days with Tally and left nothing open. */
export interface Settled {
  /** The day, where this computer stands. */
  on: CalendarDate;
  voucherCounter: number;
  masterCounter: number;
  /** Of the rules that had mapped all loaded days. */
  rulesHash: string;
  /** Of the company in the warehouse, not counting those marked as missing. */
  invoices: number;
}

/** A source, with the master counter that rememberBooks saw last, and what was seen of Tally's digests and counters. */
export interface KnownSource extends CompanySource {
  masterCounter: number | null;
  /** `right N` or `wrong N`, with the version of the request; null: not tried. */
  digests: string | null;
  /** The day on which that was seen. */
  digestsOn: CalendarDate | null;
  /** The same of the collection of vouchers. */
  collection: string | null;
  collectionOn: CalendarDate | null;
  /** The same of the totals of days and voucher types: that Tally answers, not that the totals are those of its vouchers. */
  totals: string | null;
  totalsOn: CalendarDate | null;
  settled: Settled | null;
}

// By way of JSON: a table that an older version made lacks the newer columns.
const known = `company_name AS "companyName", books_from AS "booksFrom", report, serves_all AS "servesAll",
  (to_jsonb(s) ->> 'master_counter')::float8 AS "masterCounter", to_jsonb(s) ->> 'digests' AS digests,
  to_jsonb(s) ->> 'digests_on' AS "digestsOn",
  to_jsonb(s) ->> 'collection' AS collection, to_jsonb(s) ->> 'collection_on' AS "collectionOn",
  to_jsonb(s) ->> 'totals' AS totals, to_jsonb(s) ->> 'totals_on' AS "totalsOn",
  CASE WHEN to_jsonb(s) ->> 'settled_on' IS NOT NULL THEN jsonb_build_object(
    'on', to_jsonb(s) ->> 'settled_on', 'rulesHash', to_jsonb(s) ->> 'settled_rules',
    'invoices', (to_jsonb(s) ->> 'settled_invoices')::float8,
    'voucherCounter', (to_jsonb(s) ->> 'settled_voucher_counter')::float8,
    'masterCounter', (to_jsonb(s) ->> 'settled_master_counter')::float8) END AS settled`;

/** The sources of a company id: several where a company was split by years. Nothing without tables. */
export async function listSources(connection: Connection, companyId: string): Promise<KnownSource[]> {
  if (!(await hasTable(connection, 'etl_sources'))) return [];
  return connection.query<KnownSource>(
    `SELECT ${known} FROM public.etl_sources s WHERE company_id = $1 ORDER BY company_name`,
    [companyId],
  );
}

/**
 * Remembers a source and returns all that is known now. A null keeps the value that was known before, with one
 * exception: another `report` than the known one brings its own `servesAll`, also null.
 */
export async function writeSource(
  connection: Connection,
  companyId: string,
  source: CompanySource,
): Promise<KnownSource> {
  const [written] = await connection.query<KnownSource>(
    `INSERT INTO public.etl_sources AS s (company_id, company_name, books_from, report, serves_all)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (company_id, company_name) DO UPDATE SET
       books_from = coalesce(excluded.books_from, s.books_from),
       serves_all = CASE WHEN excluded.report <> s.report OR excluded.serves_all IS NOT NULL
                         THEN excluded.serves_all ELSE s.serves_all END,
       report = coalesce(excluded.report, s.report),
       updated_at = now()
     RETURNING ${known}`,
    [companyId, source.companyName, source.booksFrom, source.report, source.servesAll],
  );
  return written!;
}

/** Remembers what was seen of Tally's digests, and on which day: `right N`, `wrong N`, null. */
export async function rememberDigests(
  connection: Connection,
  companyId: string,
  companyName: string,
  digests: string | null,
  on: CalendarDate,
): Promise<void> {
  await connection.execute(
    `INSERT INTO public.etl_sources AS s (company_id, company_name, digests, digests_on) VALUES ($1, $2, $3, $4)
     ON CONFLICT (company_id, company_name) DO UPDATE SET digests = excluded.digests, digests_on = excluded.digests_on`,
    [companyId, companyName, digests, on],
  );
}

/** Remembers what was seen of Tally's collection of vouchers, and on which day: `right N`, `wrong N`, null. */
export async function rememberCollection(
  connection: Connection,
  companyId: string,
  companyName: string,
  collection: string | null,
  on: CalendarDate,
): Promise<void> {
  await connection.execute(
    `INSERT INTO public.etl_sources AS s (company_id, company_name, collection, collection_on) VALUES ($1, $2, $3, $4)
     ON CONFLICT (company_id, company_name) DO UPDATE
       SET collection = excluded.collection, collection_on = excluded.collection_on`,
    [companyId, companyName, collection, on],
  );
}

/** Remembers what was seen of Tally's totals of days, and on which day: `right N`, `wrong N`, null. */
export async function rememberTotals(
  connection: Connection,
  companyId: string,
  companyName: string,
  totals: string | null,
  on: CalendarDate | null,
): Promise<void> {
  await connection.execute(
    `INSERT INTO public.etl_sources AS s (company_id, company_name, totals, totals_on) VALUES ($1, $2, $3, $4)
     ON CONFLICT (company_id, company_name) DO UPDATE SET totals = excluded.totals, totals_on = excluded.totals_on`,
    [companyId, companyName, totals, on],
  );
}

/** A company whose Tally was asked for digests, or for a collection of vouchers. */
export interface TriedSource {
  companyName: string;
  digests: string | null;
  digestsOn: CalendarDate | null;
  collection: string | null;
  collectionOn: CalendarDate | null;
}

export const listTried = (connection: Connection): Promise<TriedSource[]> =>
  connection.query<TriedSource>(
    `SELECT company_name AS "companyName", digests, digests_on AS "digestsOn", collection, collection_on AS "collectionOn"
     FROM public.etl_sources WHERE digests IS NOT NULL OR collection IS NOT NULL ORDER BY company_name`,
  );

/** Remembers that nothing is open, with the invoices that the warehouse has now. */
export async function rememberSettled(
  connection: Connection,
  companyId: string,
  companyName: string,
  settled: Omit<Settled, 'invoices'>,
): Promise<void> {
  await connection.execute(
    `UPDATE public.etl_sources SET settled_on = $3, settled_voucher_counter = $4, settled_master_counter = $5,
       settled_rules = $6, settled_invoices = (
         SELECT count(*) FROM public.fact_invoice WHERE company_id = $1 AND missing_since IS NULL)
     WHERE company_id = $1 AND company_name = $2`,
    [companyId, companyName, settled.on, settled.voucherCounter, settled.masterCounter, settled.rulesHash],
  );
}
