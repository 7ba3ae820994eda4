import { t } from '@vscode/l10n';
import { dateText, dayCount } from '../../../core/base/countWords.js';
import { type CalendarDate, dayNumber } from '../../../core/base/calendar.js';
import { formatCount } from '../../../core/base/format.js';
import type { MonthSummary, Side } from '../../../core/core.js';

export const sideNames: Record<Side, { parties: () => string; items: () => string; taxes: () => string }> = {
  sales: {
    parties: () => t('Top customers'),
    items: () => t('Top items sold'),
    taxes: () => t('GST on sales'),
  },
  purchases: {
    parties: () => t('Top suppliers'),
    items: () => t('Top items bought'),
    taxes: () => t('GST on purchases'),
  },
};

export const words = {
  title: (company: string | undefined): string =>
    company === undefined ? t('Summary') : t('Summary of {company}', { company }),
  year: () => t('Financial year'),
  coverage: () => t('Show Coverage'),
  invoices: () => t('Show Invoices'),
  about: () =>
    t(
      'Click a figure to show the invoices that make it up. Cancelled invoices are counted, with an amount of zero. Optional vouchers are not counted.',
    ),
  calendar: () => t('Calendar'),
  calendarHint: () =>
    t(
      'Click a day or the name of a month, or drag over several days, to show their invoices; a right click offers more. By keyboard: the arrow keys move, Shift extends, Enter shows the invoices, Shift+F10 offers more.',
    ),
  months: () => t('By month'),
  month: () => t('Month'),
  days: () => t('Days'),
  whole: () => t('Whole year'),
  withTaxes: () => t('with taxes, less notes'),
  beforeTaxes: () => t('before taxes, less notes'),
  name: { parties: () => t('Name'), items: () => t('Item') },
  gstin: () => t('GSTIN'),
  count: () => t('Invoices'),
  value: () => t('Value'),
  rate: () => t('Rate'),
  taxable: () => t('Taxable'),
  tax: () => t('Tax'),
  cess: () => t('Cess'),
  heads: () => t('CGST + SGST + IGST + Cess'),
  total: () => t('Total'),
  receivables: () => t('Receivables'),
  payables: () => t('Payables'),
  cashAndBank: () => t('Cash and bank'),
  notKnown: () => t('not known'),
  onDay: (day: CalendarDate): string => t('on {day}', { day: dateText(day) }),
  none: () => t('None in this year.'),
  notLoaded: () => t('not loaded'),
  load: () => t('Load'),
  loadMonth: (month: string): string => t('Load {month}', { month }),
  showOf: (what: string): string => t('{what}: show the invoices', { what }),
  more: (count: number): string => t('and {count} more', { count: formatCount(count) }),
  empty: () => t('Nothing loaded yet.'),
  emptyOf: (company: string): string => t('Nothing is loaded of {company} yet.', { company }),
  emptyDetail: () => t('Once a range is loaded, its sales, purchases and taxes are here.'),
  failed: () => t('The warehouse cannot be read.'),
  updated: (year: string): string => t('The summary of {year} is up to date.', { year }),
};

/** Whether a month is loaded, and proven. Empty if it is both, or if it lies in the future or before the books. */
export function daysText({ from, to, daysLoaded, daysNotLoaded, daysNotProven }: MonthSummary): string {
  if (daysLoaded === 0) return daysNotLoaded === 0 ? '' : words.notLoaded();
  const length = dayNumber(to) - dayNumber(from) + 1;
  if (daysNotLoaded > 0)
    return daysNotLoaded < length ? t('{days} not loaded', { days: dayCount(daysNotLoaded) }) : words.notLoaded();
  return daysNotProven > 0 ? t('{days} not proven', { days: dayCount(daysNotProven) }) : '';
}
