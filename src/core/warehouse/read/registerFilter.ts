import type { DateRange } from '../../base/calendar.js';
import type { InvoiceType } from '../../invoice/invoice.js';

/** A filter on the invoices of a range. An absent key does not filter; null matches invoices without such a name or rate. */
export interface RegisterFilter {
  types?: InvoiceType[] | undefined;
  /** The whole name of the party, as the invoices have it. */
  party?: string | null | undefined;
  /** A part of the number, of the party's name or of its GSTIN, in any case. It is text only: `%` and `_` stand for themselves. */
  text?: string | undefined;
  /** The whole name of an item: the invoice has a line of it. */
  item?: string | null | undefined;
  /** A rate of GST in percent, written as in `gst_summary` (`18.0000`): the invoice has a taxable line at this rate. */
  rate?: string | null | undefined;
}

/** A filter together with the range of its invoices. */
export interface InvoiceFilter extends DateRange, RegisterFilter {}

export const invoiceSorts = ['date', 'number', 'party', 'total'] as const;

export interface InvoiceOrder {
  by: (typeof invoiceSorts)[number];
  descending: boolean;
}

/** The filter as JSON text, for `asked` in the functions below. */
export const askedFor = ({ types, party, text, item, rate }: RegisterFilter): string =>
  JSON.stringify({ types, party, text: text?.trim() || undefined, item, rate });

/** SQL terms for the filter (`askedFor`, as jsonb) and for the GUID of the company. */
export interface FilterTerms {
  asked: string;
  company: string;
}

const linesOfInvoice = (company: string): string =>
  `public.fact_invoice_line l WHERE l.company_id = ${company} AND l.invoice_id = r.invoice_id`;

/**
 * SQL condition: row `r` of `invoice_register` matches the filter. As in `gst_summary`, a cancelled invoice matches no
 * rate, not even null. Another invoice without taxable lines matches the rate null. If the filter names an item and a
 * rate, a single line must have both.
 */
export const matches = ({ asked, company }: FilterTerms): string =>
  `(NOT ${asked} ? 'types' OR ${asked} -> 'types' ? r.invoice_type)
   AND (NOT ${asked} ? 'party' OR r.party_name IS NOT DISTINCT FROM ${asked} ->> 'party')
   AND (NOT ${asked} ? 'text' OR strpos(lower(r.invoice_number), lower(${asked} ->> 'text')) > 0
     OR strpos(lower(r.party_name), lower(${asked} ->> 'text')) > 0
     OR strpos(lower(r.party_gstin), lower(${asked} ->> 'text')) > 0)
   AND (NOT ${asked} ? 'item' OR EXISTS (SELECT FROM ${linesOfInvoice(company)} AND ${isOfItem(asked)}))
   AND (NOT ${asked} ? 'rate' OR NOT r.is_cancelled AND (EXISTS (SELECT FROM ${linesOfInvoice(company)} AND ${isAtRate(asked)})
     OR ${asked} ->> 'rate' IS NULL AND NOT EXISTS (SELECT FROM ${linesOfInvoice(company)} AND ${isTaxable})))`;

/**
 * SQL value: the amount of the lines of a matching row `r` that are of the filter's item, at its rate, or both. Null if
 * the filter names neither. For the rate null, an invoice without taxable lines counts with its taxable amount.
 */
export const partOf = ({ asked, company }: FilterTerms): string =>
  `CASE WHEN ${asked} ? 'item' THEN (SELECT sum(l.amount) FROM ${linesOfInvoice(company)} AND ${isOfItem(asked)})
     WHEN ${asked} ? 'rate' THEN coalesce((SELECT sum(l.amount) FROM ${linesOfInvoice(company)} AND ${isAtRate(asked)}), r.taxable_amount)
   END`;

const isOfItem = (asked: string): string =>
  `l.line_type = 'item' AND l.item_name IS NOT DISTINCT FROM ${asked} ->> 'item'
     AND (NOT ${asked} ? 'rate' OR ${isAtRate(asked)})`;
const isTaxable = "l.ledger_class = 'taxable'";
const isAtRate = (asked: string): string =>
  `${isTaxable} AND l.gst_rate IS NOT DISTINCT FROM (${asked} ->> 'rate')::numeric`;

/** Shorter numbers come first, so that S/9 comes before S/10. */
const byNumber = ['length(invoice_number)', 'invoice_number COLLATE "C"'];

const sortTerms: Record<InvoiceOrder['by'], string[]> = {
  date: ['date', ...byNumber],
  number: [String.raw`regexp_replace(invoice_number, '\d+$', '')`, ...byNumber, 'date'],
  party: ['lower(party_name)', 'date', ...byNumber],
  total: ['total_amount', 'date', ...byNumber],
};

/** ORDER BY terms for `invoice_register`. They end with the id, so the order is always the same. */
export const registerOrder = ({ by, descending }: InvoiceOrder): string =>
  [...sortTerms[by], 'invoice_id COLLATE "C"']
    .map((term) => `${term} ${descending ? 'DESC' : 'ASC'} NULLS LAST`)
    .join(', ');
