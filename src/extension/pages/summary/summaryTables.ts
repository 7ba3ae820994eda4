import { formatCount, formatRupees, paiseOf } from '../../../core/base/format.js';
import type { Ranked, Side, TaxRow, YearFigures, YearSummary } from '../../../core/core.js';
import { partName } from '../../language/language.js';
import type { Figure } from '../summaryMessages.js';
import { button, element } from '../web/element.js';
import { netNames, sides } from '../web/typeNames.js';
import { daysText, sideNames, words } from './summaryWords.js';

export type Show = (figure: Figure) => void;

const rupees = (amount: string): string => formatRupees(paiseOf(amount));

/** A figure that shows the invoices that make it up. `what` says for a screen reader of what it is. */
export const figure = (text: string, what: string, press: () => void): HTMLButtonElement =>
  button(text, press, { class: 'figure', title: words.invoices(), 'aria-label': words.showOf(`${what}, ${text}`) });

const netOf = (of: { netSales: string; netPurchases: string }, side: Side): string =>
  side === 'sales' ? of.netSales : of.netPurchases;

interface Column {
  title: string;
  isFigure?: boolean;
}

/** A table with its caption as a heading; cells of figures stand to the right. */
function table(
  caption: string,
  columns: Column[],
  rows: (Node | string)[][],
  foot: (Node | string)[][] = [],
): HTMLElement {
  const kind = (index: number): Record<string, string> =>
    columns[index]!.isFigure === true ? { class: 'number' } : {};
  const row = ([name, ...cells]: (Node | string)[]): HTMLElement =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, name!),
      ...cells.map((cell, index) => element('td', kind(index + 1), cell)),
    );
  const head = columns.map(({ title }, index) => element('th', { scope: 'col', ...kind(index) }, title));
  return element(
    'table',
    {},
    element('caption', {}, caption),
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...rows.map(row)),
    ...(foot.length > 0 ? [element('tfoot', {}, ...foot.map(row))] : []),
  );
}

/** The months of a year: what was sold and bought, and which months are not loaded, which is not the same as 0. */
export function monthTable(
  year: YearSummary,
  show: Show,
  load: (range: { from: string; to: string }) => void,
): HTMLElement {
  const largest = Math.max(1, ...year.months.flatMap((month) => sides.map((side) => sizeOf(netOf(month, side)))));
  const rows = year.months.map((month) => {
    const name = partName(month.from, 'month');
    const isLoaded = month.daysLoaded > 0;
    const days = daysText(month);
    const cells = sides.map((side) => {
      if (!isLoaded) return element('span', { class: 'absent' }, days === '' ? '' : '–');
      const amount = netOf(month, side);
      const press = (): void => {
        show({ from: month.from, to: month.to, side });
      };
      return element(
        'span',
        { class: 'bar' },
        bar(side, amount, largest),
        figure(rupees(amount), `${netNames[side].title()}, ${name}`, press),
      );
    });
    const mark = element('span', { class: days === '' ? '' : 'remark' }, days);
    if (month.daysNotLoaded > 0) {
      const press = (): void => {
        load({ from: month.from, to: month.to });
      };
      mark.append(' ', button(words.load(), press, { class: 'figure', 'aria-label': words.loadMonth(name) }));
    }
    return [name, ...cells, isLoaded ? formatCount(month.invoices) : '', mark];
  });
  const all = figure(formatCount(year.invoices), `${words.count()}, ${year.name}`, () => {
    show({ from: year.from, to: year.to });
  });
  const whole = sides.map((side) =>
    figure(rupees(netOf(year, side)), `${netNames[side].title()}, ${year.name}`, () => {
      show({ from: year.from, to: year.to, side });
    }),
  );
  const columns = [
    { title: words.month() },
    ...sides.map((side) => ({ title: netNames[side].title(), isFigure: true })),
    { title: words.count(), isFigure: true },
    { title: words.days() },
  ];
  return table(`${words.months()} · ${words.withTaxes()}`, columns, rows, [[words.whole(), ...whole, all, '']]);
}

