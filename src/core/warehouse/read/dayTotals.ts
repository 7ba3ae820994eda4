import type { CalendarDate, DateRange } from '../../base/calendar.js';
import type { InvoiceType } from '../../invoice/invoice.js';
import type { Connection } from '../postgres/connection.js';

/** A voucher type of Tally and its type of invoices. `unknown` matches no invoice type in the warehouse. */
export interface TypeOfInvoices {
  voucherType: string;
  invoiceType: InvoiceType | 'unknown';
}

/** The warehouse's invoices of one voucher type on one day. Sums are rupees, e.g. `-1180.00`. */
export interface WarehouseTotal {
  date: CalendarDate;
  voucherType: string;
  invoiceType: InvoiceType;
  invoices: number;
  cancelled: number;
  /** The sum of total_amount. */
  total: string;
  /** `total` less TDS: the amount on the ledger lines of the parties. */
  ofParties: string;
}

/**
 * The days of a range on which the warehouse's invoices differ from the remembered vouchers of these types
 * (etl_vouchers), oldest first. Compares the GUID, the ALTERID (Tally's counter of changes), the date and the types. An
 * invoice that is marked as missing counts as absent.
 */
export async function daysUnlikeList(
  connection: Connection,
  companyId: string,
  range: DateRange,
  types: readonly TypeOfInvoices[],
): Promise<CalendarDate[]> {
  const rows = await connection.query<{ date: CalendarDate }>(
    `SELECT DISTINCT coalesce(l.date, f.date) AS date
     FROM (SELECT v.voucher_id, v.date, v.alter_id, v.voucher_type, t.invoice_type FROM public.etl_vouchers v
           JOIN unnest($4::text[], $5::text[]) AS t (voucher_type, invoice_type) USING (voucher_type)
           WHERE v.company_id = $1 AND v.date BETWEEN $2 AND $3 AND NOT v.is_deleted) l
     FULL JOIN (SELECT invoice_id, date, alter_id, voucher_type, invoice_type FROM public.fact_invoice
           WHERE company_id = $1 AND date BETWEEN $2 AND $3 AND missing_since IS NULL) f
       ON f.invoice_id = l.voucher_id AND f.date = l.date
     WHERE (l.voucher_id, l.alter_id, l.voucher_type, l.invoice_type)
       IS DISTINCT FROM (f.invoice_id, f.alter_id, f.voucher_type, f.invoice_type)
     ORDER BY 1`,
    [
      ...[companyId, range.from, range.to],
      types.map(({ voucherType }) => voucherType),
      types.map(({ invoiceType }) => invoiceType),
    ],
  );
  return rows.map(({ date }) => date);
}

/** The invoices of a range that are not marked as missing, added up by day and voucher type, oldest first. */
export const readDayTotals = (connection: Connection, companyId: string, range: DateRange): Promise<WarehouseTotal[]> =>
  connection.query<WarehouseTotal>(
    `SELECT date, voucher_type AS "voucherType", invoice_type AS "invoiceType", count(*)::int AS invoices,
       (count(*) FILTER (WHERE is_cancelled))::int AS cancelled, sum(total_amount)::text AS total,
       sum(total_amount - tds_amount)::text AS "ofParties"
     FROM public.fact_invoice WHERE company_id = $1 AND date BETWEEN $2 AND $3 AND missing_since IS NULL
     GROUP BY date, voucher_type, invoice_type
     ORDER BY date, array_position(ARRAY['sales', 'credit_note', 'purchase', 'debit_note'], invoice_type), voucher_type`,
    [companyId, range.from, range.to],
  );
