import type { CalendarDate } from '../../base/calendar.js';
import type { InvoiceType } from '../../invoice/invoice.js';
import type { Connection } from '../postgres/connection.js';
import { askedFor, type InvoiceFilter, type InvoiceOrder, matches, partOf, registerOrder } from './registerFilter.js';

/** Rupees as text, signed as in invoice_register, so that notes are negative. */
export interface InvoiceAmounts {
  taxable: string;
  cgst: string;
  sgst: string;
  igst: string;
  cess: string;
  total: string;
  /** The amount that belongs to the filter's item, or is taxable at the filter's rate; null if the filter has neither. */
  part: string | null;
}

export interface ListedInvoice extends InvoiceAmounts {
  id: string;
  date: CalendarDate;
  number: string | null;
  type: InvoiceType;
  /** Name of the voucher type in Tally. */
  voucherType: string;
  party: string | null;
  gstin: string | null;
  placeOfSupply: string | null;
  /** Central, state and integrated tax and cess together. */
  tax: string;
  isCancelled: boolean;
}

/** Sales less credit notes, or purchases less debit notes. The two are never added up. */
export interface NetTotals extends InvoiceAmounts {
  side: 'sales' | 'purchases';
  invoices: number;
}

export interface InvoicePage {
  /** Sales first; a side without an invoice is left out. */
  totals: NetTotals[];
  rows: ListedInvoice[];
}

const terms = { asked: '$4::jsonb', company: '$1' };
const amounts = ['taxable', 'cgst', 'sgst', 'igst', 'cess', 'total'] as const;

/** One page of the filtered invoices, and the totals of all filtered invoices, from one moment. Only reads. */
export async function readInvoices(
  connection: Connection,
  companyId: string,
  filter: InvoiceFilter,
  order: InvoiceOrder,
  { offset, limit }: { offset: number; limit: number },
): Promise<InvoicePage> {
  const [page] = await connection.query<InvoicePage & Record<string, unknown>>(
    `WITH filtered AS MATERIALIZED (
       SELECT invoice_id, date, invoice_number, invoice_type, voucher_type, party_name, party_gstin, place_of_supply,
         ${amounts.map((name) => `${name}_amount`).join(', ')}, tax_amount, is_cancelled, ${partOf(terms)} AS part
       FROM public.invoice_register r
       WHERE r.company_id = $1 AND r.date BETWEEN $2 AND $3 AND ${matches(terms)}),
     page AS (
       SELECT invoice_id AS id, date, invoice_number AS number, invoice_type AS type, voucher_type AS "voucherType",
         party_name AS party, party_gstin AS gstin, place_of_supply AS "placeOfSupply",
         ${amounts.map((name) => `${name}_amount::text AS ${name}`).join(', ')}, tax_amount::text AS tax,
         part::text AS part, is_cancelled AS "isCancelled"
       FROM filtered ORDER BY ${registerOrder(order)} OFFSET $5 LIMIT $6),
     sums AS (
       SELECT CASE WHEN invoice_type IN ('sales', 'credit_note') THEN 'sales' ELSE 'purchases' END AS side,
         count(*)::int AS invoices, ${amounts.map((name) => `sum(${name}_amount)::text AS ${name}`).join(', ')},
         sum(part)::text AS part
       FROM filtered GROUP BY 1)
     SELECT coalesce((SELECT json_agg(to_json(p)) FROM page p), '[]'::json) AS rows,
       coalesce((SELECT json_agg(to_json(s) ORDER BY s.side DESC) FROM sums s), '[]'::json) AS totals`,
    [companyId, filter.from, filter.to, askedFor(filter), offset, limit],
  );
  return page!;
}

/** The date of the latest invoice of a company; undefined if there is none. */
export async function lastInvoiceDate(connection: Connection, companyId: string): Promise<CalendarDate | undefined> {
  const [row] = await connection.query<{ date: CalendarDate | null }>(
    'SELECT max(date) AS date FROM public.invoice_register WHERE company_id = $1',
    [companyId],
  );
  return row!.date ?? undefined;
}
