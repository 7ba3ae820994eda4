import type { DateRange } from '../../base/calendar.js';
import { invoiceTypes } from '../../invoice/invoice.js';
import type { Connection } from '../postgres/connection.js';
import type { MissingInvoice } from '../read/comparison.js';
import { forgetVerified } from '../records/loadedDays.js';

/**
 * Marks as missing the invoices of a range that Tally now has as vouchers of another type, such as a memorandum, in the
 * caller's transaction. Returns all such invoices, also those that were marked before. Only for the stream `ledger`:
 * Tally then lists and sends these vouchers too, so they do not look as if Tally no longer had them. A run without the
 * stream may have written the invoice again later. The voucher then has the smaller ALTERID (Tally's counter of
 * changes), and its invoice is not marked.
 */
export async function markRetyped(
  connection: Connection,
  companyId: string,
  range: DateRange,
): Promise<MissingInvoice[]> {
  const found = await connection.query<MissingInvoice & { isMarked: boolean }>(
    `SELECT f.invoice_id AS "invoiceId", f.date, f.invoice_type AS "invoiceType", f.invoice_number AS "invoiceNumber",
       f.total_amount AS "totalAmount", f.missing_since IS NOT NULL AS "isMarked"
     FROM public.fact_invoice f JOIN public.fact_voucher v ON v.company_id = $1 AND v.voucher_id = f.invoice_id
     WHERE f.company_id = $1 AND f.date BETWEEN $2 AND $3 AND v.missing_since IS NULL AND v.base_type <> ALL ($4::text[])
       AND coalesce(v.alter_id >= f.alter_id, true)
     ORDER BY f.date, f.invoice_id`,
    [companyId, range.from, range.to, invoiceTypes],
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
