import type { DateRange } from '../../base/calendar.js';
import { invoiceTypes } from '../../invoice/invoice.js';
import type { Connection } from '../postgres/connection.js';
import type { MissingInvoice } from '../read/comparison.js';
import { forgetVerified } from '../records/loadedDays.js';

const columns = `f.invoice_id AS "invoiceId", f.date, f.invoice_type AS "invoiceType", f.invoice_number AS "invoiceNumber",
  f.total_amount AS "totalAmount", f.missing_since IS NOT NULL AS "isMarked"`;
const isRetyped = `f.company_id = $1 AND v.company_id = $1 AND v.voucher_id = f.invoice_id AND v.missing_since IS NULL
  AND v.base_type <> ALL ($4::text[])`;

/**
 * Marks as missing the invoices of a range that Tally now has as vouchers of another type, such as a memorandum, in the
 * caller's transaction. Returns all such invoices, also those that were marked before. Only for the stream `ledger`:
 * Tally then lists and sends these vouchers too, so they do not look as if Tally no longer had them. A run without the
 * stream may have written the invoice again later. The voucher then has the smaller ALTERID (Tally's counter of
 * changes), and its invoice is not marked.
 *
 * `sentNow`: the staged vouchers are what Tally has now, whatever their ALTERIDs: after a restored backup Tally counts
 * on from a smaller number. Only the part that brings such a voucher can know that, so its invoice is marked on any date.
 */
export async function markRetyped(
  connection: Connection,
  companyId: string,
  range: DateRange,
  sentNow: boolean,
): Promise<MissingInvoice[]> {
  const found = await connection.query<MissingInvoice & { isMarked: boolean }>(
    `SELECT ${columns} FROM public.fact_invoice f, public.fact_voucher v
     WHERE ${isRetyped} AND f.date BETWEEN $2 AND $3 AND coalesce(v.alter_id >= f.alter_id, true)
     UNION ALL
     SELECT ${columns} FROM public.fact_invoice f, public.fact_voucher v
     WHERE $5 AND ${isRetyped} AND v.alter_id < f.alter_id AND v.voucher_id = ANY (ARRAY(
       SELECT voucher_id FROM pg_temp.stage_voucher
       WHERE NOT superseded AND date BETWEEN $2 AND $3 AND base_type <> ALL ($4::text[])))
     ORDER BY 2, 1`,
    [companyId, range.from, range.to, invoiceTypes, sentNow],
  );
  const unmarked = found.filter(({ isMarked }) => !isMarked);
  if (unmarked.length > 0) {
    await connection.execute(
      'UPDATE public.fact_invoice SET missing_since = now() WHERE company_id = $1 AND invoice_id = ANY ($2)',
      [companyId, unmarked.map(({ invoiceId }) => invoiceId)],
    );
    await forgetVerified(connection, companyId, unmarked);
  }
  return found;
}
