import type { CalendarDate } from '../../base/calendar.js';
import type { Connection } from '../postgres/connection.js';
import { hasTable } from '../postgres/migrate.js';
import { isoTime } from '../records/checkpoints.js';

export interface StoredCompany {
  id: string;
  name: string;
  /** When the company was last loaded, ISO 8601 in UTC. */
  lastLoadedAt: string;
  /** The first day of its books, if Tally gave it. */
  booksFrom: CalendarDate | null;
  /** Whether it has invoices or loaded days. */
  hasRows: boolean;
}

/** A month in which the company has invoices or loaded days. */
export interface StoredMonth {
  companyId: string;
  /** The first day of the month. */
  month: CalendarDate;
  /** As in `invoice_register`: without optional vouchers and invoices that Tally no longer has. */
  invoices: number;
  /** Optional vouchers, which no register shows. */
  optional: number;
  /** Sales less credit notes, as decimal text. */
  netSales: string;
  /** Purchases less debit notes. */
  netPurchases: string;
  daysLoaded: number;
  /** Loaded days that Tally's voucher index did not prove, or whose proof was withdrawn. */
  daysNotProven: number;
  /** Loaded days from the beginning of the books to `until`. */
  dueDaysLoaded: number;
  /** The last loaded day up to `until`. */
  lastDay: CalendarDate | null;
}

/** The companies, the last loaded one first. */
export async function listStoredCompanies(connection: Connection): Promise<StoredCompany[]> {
  const days = (await hasTable(connection, 'etl_days'))
    ? 'EXISTS (SELECT FROM public.etl_days d WHERE d.company_id = c.company_id)'
    : 'false';
  return connection.query<StoredCompany>(
    `WITH ${await booksOf(connection)}
     SELECT c.company_id AS id, c.name, ${isoTime('c.last_seen_at')} AS "lastLoadedAt", b.books_from AS "booksFrom",
       ${days} OR EXISTS (SELECT FROM public.fact_invoice f WHERE f.company_id = c.company_id) AS "hasRows"
     FROM public.dim_company c LEFT JOIN books b USING (company_id) ORDER BY c.last_seen_at DESC, c.name`,
  );
}

/**
 * All months of all companies, oldest first. A day counts as loaded if it has invoices or a row in etl_days. Only
 * reads.
 */
export async function readMonths(connection: Connection, until: CalendarDate): Promise<StoredMonth[]> {
  const days = (await hasTable(connection, 'etl_days'))
    ? "SELECT company_id, date, rules_hash <> '' AS proven FROM public.etl_days"
    : 'SELECT NULL AS company_id, NULL::date AS date, false AS proven WHERE false';
  return connection.query<StoredMonth>(
    `WITH ${await booksOf(connection)},
     invoices AS MATERIALIZED (
       SELECT company_id, date, count(*) FILTER (WHERE NOT is_optional) AS invoices,
         count(*) FILTER (WHERE is_optional) AS optional,
         sum(total_amount) FILTER (WHERE NOT is_optional AND invoice_type IN ('sales', 'credit_note')) AS sales,
         sum(total_amount) FILTER (WHERE NOT is_optional AND invoice_type IN ('purchase', 'debit_note')) AS purchases
       FROM public.fact_invoice WHERE missing_since IS NULL GROUP BY company_id, date),
     days AS MATERIALIZED (${days})
     SELECT company_id AS "companyId", date_trunc('month', date::timestamp)::date AS month,
       coalesce(sum(invoices), 0)::int AS invoices,
       coalesce(sum(optional), 0)::int AS optional,
       coalesce(sum(sales), 0)::numeric(28,2)::text AS "netSales",
       coalesce(sum(purchases), 0)::numeric(28,2)::text AS "netPurchases",
       count(*)::int AS "daysLoaded",
       count(*) FILTER (WHERE proven IS NOT TRUE)::int AS "daysNotProven",
       count(*) FILTER (WHERE date <= $1::date AND date >= coalesce(books_from, date))::int AS "dueDaysLoaded",
       max(date) FILTER (WHERE date <= $1::date) AS "lastDay"
     FROM days FULL JOIN invoices USING (company_id, date) LEFT JOIN books USING (company_id)
     GROUP BY 1, 2 ORDER BY 1, 2`,
    [until],
  );
}

/**
 * The CTE `books`: the first day of the books of each company. A company that was split by years has several sources;
 * the earliest counts.
 */
const booksOf = async (connection: Connection): Promise<string> =>
  (await hasTable(connection, 'etl_sources'))
    ? 'books AS MATERIALIZED (SELECT company_id, min(books_from) AS books_from FROM public.etl_sources GROUP BY company_id)'
    : 'books AS MATERIALIZED (SELECT NULL AS company_id, NULL::date AS books_from WHERE false)';
