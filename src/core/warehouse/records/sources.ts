import type { CalendarDate } from '../../base/calendar.js';
import type { Connection } from '../postgres/connection.js';
import { hasTable } from '../postgres/migrate.js';

/** What the warehouse remembers of how Tally answers for the company of exactly this name. */
export interface CompanySource {
  companyName: string;
  booksFrom: CalendarDate | null;
  /** The report from which vouchers were last read; null if none has given any yet. */
  report: string | null;
  /** Whether Tally ignores the dates of this report: it sends everything, or a period of its own. Null if unknown. */
  servesAll: boolean | null;
}

/**
 * The record of a complete sync: it compared all loaded days with Tally, everything was proven, nothing was rejected,
 * and the only warnings were doubts about single vouchers. The next load that remembers Tally's masters clears the
 * record.
 */
export interface Settled {
  /** The day of the sync in the time zone of this computer. */
  on: CalendarDate;
  voucherCounter: number;
  masterCounter: number;
  /** The hash of the rules that had mapped all loaded days. */
  rulesHash: string;
  /** The number of the company's invoices in the warehouse, without those marked as missing. */
  invoices: number;
}

/**
 * A source with the counter of masters that rememberBooks last stored, and with what earlier runs found out about the
 * requests for digests, for the collection and for totals.
 */
export interface KnownSource extends CompanySource {
  masterCounter: number | null;
  /** The same counter when the masters of the stream `ledger` were read whole, and the first day of the books at that time. */
  ledgerMasterCounter: number | null;
  ledgerBooksFrom: CalendarDate | null;
  /**
   * Whether Tally's digests of days were right: `right N` or `wrong N`, where N is the version of the request; null if
   * it was not tried.
   */
  digests: string | null;
  /** The day on which this was found. */
  digestsOn: CalendarDate | null;
  /** The verdict on the collection of vouchers, with more words than `digests` has (jobs/load/read/collectionProof). */
  collection: string | null;
  collectionOn: CalendarDate | null;
  /**
   * Whether Tally answers the request for totals of days and voucher types: `right N`, `wrong N` or null, as in
   * `digests`. The totals themselves were not checked.
   */
  totals: string | null;
  totalsOn: CalendarDate | null;
  settled: Settled | null;
}

// Read as JSON, because a table of an older version lacks the newer columns.
const known = `company_name AS "companyName", books_from AS "booksFrom", report, serves_all AS "servesAll",
  (to_jsonb(s) ->> 'master_counter')::float8 AS "masterCounter", to_jsonb(s) ->> 'digests' AS digests,
  (to_jsonb(s) ->> 'ledger_master_counter')::float8 AS "ledgerMasterCounter",
  to_jsonb(s) ->> 'ledger_books_from' AS "ledgerBooksFrom",
  to_jsonb(s) ->> 'digests_on' AS "digestsOn",
  to_jsonb(s) ->> 'collection' AS collection, to_jsonb(s) ->> 'collection_on' AS "collectionOn",
  to_jsonb(s) ->> 'totals' AS totals, to_jsonb(s) ->> 'totals_on' AS "totalsOn",
  CASE WHEN to_jsonb(s) ->> 'settled_on' IS NOT NULL THEN jsonb_build_object(
    'on', to_jsonb(s) ->> 'settled_on', 'rulesHash', to_jsonb(s) ->> 'settled_rules',
    'invoices', (to_jsonb(s) ->> 'settled_invoices')::float8,
    'voucherCounter', (to_jsonb(s) ->> 'settled_voucher_counter')::float8,
    'masterCounter', (to_jsonb(s) ->> 'settled_master_counter')::float8) END AS settled`;

/** The sources of a company id: several if a company was split by years. Empty if there is no such table. */
export async function listSources(connection: Connection, companyId: string): Promise<KnownSource[]> {
  if (!(await hasTable(connection, 'etl_sources'))) return [];
  return connection.query<KnownSource>(
    `SELECT ${known} FROM public.etl_sources s WHERE company_id = $1 ORDER BY company_name`,
    [companyId],
  );
}

/**
 * Remembers a source and returns all that is now known of it. A null keeps the earlier value, with one exception: a `report`
 * other than the known one brings its own `servesAll`, even null.
 */
export async function writeSource(
  connection: Connection,
  companyId: string,
  source: CompanySource,
): Promise<KnownSource> {
  await connection.execute(
    `INSERT INTO public.etl_sources AS s (company_id, company_name, books_from, report, serves_all)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (company_id, company_name) DO UPDATE SET
       books_from = coalesce(excluded.books_from, s.books_from),
       serves_all = CASE WHEN excluded.report <> s.report OR excluded.serves_all IS NOT NULL
                         THEN excluded.serves_all ELSE s.serves_all END,
       report = coalesce(excluded.report, s.report),
       updated_at = excluded.updated_at`,
    [companyId, source.companyName, source.booksFrom, source.report, source.servesAll],
  );
  // A separate statement: a cluster allows only immutable functions in RETURNING, and functions that read JSON are not
  // immutable.
  const [written] = await connection.query<KnownSource>(
    `SELECT ${known} FROM public.etl_sources s WHERE company_id = $1 AND company_name = $2`,
    [companyId, source.companyName],
  );
  return written!;
}

/** Remembers whether Tally's digests were right (`right N`, `wrong N`, null), and the day on which this was found. */
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

/** Remembers the verdict on Tally's collection of vouchers (KnownSource), and the day on which this was found. */
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

/**
 * Remembers whether Tally answers the request for totals (`right N`, `wrong N`, null), and the day on which this was
 * found.
 */
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

/** A company whose Tally was asked for digests or for a collection of vouchers, with the results. */
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

/** Records a complete sync, and the present number of invoices in the warehouse. */
export async function rememberSettled(
  connection: Connection,
  companyId: string,
  companyName: string,
  settled: Omit<Settled, 'invoices'>,
): Promise<void> {
  const [row] = await connection.query<{ invoices: string }>(
    'SELECT count(*) AS invoices FROM public.fact_invoice WHERE company_id = $1 AND missing_since IS NULL',
    [companyId],
  );
  const { on, voucherCounter, masterCounter, rulesHash } = settled;
  await connection.execute(
    `UPDATE public.etl_sources SET settled_on = $3, settled_voucher_counter = $4, settled_master_counter = $5,
       settled_rules = $6, settled_invoices = $7 WHERE company_id = $1 AND company_name = $2`,
    [companyId, companyName, on, voucherCounter, masterCounter, rulesHash, row!.invoices],
  );
}
