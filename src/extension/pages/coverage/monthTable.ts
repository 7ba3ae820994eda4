import type { DateRange } from '../../../core/base/calendar.js';
import { formatCount, formatRupees } from '../../../core/base/format.js';
import { element } from '../web/element.js';
import { netNames, sides, typeNames } from '../web/typeNames.js';
import { monthName, words } from './coverageWords.js';
import { type Figures, invoiceTypes, type Measure, type Sum } from './figures.js';
import { monthsOf, type Year } from './years.js';

/**
 * The monthly totals as a table: numbers of invoices or values to the paisa, as the bars show. Both would not fit side by
 * side into a page of usual width. A month that was never loaded has no figures, not zeros.
 */
export function monthTable(
  year: Year,
  months: Figures[],
  whole: Figures,
  isLoaded: (month: DateRange) => boolean,
  measure: Measure,
): HTMLTableElement {
  const text = ({ invoices, value }: Sum): string =>
    measure === 'invoices' ? formatCount(invoices) : formatRupees(value);
  const cells = ({ byType, net }: Figures): HTMLElement[] =>
    [...invoiceTypes.map((type) => byType[type]), ...sides.map((side) => net[side])].map((sum) =>
      element('td', {}, text(sum)),
    );
  const width = String(invoiceTypes.length + sides.length);
  const absent = (): HTMLElement => element('td', { class: 'absent', colspan: width }, words.notLoaded());
  const row = (name: string, content: HTMLElement[]): HTMLElement =>
    element('tr', {}, element('th', { scope: 'row' }, name), ...content);
  const rows = monthsOf(year).map((month, index) =>
    row(monthName(month.from), isLoaded(month) ? cells(months[index]!) : [absent()]),
  );
  const titles = [
    words.month(),
    ...invoiceTypes.map((type) => typeNames[type]()),
    ...sides.map((side) => netNames[side].title()),
  ];
  return element(
    'table',
    { class: 'months' },
    element('caption', { class: 'unseen' }, words.tableOf(year)),
    element('thead', {}, element('tr', {}, ...titles.map((title) => element('th', { scope: 'col' }, title)))),
    element('tbody', {}, ...rows),
    element('tfoot', {}, row(words.whole(), cells(whole))),
  );
}
