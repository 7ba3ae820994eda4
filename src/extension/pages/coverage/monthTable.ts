import type { DateRange } from '../../../core/base/calendar.js';
import { formatCount, formatRupees } from '../../../core/base/format.js';
import { element } from '../web/element.js';
import { netNames, sides, typeNames } from '../web/typeNames.js';
import { monthName, words } from './coverageWords.js';
import { type Figures, invoiceTypes } from './figures.js';
import { monthsOf, type Year } from './years.js';

/** The monthly totals as a table: what the bars show, to the paisa. A month that was never loaded has no figures, not zeros. */
export function monthTable(
  year: Year,
  months: Figures[],
  whole: Figures,
  isLoaded: (month: DateRange) => boolean,
): HTMLTableElement {
  const number = (text: string): HTMLElement => element('td', {}, text);
  const cells = ({ byType, net }: Figures): HTMLElement[] => [
    ...invoiceTypes.flatMap((type) => [
      number(formatCount(byType[type].invoices)),
      number(formatRupees(byType[type].value)),
    ]),
    ...sides.map((side) => number(formatRupees(net[side].value))),
  ];
  const width = String(2 * invoiceTypes.length + sides.length);
  const absent = (): HTMLElement => element('td', { class: 'absent', colspan: width }, words.notLoaded());
  const row = (name: string, content: HTMLElement[]): HTMLElement =>
    element('tr', {}, element('th', { scope: 'row' }, name), ...content);
  const rows = monthsOf(year).map((month, index) =>
    row(monthName(month.from), isLoaded(month) ? cells(months[index]!) : [absent()]),
  );
  const groups = invoiceTypes.map((type) =>
    element('th', { class: 'group', scope: 'colgroup', colspan: '2' }, typeNames[type]()),
  );
  const nets = sides.map((side) => element('th', { scope: 'col', rowspan: '2' }, netNames[side].title()));
  const pair = (): HTMLElement[] => [words.count(), words.value()].map((name) => element('th', { scope: 'col' }, name));
  return element(
    'table',
    { class: 'months' },
    element('caption', { class: 'unseen' }, words.tableOf(year)),
    element(
      'thead',
      {},
      element('tr', {}, element('th', { scope: 'col', rowspan: '2' }, words.month()), ...groups, ...nets),
      element('tr', {}, ...invoiceTypes.flatMap(pair)),
    ),
    element('tbody', {}, ...rows),
    element('tfoot', {}, row(words.whole(), cells(whole))),
  );
}
