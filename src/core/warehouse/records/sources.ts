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

/** A source, with the master counter that rememberBooks saw last. */
export interface KnownSource extends CompanySource {
  masterCounter: number | null;
}

/** The sources of a company id: several where a company was split by years. Nothing without tables. */
export async function listSources(connection: Connection, companyId: string): Promise<KnownSource[]> {
  if (!(await hasTable(connection, 'etl_sources'))) return [];
  // By way of JSON: a table that an older version made has no counters.
  return connection.query<KnownSource>(
    `SELECT company_name AS "companyName", books_from AS "booksFrom", report, serves_all AS "servesAll",
       (to_jsonb(s) ->> 'master_counter')::float8 AS "masterCounter"
     FROM public.etl_sources s WHERE company_id = $1 ORDER BY company_name`,
    [companyId],
  );
}

/**
 * Remembers a source and returns all that is known now. A null keeps the value that was known before, with one
 * exception: if `report` is not the known one (null included), `servesAll` is overwritten.
 */
export async function writeSource(
  connection: Connection,
  companyId: string,
  source: CompanySource,
): Promise<KnownSource> {
  const [known] = await connection.query<KnownSource>(
    `INSERT INTO public.etl_sources AS s (company_id, company_name, books_from, report, serves_all)
     VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (company_id, company_name) DO UPDATE SET
       books_from = coalesce(excluded.books_from, s.books_from),
       serves_all = CASE WHEN excluded.report IS DISTINCT FROM s.report OR excluded.serves_all IS NOT NULL
                         THEN excluded.serves_all ELSE s.serves_all END,
       report = coalesce(excluded.report, s.report),
       updated_at = now()
     RETURNING company_name AS "companyName", books_from AS "booksFrom", report, serves_all AS "servesAll",
       master_counter::float8 AS "masterCounter"`,
    [companyId, source.companyName, source.booksFrom, source.report, source.servesAll],
  );
  return known!;
}
