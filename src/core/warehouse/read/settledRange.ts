import type { CalendarDate, DateRange } from '../../base/calendar.js';
import { mappingVersion, type InvoiceType } from '../../invoice/invoice.js';
import type { Connection } from '../postgres/connection.js';

/** The invoices of one type on one day. `total` is rupees as text. */
export interface StoredTotal {
  date: CalendarDate;
  invoiceType: InvoiceType;
  invoices: number;
  /** How many of the invoices are optional vouchers. */
  optional: number;
  total: string;
}

/**
 * The number of a company's invoices that are not marked as missing. Undefined if a loaded day is not proven by these
 * rules, or if an invoice is of another mapping version.
 */
export async function countProven(
  connection: Connection,
  companyId: string,
  rulesHash: string,
): Promise<number | undefined> {
  const [row] = await connection.query<{ invoices: number; unproven: boolean }>(
    `SELECT coalesce(sum(f.invoices), 0)::int AS invoices,
       bool_or(NOT starts_with(coalesce(d.rules_hash, ''), $2) OR f.is_older) OR EXISTS (
         SELECT FROM public.etl_days WHERE company_id = $1 AND NOT starts_with(rules_hash, $2)) AS unproven
     FROM (SELECT date, count(*) FILTER (WHERE missing_since IS NULL) AS invoices, bool_or(mapping_version <> $3 AND missing_since IS NULL) AS is_older
       FROM public.fact_invoice WHERE company_id = $1 GROUP BY date) f
     LEFT JOIN public.etl_days d ON d.company_id = $1 AND d.date = f.date`,
    [companyId, rulesHash, mappingVersion],
  );
  return row!.unproven ? undefined : row!.invoices;
}

/** The invoices of a range by day and type, not counting those marked as missing, oldest first. */
export function storedTotals(connection: Connection, companyId: string, range: DateRange): Promise<StoredTotal[]> {
  return connection.query<StoredTotal>(
    `SELECT date, invoice_type AS "invoiceType", count(*)::int AS invoices,
       count(*) FILTER (WHERE is_optional)::int AS optional, sum(total_amount)::text AS total
     FROM public.fact_invoice WHERE company_id = $1 AND date BETWEEN $2 AND $3 AND missing_since IS NULL
     GROUP BY 1, 2 ORDER BY 1, array_position(ARRAY['sales', 'purchase', 'credit_note', 'debit_note'], invoice_type)`,
    [companyId, range.from, range.to],
  );
}

/** The number of vouchers of any kind in a range of Tally's remembered list, without deleted ones. */
export async function countSeen(connection: Connection, companyId: string, range: DateRange): Promise<number> {
  const [row] = await connection.query<{ vouchers: number }>(
    `SELECT count(*)::int AS vouchers FROM public.etl_vouchers
     WHERE company_id = $1 AND date BETWEEN $2 AND $3 AND NOT is_deleted`,
    [companyId, range.from, range.to],
  );
  return row!.vouchers;
}

/** The number of vouchers of every type in a range (stream `ledger`), not counting those marked as missing. */
export async function countVouchers(
  connection: Connection,
  companyId: string,
  { from, to }: DateRange,
): Promise<number> {
  const [row] = await connection.query<{ vouchers: number }>(
    `SELECT count(*)::int AS vouchers FROM public.fact_voucher
     WHERE company_id = $1 AND date BETWEEN $2 AND $3 AND missing_since IS NULL`,
    [companyId, from, to],
  );
  return row!.vouchers;
}
