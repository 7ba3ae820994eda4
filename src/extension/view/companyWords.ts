// Texts of the rows in the group Warehouse: companies, financial years and months. Pure functions.
import { t } from '@vscode/l10n';
import type { CompanySummary, SummaryFigures } from '../../core/core.js';
import { dateText, dayCount, invoiceCount } from '../../core/base/countWords.js';
import { formatCount, formatRupees, formatRupeesShort, paiseOf } from '../../core/base/format.js';
import { localTime } from '../language/language.js';
import { markdownTable } from './markdownTable.js';

/** `5,996 invoices · 3 days not loaded · sales ₹39.33 cr · purchases ₹3.97 cr`. A narrow side bar cuts off the end. */
export function figuresText(figures: SummaryFigures): string {
  if (figures.daysLoaded === 0) return t('not loaded');
  const { invoices, netSales, netPurchases } = figures;
  return [
    invoiceCount(invoices),
    ...openDays(figures),
    t('sales {amount}', { amount: formatRupeesShort(paiseOf(netSales)) }),
    t('purchases {amount}', { amount: formatRupeesShort(paiseOf(netPurchases)) }),
  ].join(' · ');
}

const openDays = ({ daysNotLoaded, daysNotProven }: SummaryFigures): string[] => [
  ...(daysNotLoaded > 0 ? [t('{days} not loaded', { days: dayCount(daysNotLoaded) })] : []),
  ...(daysNotProven > 0 ? [t('{days} not proven', { days: dayCount(daysNotProven) })] : []),
];

/** Markdown: all figures, with amounts to the paisa. The row itself has less room. */
export const figuresTooltip = (title: string, figures: SummaryFigures): string =>
  markdownTable(title, figureRows(figures));

/** Markdown. */
export const companyTooltip = (company: CompanySummary): string =>
  markdownTable(company.name, [
    ...(company.booksFrom === null ? [] : [[t('Books from'), dateText(company.booksFrom)] as const]),
    ...(company.upTo === null ? [] : [[t('Loaded up to'), dateText(company.upTo)] as const]),
    [t('Last load'), localTime(company.lastLoadedAt)],
    ...figureRows(company),
  ]);

const figureRows = (figures: SummaryFigures): (readonly [string, string])[] => [
  [t('Invoices'), formatCount(figures.invoices)],
  ...(figures.optional > 0 ? [[t('Optional vouchers, not counted'), formatCount(figures.optional)] as const] : []),
  [t('Net sales'), formatRupees(paiseOf(figures.netSales))],
  [t('Net purchases'), formatRupees(paiseOf(figures.netPurchases))],
  [t('Days loaded'), dayCount(figures.daysLoaded)],
  [t('Days not loaded'), dayCount(figures.daysNotLoaded)],
  [t('Days not proven'), dayCount(figures.daysNotProven)],
];
