import type { DateRange } from '../../base/calendar.js';
import type { Connection } from '../postgres/connection.js';

/** Sales with credit notes, or purchases with debit notes. The two are never added up. */
export type Side = 'sales' | 'purchases';

/** A customer or supplier, by the name on the invoices, or an item. Rupees as text, net of notes. */
export interface Ranked {
  side: Side;
  name: string | null;
  /** The GSTINs on the party's invoices; null if there is none, and for an item. */
  gstin: string | null;
  invoices: number;
  /** The value of the invoices of a party, with taxes, or of the lines of an item, without taxes. */
  amount: string;
}

/** The amounts at one rate of GST, as in `gst_summary`. `rate` is a percentage as text; null: no line names a rate. */
export interface TaxRow {
  side: Side;
  rate: string | null;
  taxable: string;
  cgst: string;
  sgst: string;
  igst: string;
  cess: string;
  /** The four taxes together. */
  tax: string;
}

export interface YearFigures {
  /** The parties and items with the largest amounts, the largest first: at most `limit` of each for each side. */
  parties: Ranked[];
  items: Ranked[];
  /** The number of all parties and items of each side. */
  counts: { side: Side; parties: number; items: number }[];
  /** By side and rate, the lowest rate first; the rate null last. */
  taxes: TaxRow[];
}

/**
 * The figures of the invoices of `invoice_register` in some whole months, in one snapshot. As in the register, a cancelled
 * invoice counts as one invoice with the amount zero. A party is left out if all its invoices are cancelled. Reads only.
 */
export async function readYearFigures(
  connection: Connection,
  companyId: string,
  { from, to }: DateRange,
  limit: number,
): Promise<YearFigures> {
  const [figures] = await connection.query<YearFigures & Record<string, unknown>>(
    `WITH booked AS MATERIALIZED (
       SELECT invoice_id, party_name, party_gstin, total_amount, is_cancelled,
         CASE WHEN invoice_type IN ('sales', 'credit_note') THEN 'sales' ELSE 'purchases' END AS side
       FROM public.invoice_register
       WHERE company_id = $1 AND date BETWEEN $2 AND $3),
     parties AS MATERIALIZED (
       SELECT side, party_name AS name, string_agg(DISTINCT party_gstin, ', ' ORDER BY party_gstin) AS gstin,
         count(*)::int AS invoices, sum(total_amount) AS amount
       FROM booked GROUP BY side, party_name HAVING NOT bool_and(is_cancelled)),
     items AS MATERIALIZED (
       SELECT b.side, l.item_name AS name, NULL AS gstin, count(DISTINCT l.invoice_id)::int AS invoices,
         sum(l.amount) AS amount
       FROM public.fact_invoice_line l JOIN booked b ON b.invoice_id = l.invoice_id
       WHERE l.company_id = $1 AND l.date BETWEEN $2 AND $3 AND l.line_type = 'item'
       GROUP BY b.side, l.item_name),
     taxes AS (
       SELECT CASE direction WHEN 'outward' THEN 'sales' ELSE 'purchases' END AS side, gst_rate::text AS rate,
         sum(taxable_amount)::text AS taxable, sum(cgst_amount)::text AS cgst, sum(sgst_amount)::text AS sgst,
         sum(igst_amount)::text AS igst, sum(cess_amount)::text AS cess, sum(tax_amount)::text AS tax
       FROM public.gst_summary WHERE company_id = $1 AND month BETWEEN $2 AND $3 GROUP BY direction, gst_rate),
     largest AS (
       SELECT 'parties' AS kind, side, name, gstin, invoices, amount,
         row_number() OVER (PARTITION BY side ORDER BY amount DESC, name) AS place FROM parties
       UNION ALL
       SELECT 'items', side, name, gstin, invoices, amount,
         row_number() OVER (PARTITION BY side ORDER BY amount DESC, name) FROM items),
     ranked AS (
       SELECT kind, json_agg(json_build_object('side', side, 'name', name, 'gstin', gstin, 'invoices', invoices,
         'amount', amount::text) ORDER BY side DESC, place) AS rows
       FROM largest WHERE place <= $4 GROUP BY kind)
     SELECT
       coalesce((SELECT rows FROM ranked WHERE kind = 'parties'), '[]'::json) AS parties,
       coalesce((SELECT rows FROM ranked WHERE kind = 'items'), '[]'::json) AS items,
       (SELECT json_agg(json_build_object('side', side,
          'parties', (SELECT count(*)::int FROM parties p WHERE p.side = s.side),
          'items', (SELECT count(*)::int FROM items i WHERE i.side = s.side)))
        FROM (VALUES ('sales'), ('purchases')) s (side)) AS counts,
       coalesce((SELECT json_agg(to_json(t) ORDER BY t.side DESC, t.rate::numeric NULLS LAST) FROM taxes t), '[]'::json)
         AS taxes`,
    [companyId, from, to, limit],
  );
  return figures!;
}
