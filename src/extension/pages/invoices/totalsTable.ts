import { formatDecimal } from '../../../core/base/decimal.js';
import { formatCount, formatNumber, paiseOf } from '../../../core/base/format.js';
import type { NetTotals, RegisterFilter } from '../../../core/core.js';
import { element } from '../web/element.js';
import { partTitle } from './columns.js';
import { sideName, words } from './invoicesWords.js';

const parts = ['taxable', 'cgst', 'sgst', 'igst', 'cess'] as const;

/** The rest of the total: round-off, TCS and others. With it the columns of a row add up to the total. */
const otherOf = (totals: NetTotals): bigint =>
  parts.reduce((rest, name) => rest - paiseOf(totals[name]), paiseOf(totals.total));

/** The totals of the filtered invoices: a row for sales and a row for purchases, which have no common sum. */
export function totalsTable(totals: NetTotals[], filter: RegisterFilter): HTMLTableElement {
  const title = partTitle(filter);
  const hasOther = totals.some((one) => otherOf(one) !== 0n);
  const heads = [
    words.counted(),
    ...(title === undefined ? [] : [title]),
    ...parts.map((name) => words.columns[name]()),
    ...(hasOther ? [words.columns.other()] : []),
    words.columns.total(),
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
          ...parts.map((name) => element('td', {}, formatNumber(total[name]))),
          ...(hasOther ? [element('td', {}, formatNumber(formatDecimal(otherOf(total), 2)))] : []),
          element('td', {}, formatNumber(total.total)),
        ),
      ),
    ),
  );
}
