import { formatCount, formatRupees } from '../../../core/base/format.js';
import { monthName, words } from './coverageWords.js';
import { typeNames } from '../web/typeNames.js';
import { element } from '../web/element.js';
import { type Figures, invoiceTypes, type Sum } from './figures.js';
import { monthsOf, type Year } from './years.js';

/** The monthly totals as a table: what the bars show, to the paisa. */
export function monthTable(year: Year, months: Figures[], whole: Figures): HTMLTableElement {
  const columns = [...invoiceTypes.map((type) => typeNames[type]()), words.all()];
  const cells = (figures: Figures): HTMLElement[] =>
    [...invoiceTypes.map((type) => figures.byType[type]), figures].flatMap((sum: Sum) => [
      element('td', {}, formatCount(sum.invoices)),
      element('td', {}, formatRupees(sum.value)),
    ]);
  const row = (name: string, figures: Figures): HTMLElement =>
    element('tr', {}, element('th', { scope: 'row' }, name), ...cells(figures));
  return element(
    'table',
    { class: 'months' },
    element('caption', { class: 'unseen' }, words.tableOf(year)),
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'col', rowspan: '2' }, words.month()),
        ...columns.map((name) => element('th', { scope: 'colgroup', colspan: '2' }, name)),
      ),
      element(
        'tr',
        {},
        ...columns.flatMap(() => [words.count(), words.value()].map((name) => element('th', { scope: 'col' }, name))),
      ),
    ),
    element('tbody', {}, ...monthsOf(year).map(({ from }, index) => row(monthName(from), months[index]!))),
    element('tfoot', {}, row(words.whole(), whole)),
  );
}
