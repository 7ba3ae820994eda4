import { formatCount, formatNumber } from '../../../core/base/format.js';
import type { InvoiceType, NetTotals } from '../../../core/core.js';
import { element } from '../web/element.js';
import { sideName, words } from './invoicesWords.js';

const amounts = ['taxable', 'cgst', 'sgst', 'igst', 'cess', 'total'] as const;

/** What the filtered invoices come to: sales and purchases each by itself, never added up. */
export function totalsTable(totals: NetTotals[], types: readonly InvoiceType[] | undefined): HTMLTableElement {
  const heads = [words.counted(), ...amounts.map((name) => words.columns[name]())];
  return element(
    'table',
    { class: 'totals' },
    element('caption', { class: 'unseen' }, words.totals()),
    element(
      'thead',
      {},
      element('tr', {}, element('td'), ...heads.map((head) => element('th', { scope: 'col' }, head))),
    ),
    element(
      'tbody',
      {},
      ...totals.map((total) =>
        element(
          'tr',
          {},
          element('th', { scope: 'row' }, sideName(total.side, types)),
          element('td', {}, formatCount(total.invoices)),
          ...amounts.map((name) => element('td', {}, formatNumber(total[name]))),
        ),
      ),
    ),
  );
}
