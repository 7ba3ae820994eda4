import type { CalendarDate, DateRange } from '../../base/calendar.js';
import type { InvoiceType } from '../../invoice/invoice.js';
import type { CountAndTotal } from './comparison.js';
import type { Connection } from '../postgres/connection.js';
import { wasLoadedWithLedger } from './ledgerTotals.js';

export interface TypeTotal extends CountAndTotal {
  invoiceType: InvoiceType;
}

/** A day about which the warehouse has data: it was loaded, or compared with Tally by verify. */
export interface WarehouseDay {
  date: CalendarDate;
  /** False if the day was only compared with Tally. */
  loaded: boolean;
  /** Tally's voucher index proved that the whole day was loaded, and the proof was not withdrawn since. */
  proven: boolean;
  /**
   * The number of invoices that differed from Tally; null if the day was not compared since its rows were last written.
   */
  differences: number | null;
  byType: TypeTotal[];
  /**
   * The number of vouchers of every type. Null if there are none and the day is not proven to be loaded with the stream
   * `ledger`.
   */
  vouchers: number | null;
}

/**
 * The days of a company that were ever loaded or compared, oldest first: all of them, or those of a range. As in
 * `invoice_register`, invoices that Tally no longer has and optional vouchers are not counted. Only reads.
 */
export async function readCalendar(
  connection: Connection,
  companyId: string,
  range?: DateRange,
): Promise<WarehouseDay[]> {
  // An older schema may lack these tables.
  const [has] = await connection.query<{ days: boolean; verified: boolean; vouchers: boolean }>(
    `SELECT to_regclass('public.etl_days') IS NOT NULL AS days, to_regclass('public.etl_verified') IS NOT NULL AS verified,
       to_regclass('public.fact_voucher') IS NOT NULL AS vouchers`,
  );
  // One statement, so that all data are from one moment, even if a run commits meanwhile.
  return connection.query<WarehouseDay>(
    `WITH types AS (
       SELECT date, invoice_type, count(*) FILTER (WHERE NOT is_optional)::int AS invoices,
         coalesce(sum(total_amount) FILTER (WHERE NOT is_optional), 0)::text AS total
       FROM public.fact_invoice WHERE ${isWanted} AND missing_since IS NULL GROUP BY date, invoice_type),
     invoices AS (
       SELECT date, json_agg(json_build_object('invoiceType', invoice_type, 'invoices', invoices, 'total', total)
         ORDER BY invoice_type) FILTER (WHERE invoices > 0) AS "byType" FROM types GROUP BY date),
     days AS (${has!.days ? daysOnRecord : 'SELECT NULL::date AS date, false AS proven, false AS ledger WHERE false'}),
     vouchers AS (${has!.vouchers ? vouchersOfDays : 'SELECT NULL::date AS date, 0 AS vouchers WHERE false'}),
     verified AS (${has!.verified ? daysVerified : 'SELECT NULL::date AS date, 0 AS differences WHERE false'})
     SELECT date, d.proven IS NOT NULL OR i.date IS NOT NULL OR w.vouchers IS NOT NULL AS loaded, coalesce(d.proven, false) AS proven,
       v.differences, coalesce(i."byType", '[]'::json) AS "byType",
       CASE WHEN d.ledger THEN coalesce(w.vouchers, 0) ELSE w.vouchers END AS vouchers
     FROM days d FULL JOIN invoices i USING (date) FULL JOIN vouchers w USING (date) FULL JOIN verified v USING (date) ORDER BY date`,
    [companyId, range?.from ?? null, range?.to ?? null],
  );
}

// The bounds contain no column, so that PostgreSQL uses the indexes on (company_id, date).
const isWanted = "company_id = $1 AND date BETWEEN coalesce($2::date, '-infinity') AND coalesce($3::date, 'infinity')";
const daysOnRecord = `SELECT date, rules_hash <> '' AS proven, ${wasLoadedWithLedger} AS ledger FROM public.etl_days WHERE ${isWanted}`;
const vouchersOfDays = `SELECT date, count(*) FILTER (WHERE NOT is_optional)::int AS vouchers FROM public.fact_voucher
  WHERE ${isWanted} AND missing_since IS NULL GROUP BY date`;
const daysVerified = `SELECT date, differences FROM public.etl_verified WHERE ${isWanted}`;
