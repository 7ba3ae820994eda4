import type { InvoiceOrder, ListedInvoice, RegisterFilter } from '../../../core/core.js';
import { formatNumber } from '../../../core/base/format.js';
import { dateText } from '../../../core/base/countWords.js';
import { rateName } from '../web/typeNames.js';
import { typeName, words } from './invoicesWords.js';

export interface Column {
  /** Also its class in the style sheet. */
  name: string;
  title: () => string;
  text: (invoice: ListedInvoice) => string;
  /** The text for a spreadsheet, if it differs from `text`. */
  copied?: (invoice: ListedInvoice) => string;
  sort?: InvoiceOrder['by'];
  isAmount?: true;
}

const amount = (name: 'taxable' | 'tax' | 'total', sort?: InvoiceOrder['by']): Column => ({
  name,
  title: () => words.columns[name](),
  text: (invoice) => formatNumber(invoice[name]),
  copied: (invoice) => invoice[name],
  ...(sort && { sort }),
  isAmount: true,
});

/** The title of the column with the amount of the filter's item or rate. Undefined if the filter has neither. */
export const partTitle = ({ item, rate }: Pick<RegisterFilter, 'item' | 'rate'>): string | undefined => {
  if (item !== undefined) return words.columns.ofItem();
  return rate === undefined ? undefined : words.columns.atRate(rateName(rate));
};

/** The columns of the grid. The first two stay when it scrolls sideways. The amounts come before columns that are looked at less. */
const always: readonly Column[] = [
  {
    name: 'date',
    title: () => words.columns.date(),
    text: ({ date }) => dateText(date),
    copied: ({ date }) => date,
    sort: 'date',
  },
  { name: 'number', title: () => words.columns.number(), text: ({ number }) => number ?? '', sort: 'number' },
  {
    name: 'type',
    title: () => words.columns.type(),
    text: ({ type, isCancelled }) => (isCancelled ? words.cancelled(typeName(type)) : typeName(type)),
  },
  { name: 'party', title: () => words.columns.party(), text: ({ party }) => party ?? '', sort: 'party' },
  amount('taxable'),
  amount('tax'),
  amount('total', 'total'),
  { name: 'gstin', title: () => words.columns.gstin(), text: ({ gstin }) => gstin ?? '' },
  { name: 'place', title: () => words.columns.place(), text: ({ placeOfSupply }) => placeOfSupply ?? '' },
];

/** The columns of a list. If the filter has an item or a rate, its amount comes before the amounts of the invoice. */
export function columnsOf(filter: Pick<RegisterFilter, 'item' | 'rate'>): readonly Column[] {
  const title = partTitle(filter);
  if (title === undefined) return always;
  const part: Column = {
    name: 'part',
    title: () => title,
    text: ({ part }) => formatNumber(part ?? ''),
    copied: ({ part }) => part ?? '',
    isAmount: true,
  };
  return always.toSpliced(
    always.findIndex(({ isAmount }) => isAmount),
    0,
    part,
  );
}

/** Rows for a spreadsheet: tabs between the columns, amounts and dates unformatted. */
export const asTsv = (invoices: readonly ListedInvoice[], columns: readonly Column[]): string =>
  invoices
    .map((invoice) => columns.map(({ text, copied = text }) => copied(invoice).replace(/[\t\r\n]+/g, ' ')).join('\t'))
    .join('\n');
