import { t } from '@vscode/l10n';
import type { DateRange } from '../../../core/base/calendar.js';
import { dateText, dayCount, invoiceCount, rowCount, rangeText } from '../../../core/base/countWords.js';
import type { InvoiceType, NetTotals } from '../../../core/core.js';
import { nameOr, netNames, rateName, typeNames, typesOf } from '../web/typeNames.js';

const singular: Record<InvoiceType, () => string> = {
  sales: () => t('Sales'),
  credit_note: () => t('Credit note'),
  purchase: () => t('Purchase'),
  debit_note: () => t('Debit note'),
};

/** The type of one invoice; `typeNames` has the plural. */
export const typeName = (type: InvoiceType): string => singular[type]();

/** The choices of the type filter. `types` undefined: all types. */
export const typeChoices: { value: string; types: InvoiceType[] | undefined; label: () => string }[] = [
  { value: 'all', types: undefined, label: () => t('All types') },
  { value: 'sales-net', types: typesOf.sales, label: () => t('Sales and credit notes') },
  { value: 'purchases-net', types: typesOf.purchases, label: () => t('Purchases and debit notes') },
  ...(['sales', 'credit_note', 'purchase', 'debit_note'] as const).map((type) => ({
    value: type,
    types: [type],
    label: () => typeNames[type](),
  })),
];

/** The choice with just these types; `all` if there is none. */
export const choiceOf = (types: readonly InvoiceType[] | undefined): string =>
  typeChoices.find((choice) => choice.types?.slice().sort().join() === types?.slice().sort().join())?.value ?? 'all';

/** `Net sales`, or the name of the type if only one type of the side is shown. */
export function sideName(side: NetTotals['side'], types: readonly InvoiceType[] | undefined): string {
  const shown = typesOf[side].filter((type) => types === undefined || types.includes(type));
  if (shown.length === 1) return typeNames[shown[0]!]();
  return netNames[side].title();
}

export const words = {
  title: (company: string | undefined) =>
    company === undefined ? t('Invoices') : t('Invoices of {company}', { company }),
  filter: () => t('Which invoices'),
  from: () => t('From'),
  to: () => t('To'),
  type: () => t('Type'),
  text: () => t('Search'),
  textHint: () => t('Number, party or GSTIN'),
  noDate: () => t('Write the date as 01-04-2024.'),
  notInCalendar: (text: string) => t('{date} is not in the calendar.', { date: text }),
  swapped: () => t('The last day is before the first one.'),
  only: {
    party: (party: string | null) => t('Only {party}', { party: nameOr(party) }),
    item: (item: string | null) => t('Item: {item}', { item: nameOr(item) }),
    rate: (rate: string | null) => t('GST: {rate}', { rate: rateName(rate) }),
  },
  remove: (filter: string) => t('{filter}: remove this filter', { filter }),
  copy: () => t('Copy Selected'),
  export: () => t('Export'),
  exportHint: () => t('Writes the listed invoices, in this order, into an Excel, CSV or Parquet file.'),
  totals: () => t('Totals of the shown invoices'),
  counted: () => t('Invoices'),
  columns: {
    date: () => t('Date'),
    number: () => t('Number'),
    type: () => t('Type'),
    party: () => t('Party'),
    gstin: () => t('GSTIN'),
    place: () => t('Place of supply'),
    taxable: () => t('Taxable (₹)'),
    cgst: () => t('CGST (₹)'),
    sgst: () => t('SGST (₹)'),
    igst: () => t('IGST (₹)'),
    cess: () => t('Cess (₹)'),
    other: () => t('Other (₹)'),
    tax: () => t('Tax (₹)'),
    total: () => t('Total (₹)'),
    ofItem: () => t('Item amount (₹)'),
    atRate: (rate: string) => t('{rate} (₹)', { rate }),
  },
  cancelled: (type: string) => t('{type}, cancelled', { type }),
  grid: (range: DateRange) => t('Invoices, {range}', { range: rangeText(range) }),
  shown: (range: DateRange, count: number) =>
    t('{range}: {invoices}', { range: rangeText(range), invoices: invoiceCount(count) }),
  selected: (rows: number) => t('{rows} selected', { rows: rowCount(rows) }),
  copied: (rows: number) => t('{rows} copied', { rows: rowCount(rows) }),
  neverLoaded: (days: number) => t('{days} never loaded', { days: dayCount(days) }),
  backfill: () => t('Backfill Range'),
  none: ({ from, to }: DateRange) =>
    from === to
      ? t('No invoices on {date}.', { date: dateText(from) })
      : t('No invoices from {from} to {to}.', { from: dateText(from), to: dateText(to) }),
  notLoaded: (range: DateRange) => t('Not loaded yet: {range}', { range: rangeText(range) }),
  loads: () => t('Backfill Range loads this period from Tally.'),
  noneOfLoaded: (days: number) =>
    t('{days} never loaded. Backfill Range loads them from Tally.', { days: dayCount(days) }),
  noneInTally: () => t('The days of this period are loaded. Tally has no invoices on them.'),
  noneMatches: () => t('No invoice matches the filters.'),
  searched: (range: DateRange) => t('Period: {range}', { range: rangeText(range) }),
  clear: () => t('Clear Filters'),
  empty: () => t('This warehouse is empty: nothing has been loaded into it yet.'),
  emptyOf: (company: string) => t('Nothing of {company} has been loaded yet.', { company }),
  emptyDetail: () => t('A backfill loads the invoices of a period from Tally. This page then lists them.'),
  failed: () => t('The warehouse cannot be shown.'),
  detail: {
    close: () => t('Close'),
    gone: () => t('The warehouse no longer has this invoice.'),
    onlyParty: () => t('Only This Party'),
    onlyItem: (item: string) => t('Show the invoices of {item}', { item }),
    items: () => t('Items'),
    item: () => t('Item'),
    hsn: () => t('HSN'),
    quantity: () => t('Quantity'),
    rate: () => t('Rate'),
    discount: () => t('Discount %'),
    gst: () => t('GST %'),
    amount: () => t('Amount (₹)'),
    ledgers: () => t('Ledgers'),
    ledger: () => t('Ledger'),
    total: () => t('Total'),
    more: () => t('Other details'),
    yes: () => t('Yes'),
  },
};
