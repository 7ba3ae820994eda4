import type { CalendarDate, DateRange } from '../../base/calendar.js';
import type { InvoiceType } from '../../invoice/invoice.js';
import type { Connection } from '../postgres/connection.js';

/** Which invoices of a company. Text is looked for in any case, and is text only: `%` and `_` stand for themselves. */
export interface InvoiceFilter extends DateRange {
  /** Absent: all types. */
  types?: InvoiceType[] | undefined;
  /** The whole name of the party. */
  party?: string | undefined;
  /** A part of the number, of the party's name or of its GSTIN. */
  text?: string | undefined;
}

export const invoiceSorts = ['date', 'number', 'party', 'total'] as const;

export interface InvoiceOrder {
  by: (typeof invoiceSorts)[number];
  descending: boolean;
}

/** Rupees as text, signed as in invoice_register, so that notes are negative. */
export interface InvoiceAmounts {
  taxable: string;
  cgst: string;
  sgst: string;
  igst: string;
  cess: string;
  total: string;
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

/** A number ends in digits, by which people count: S/9 comes before S/10. */
const sortTerms: Record<InvoiceOrder['by'], string[]> = {
  date: ['date'],
  number: [String.raw`regexp_replace(number, '\d+$', '')`, 'length(number)', 'number'],
  party: ['lower(party)', 'date'],
  total: ['total_amount', 'date'],
};

function orderOf({ by, descending }: InvoiceOrder): string {
  const last = by === 'number' ? ['date', 'id'] : [...sortTerms.number, 'id'];
  return [...sortTerms[by], ...last].map((term) => `${term} ${descending ? 'DESC' : 'ASC'} NULLS LAST`).join(', ');
}

const amounts = ['taxable', 'cgst', 'sgst', 'igst', 'cess', 'total'] as const;

/** Some rows of the filtered invoices, and the totals of all of them, of one moment. Reads only. */
export async function readInvoices(
  connection: Connection,
  companyId: string,
  filter: InvoiceFilter,
  order: InvoiceOrder,
  { offset, limit }: { offset: number; limit: number },
): Promise<InvoicePage> {
  const [page] = await connection.query<InvoicePage & Record<string, unknown>>(
    `WITH filtered AS MATERIALIZED (
       SELECT invoice_id AS id, date, invoice_number AS number, invoice_type AS type, voucher_type AS "voucherType",
         party_name AS party, party_gstin AS gstin, place_of_supply AS "placeOfSupply",
         ${amounts.map((name) => `${name}_amount`).join(', ')}, tax_amount, is_cancelled AS "isCancelled"
       FROM public.invoice_register
       WHERE company_id = $1 AND date BETWEEN $2 AND $3
         AND ($4::text[] IS NULL OR invoice_type = ANY ($4::text[]))
         AND ($5::text IS NULL OR lower(party_name) = lower($5))
         AND ($6::text IS NULL OR strpos(lower(invoice_number), lower($6)) > 0
           OR strpos(lower(party_name), lower($6)) > 0 OR strpos(lower(party_gstin), lower($6)) > 0)),
     page AS (
       SELECT id, date, number, type, "voucherType", party, gstin, "placeOfSupply",
         ${amounts.map((name) => `${name}_amount::text AS ${name}`).join(', ')}, tax_amount::text AS tax, "isCancelled"
       FROM filtered ORDER BY ${orderOf(order)} OFFSET $7 LIMIT $8),
     sums AS (
       SELECT CASE WHEN type IN ('sales', 'credit_note') THEN 'sales' ELSE 'purchases' END AS side,
         count(*)::int AS invoices, ${amounts.map((name) => `sum(${name}_amount)::text AS ${name}`).join(', ')}
       FROM filtered GROUP BY 1)
     SELECT coalesce((SELECT json_agg(to_json(p)) FROM page p), '[]'::json) AS rows,
       coalesce((SELECT json_agg(to_json(s) ORDER BY s.side DESC) FROM sums s), '[]'::json) AS totals`,
    [
      ...[companyId, filter.from, filter.to, filter.types ?? null],
      ...[filter.party ?? null, filter.text?.trim() || null, offset, limit],
    ],
  );
  return page!;
}

/** The date of the latest invoice of a company; undefined where there is none. */
export async function lastInvoiceDate(connection: Connection, companyId: string): Promise<CalendarDate | undefined> {
  const [row] = await connection.query<{ date: CalendarDate | null }>(
    'SELECT max(date) AS date FROM public.invoice_register WHERE company_id = $1',
    [companyId],
  );
  return row!.date ?? undefined;
}