/** For the length of a bar alone: no figure that anybody reads goes through a float. */
const sizeOf = (amount: string): number => Math.abs(Number(paiseOf(amount)));

function bar(side: Side, amount: string, largest: number): HTMLElement {
  const made = element('span', {
    class: `length ${side}${paiseOf(amount) < 0n ? ' negative' : ''}`,
    'aria-hidden': 'true',
  });
  made.style.width = `${(100 * sizeOf(amount)) / largest}%`;
  return element('span', { class: 'track' }, made);
}

/** The largest customers or suppliers; each shows its invoices. */
export function partyTable(side: Side, { parties, counts }: YearFigures, year: YearSummary, show: Show): HTMLElement {
  const rows = parties
    .filter((one) => one.side === side)
    .map(({ name, gstin, invoices, amount }) => {
      const press = (party: string) => (): void => {
        show({ from: year.from, to: year.to, side, party });
      };
      const value = name === null ? rupees(amount) : figure(rupees(amount), name, press(name));
      return [name ?? words.noName(), gstin ?? '', formatCount(invoices), value];
    });
  const columns = [
    { title: words.name.parties() },
    { title: words.gstin() },
    { title: words.count(), isFigure: true },
    { title: words.value(), isFigure: true },
  ];
  const all = counts.find((one) => one.side === side)!.parties;
  return ranked(table(`${sideNames[side].parties()} · ${words.withTaxes()}`, columns, rows), rows.length, all);
}

/** The items that bring or cost most. */
export function itemTable(side: Side, { items, counts }: YearFigures): HTMLElement {
  const rows = items
    .filter((one) => one.side === side)
    .map(({ name, invoices, amount }: Ranked) => [name ?? words.noName(), formatCount(invoices), rupees(amount)]);
  const columns = [
    { title: words.name.items() },
    { title: words.count(), isFigure: true },
    { title: words.value(), isFigure: true },
  ];
  const all = counts.find((one) => one.side === side)!.items;
  return ranked(table(`${sideNames[side].items()} · ${words.beforeTaxes()}`, columns, rows), rows.length, all);
}

function ranked(made: HTMLElement, shown: number, all: number): HTMLElement {
  const rest = shown === 0 ? words.none() : all > shown ? words.more(all - shown) : '';
  return element('div', {}, made, element('p', { class: 'hint', ...(rest === '' && { hidden: '' }) }, rest));
}

const taxColumns = ['taxable', 'cgst', 'sgst', 'igst', 'cess', 'tax'] as const;

/** What is booked at each rate, by head. */
export function taxTable(side: Side, { taxes }: YearFigures, year: YearSummary, show: Show): HTMLElement {
  const ofSide = taxes.filter((one) => one.side === side);
  const name = ({ rate }: TaxRow): string => (rate === null ? words.noRate() : `${Number(rate)} %`);
  const sum = (column: (typeof taxColumns)[number]): string =>
    formatRupees(ofSide.reduce((total, one) => total + paiseOf(one[column]), 0n));
  const titles: Record<(typeof taxColumns)[number], string> = {
    ...{ taxable: words.taxable(), cgst: 'CGST', sgst: 'SGST', igst: 'IGST', cess: 'Cess', tax: words.tax() },
  };
  const columns = [{ title: words.rate() }, ...taxColumns.map((column) => ({ title: titles[column], isFigure: true }))];
  const rows = ofSide.map((one) => [name(one), ...taxColumns.map((column) => rupees(one[column]))]);
  const press = (): void => {
    show({ from: year.from, to: year.to, side });
  };
  const total = taxColumns.map((column) => figure(sum(column), `${sideNames[side].taxes()}, ${titles[column]}`, press));
  return ranked(
    table(sideNames[side].taxes(), columns, rows, rows.length > 0 ? [[words.total(), ...total]] : []),
    rows.length,
    rows.length,
  );
}
