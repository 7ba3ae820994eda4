import { formatCount, formatRupees, paiseOf } from '../../../core/base/format.js';
import type { DateRange, RegisterFilter, Side, YearFigures, YearSummary } from '../../../core/core.js';
import { partName } from '../../language/language.js';
import { button, element } from '../web/element.js';
import { scrollRegion } from '../web/scrollRegion.js';
import { nameOr, netNames, rateName, sides, typesOf } from '../web/typeNames.js';
import { daysText, sideNames, words } from './summaryWords.js';

/** Shows the invoices of a range that match a filter. */
export type Show = (range: DateRange, filter: RegisterFilter) => void;

const rupees = (amount: string): string => formatRupees(paiseOf(amount));

/** A button with a figure, which shows the invoices that make it up. `what` names the figure for a screen reader. */
export const figure = (text: string, what: string, press: () => void): HTMLButtonElement =>
  button(text, press, { class: 'figure', title: words.invoices(), 'aria-label': words.showOf(`${what}, ${text}`) });

/** The buttons of a row whose figures are made up of the same invoices. */
const figures = (texts: [title: string, text: string][], what: string, press: () => void): HTMLElement[] =>
  texts.map(([title, text]) => figure(text, `${what}, ${title}`, press));

const netOf = (of: { netSales: string; netPurchases: string }, side: Side): string =>
  side === 'sales' ? of.netSales : of.netPurchases;

interface Column {
  title: string;
  isFigure?: boolean;
}

/** A table with its caption as a heading, in a region that scrolls if it is too wide. Figures are aligned to the right. */
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
  const made = element(
    'table',
    {},
    element('caption', {}, element('span', {}, caption)),
    element('thead', {}, element('tr', {}, ...head)),
    element('tbody', {}, ...rows.map(row)),
    ...(foot.length > 0 ? [element('tfoot', {}, ...foot.map(row))] : []),
  );
  return scrollRegion(caption, made);
}

/** The months of a year: net figures, and which days are not loaded. A month that is not loaded has no figures, not 0. */
export function monthTable(year: YearSummary, show: Show, load: (range: DateRange) => void): HTMLElement {
  const largest = Math.max(1, ...year.months.flatMap((month) => sides.map((side) => sizeOf(netOf(month, side)))));
  const rows = year.months.map((month) => {
    const name = partName(month.from, 'month');
    const isLoaded = month.daysLoaded > 0;
    const days = daysText(month);
    const press = (filter: RegisterFilter) => (): void => {
      show(month, filter);
    };
    const cells = sides.map((side) => {
      if (!isLoaded) return element('span', { class: 'absent' }, days === '' ? '' : '–');
      const amount = netOf(month, side);
      const value = figure(rupees(amount), `${netNames[side].title()}, ${name}`, press({ types: typesOf[side] }));
      return element('span', { class: 'bar' }, bar(side, amount, largest), value);
    });
    const mark = element('span', { class: days === '' ? '' : 'remark' }, days);
    if (month.daysNotLoaded > 0) {
      const loadMonth = (): void => {
        load(month);
      };
      mark.append(' ', button(words.load(), loadMonth, { class: 'figure', 'aria-label': words.loadMonth(name) }));
    }
    const count = isLoaded ? figure(formatCount(month.invoices), `${words.count()}, ${name}`, press({})) : '';
    return [name, ...cells, count, mark];
  });
  const all = figure(formatCount(year.invoices), `${words.count()}, ${year.name}`, () => {
    show(year, {});
  });
  const whole = sides.map((side) =>
    figure(rupees(netOf(year, side)), `${netNames[side].title()}, ${year.name}`, () => {
      show(year, { types: typesOf[side] });
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

/** A size for the length of a bar. It is a float, so it must not be shown as a figure. */
const sizeOf = (amount: string): number => Math.abs(Number(paiseOf(amount)));

function bar(side: Side, amount: string, largest: number): HTMLElement {
  const made = element('span', {
    class: `length ${side}${paiseOf(amount) < 0n ? ' negative' : ''}`,
    'aria-hidden': 'true',
  });
  made.style.width = `${(100 * sizeOf(amount)) / largest}%`;
  return element('span', { class: 'track' }, made);
}

/** The largest customers or suppliers, or the largest items sold or bought. Pressing a figure shows its invoices. */
export function rankedTable(
  kind: 'parties' | 'items',
  side: Side,
  figuresOfYear: YearFigures,
  year: YearSummary,
  show: Show,
): HTMLElement {
  const ofParties = kind === 'parties';
  const rows = figuresOfYear[kind]
    .filter((one) => one.side === side)
    .map(({ name, gstin, invoices, amount }) => {
      const press = (): void => {
        show(year, { types: typesOf[side], ...(ofParties ? { party: name } : { item: name }) });
      };
      const texts: [string, string][] = [
        [words.count(), formatCount(invoices)],
        [words.value(), rupees(amount)],
      ];
      const shown = nameOr(name);
      const title = element('span', { title: shown }, shown);
      return [title, ...figures(texts, shown, press), ...(ofParties ? [gstin ?? ''] : [])];
    });
  const columns = [
    { title: words.name[kind]() },
    { title: words.count(), isFigure: true },
    { title: words.value(), isFigure: true },
    // Last, so that a narrow page shows the figures.
    ...(ofParties ? [{ title: words.gstin() }] : []),
  ];
  const all = figuresOfYear.counts.find((one) => one.side === side)![kind];
  const caption = `${sideNames[side][kind]()} · ${ofParties ? words.withTaxes() : words.beforeTaxes()}`;
  return ranked(table(caption, columns, rows), rows.length, all);
}

function ranked(made: HTMLElement, shown: number, all: number): HTMLElement {
  const rest = shown === 0 ? words.none() : all > shown ? words.more(all - shown) : '';
  return element('div', {}, made, element('p', { class: 'hint', ...(rest === '' && { hidden: '' }) }, rest));
}

const taxColumns = ['taxable', 'cgst', 'sgst', 'igst', 'cess', 'tax'] as const;

/** The taxable amount and the taxes of each GST rate. */
export function taxTable(side: Side, { taxes }: YearFigures, year: YearSummary, show: Show): HTMLElement {
  const ofSide = taxes.filter((one) => one.side === side);
  const sum = (column: (typeof taxColumns)[number]): string =>
    formatRupees(ofSide.reduce((total, one) => total + paiseOf(one[column]), 0n));
  const titles: Record<(typeof taxColumns)[number], string> = {
    ...{ taxable: words.taxable(), cgst: 'CGST', sgst: 'SGST', igst: 'IGST', cess: words.cess(), tax: words.tax() },
  };
  const columns = [{ title: words.rate() }, ...taxColumns.map((column) => ({ title: titles[column], isFigure: true }))];
  const press = (rate?: string | null) => (): void => {
    show(year, { types: typesOf[side], ...(rate !== undefined && { rate }) });
  };
  const rows = ofSide.map((one) => [
    rateName(one.rate),
    ...figures(
      taxColumns.map((column) => [titles[column], rupees(one[column])]),
      `${sideNames[side].taxes()}, ${rateName(one.rate)}`,
      press(one.rate),
    ),
  ]);
  const total = figures(
    taxColumns.map((column) => [titles[column], sum(column)]),
    sideNames[side].taxes(),
    press(),
  );
  return ranked(
    table(sideNames[side].taxes(), columns, rows, rows.length > 0 ? [[words.total(), ...total]] : []),
    rows.length,
    rows.length,
  );
}
