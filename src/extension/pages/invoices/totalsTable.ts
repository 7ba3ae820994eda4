import { formatCount, formatNumber } from '../../../core/base/format.js';
import type { NetTotals, RegisterFilter } from '../../../core/core.js';
import { element } from '../web/element.js';
import { partTitle } from './columns.js';
import { sideName, words } from './invoicesWords.js';

const amounts = ['taxable', 'cgst', 'sgst', 'igst', 'cess', 'total'] as const;

/** What the filtered invoices come to: sales and purchases each by itself, never added up. */
export function totalsTable(totals: NetTotals[], filter: RegisterFilter): HTMLTableElement {
  const title = partTitle(filter);
  const heads = [
    words.counted(),
    ...(title === undefined ? [] : [title]),
    ...amounts.map((name) => words.columns[name]()),
  ];
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
          element('th', { scope: 'row' }, sideName(total.side, filter.types)),
          element('td', {}, formatCount(total.invoices)),
          ...(total.part === null ? [] : [element('td', { class: 'part' }, formatNumber(total.part))]),
          ...amounts.map((name) => element('td', {}, formatNumber(total[name]))),
        ),
      ),
    ),
  );
}
