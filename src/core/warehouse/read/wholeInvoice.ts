import type { Invoice, InvoiceLine } from '../../invoice/invoice.js';
import { invoiceColumns, lineColumns } from '../load/columns.js';
import type { Connection } from '../postgres/connection.js';

/** A column's value as text: decimals with their digits, dates as `YYYY-MM-DD`, booleans as true and false. */
export type StoredRow = Record<string, string | null>;

/**
 * An invoice as the warehouse has it: the columns of fact_invoice, and for each line those of fact_invoice_line, in
 * their order.
 */
export interface WholeInvoice {
  invoice: StoredRow & { invoice_type: Invoice['invoiceType'] };
  lines: (StoredRow & { line_type: InvoiceLine['lineType']; ledger_class: InvoiceLine['ledgerClass'] })[];
}

const shown = invoiceColumns.filter(({ name }) => name !== 'content_hash');

/** An invoice with its lines; undefined if the company has no invoice with this id. Only reads. */
export async function readWholeInvoice(
  connection: Connection,
  companyId: string,
  invoiceId: string,
): Promise<WholeInvoice | undefined> {
  const [found] = await connection.query<WholeInvoice & Record<string, unknown>>(
    `SELECT to_json(i) AS invoice, coalesce((
       SELECT json_agg(to_json(l) ORDER BY l.line_no::int) FROM (
         SELECT ${asText(lineColumns)} FROM public.fact_invoice_line
         WHERE company_id = $1 AND invoice_id = $2) l), '[]'::json) AS lines
     FROM (SELECT ${asText(shown)} FROM public.fact_invoice WHERE company_id = $1 AND invoice_id = $2) i`,
    [companyId, invoiceId],
  );
  return found;
}

const asText = (columns: readonly { name: string }[]): string =>
  columns.map(({ name }) => `${name}::text AS ${name}`).join(', ');
