import type { Client } from 'pg';
import type { ExpectedInvoice } from './demo/expected.js';

/** An invoice as the database shows it, and the transaction that last wrote it. */
export interface StoredInvoice {
  invoice: ExpectedInvoice;
  /** Whether it is marked as gone from Tally. */
  isMissing: boolean;
  writtenBy: string;
  /** The source of the lines' classes: masters or names. A better source is recorded even if nothing else changes. */
  classedBy: string | null;
}

const asText = (columns: string): string =>
  columns
    .split(' ')
    .map((column) => `'${column}', ${column}::text`)
    .join(', ');

const sums =
  'taxable_amount cgst_amount sgst_amount igst_amount cess_amount round_off_amount other_amount total_amount tds_amount foreign_amount exchange_rate';

/**
 * Every invoice with its lines, by invoice_id, of one company or of all. The values are text: nothing is computed, and our
 * mapping is not used. The columns that a line repeats from its invoice (date and type) appear only if they differ, because no
 * expected line has them.
 */
export async function storedInvoices(client: Client, companyId?: string): Promise<Map<string, StoredInvoice>> {
  const { rows } = await client.query<StoredInvoice>(
    `SELECT to_jsonb(i) - '{content_hash,mapping_version,run_id,loaded_at,missing_since,classed_by}'::text[]
       || jsonb_build_object('alter_id', alter_id::text, 'master_id', master_id::text, ${asText(sums)},
       'lines', (SELECT coalesce(jsonb_agg(to_jsonb(l) - CASE WHEN (l.date, l.invoice_type) = (i.date, i.invoice_type)
          THEN '{company_id,invoice_id,date,invoice_type}' ELSE '{company_id,invoice_id}' END::text[]
          || jsonb_build_object(${asText('quantity rate discount_percent gst_rate amount')}) ORDER BY line_no), '[]')
        FROM fact_invoice_line l WHERE (l.company_id, l.invoice_id) = (i.company_id, i.invoice_id))) AS invoice,
       missing_since IS NOT NULL AS "isMissing", xmin::text AS "writtenBy", classed_by AS "classedBy"
     FROM fact_invoice i WHERE $1::text IS NULL OR company_id = $1 ORDER BY company_id, invoice_id`,
    [companyId ?? null],
  );
  return new Map(rows.map((row) => [row.invoice.invoice_id, row]));
}
