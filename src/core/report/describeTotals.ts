import { t } from '@vscode/l10n';
import { typeOrder, type InvoiceType } from '../invoice/invoice.js';
import { formatCount, formatRupees, paiseOf } from '../base/format.js';
import { alignTable } from './describeTable.js';
import type { DayTypeTotal } from '../jobs/job.js';

const typeTitles: Record<InvoiceType, () => string> = {
  sales: () => t('Sales'),
  credit_note: () => t('Credit note'),
  purchase: () => t('Purchase'),
  debit_note: () => t('Debit note'),
};

export const typeTitle = (type: InvoiceType): string => typeTitles[type]();

function sumOf(totals: readonly DayTypeTotal[], types: readonly InvoiceType[]) {
  const sum = { invoices: 0, value: 0n };
  for (const total of totals) {
    if (!types.includes(total.invoiceType)) continue;
    sum.invoices += total.invoices;
    sum.value += paiseOf(total.total);
  }
  return sum;
}

/** Net sales and net purchases, apart from each other: a sum of sales and purchases would mean nothing. */
const netSums = (totals: readonly DayTypeTotal[]) => ({
  sales: sumOf(totals, ['sales', 'credit_note']),
  purchases: sumOf(totals, ['purchase', 'debit_note']),
});

/** A table of count and value for each invoice type, net sales and net purchases, then the count of all. Notes are negative. */
export function describeTotals(totals: readonly DayTypeTotal[]): string {
  const row = (title: string, sum: ReturnType<typeof sumOf>): string[] => [
    title,
    formatCount(sum.invoices),
    formatRupees(sum.value),
  ];
  const { sales, purchases } = netSums(totals);
  const types = typeOrder
    .map((type) => ({ title: typeTitle(type), sum: sumOf(totals, [type]) }))
    .filter(({ sum }) => sum.invoices > 0);
  return alignTable(
    [
      [t('Type'), t('Invoices'), t('Value')],
      ...types.map(({ title, sum }) => row(title, sum)),
      row(t('Net sales (sales and credit notes)'), sales),
      row(t('Net purchases (purchases and debit notes)'), purchases),
      [t('All types'), formatCount(sumOf(totals, typeOrder).invoices)],
    ],
    ['left', 'right', 'right'],
  ).join('\n');
}
