import { type CalendarDate, daysOf } from '../../../core/base/calendar.js';
import { dayText, figureLines, monthName, rangeSummary, words } from './coverageWords.js';
import { DayGrid } from './dayGrid.js';
import { element } from './element.js';
import { type Figures, type Measure, sizeOf, sumOf } from './figures.js';
import { monthTable } from './monthTable.js';
import type { Theme } from './theme.js';
import { tipContent } from './tip.js';
import { pictureHeight, YearChart } from './yearChart.js';
import { type DaysByDate, daysIn, differs, monthsOf, stateOf, type Year } from './years.js';

/** What all years are drawn by. */
export interface Drawing {
  days: DaysByDate;
  today: CalendarDate;
  /** The last day that can be chosen. */
  last: CalendarDate;
  measure: Measure;
  scale: number[];
  extent: [lowest: number, highest: number];
  theme: Theme;
  cell: number;
}

export const monthFigures = (year: Year, days: DaysByDate): Figures[] =>
  monthsOf(year).map((month) => sumOf(daysIn(month, days)));

/** A financial year: its days, its months, and the months as a table. It is drawn again only where it has changed. */
export class YearView {
  readonly element: HTMLElement;
  readonly grid: DayGrid;
  private readonly summary = element('p', { class: 'summary' });
  private readonly place = element('div', { class: 'chart', 'aria-hidden': 'true' });
  private readonly picture: HTMLElement;
  private readonly table = element('div', { class: 'wide', role: 'region', tabindex: '0' });
  private chart: YearChart | undefined;
  private drawn: string | undefined;

  constructor(readonly year: Year) {
    this.grid = new DayGrid(year);
    this.table.setAttribute('aria-label', words.tableOf(year));
    this.picture = element('div', { class: 'picture' }, this.place, this.grid.element);
    this.element = element(
      'section',
      { 'aria-label': words.yearTitle(year) },
      element('h2', {}, words.yearTitle(year)),
      this.summary,
      this.picture,
      element('details', {}, element('summary', {}, words.table()), this.table),
    );
  }

  draw(drawing: Drawing): void {
    const { year } = this;
    const { days, today, last, measure, scale, extent, theme, cell } = drawing;
    const own = [...daysIn(year, days)];
    const drawn = JSON.stringify([own, today, last, measure, scale, extent, theme, cell]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const months = monthFigures(year, days);
    this.summary.textContent = rangeSummary(year, days, today);
    this.picture.style.height = `${pictureHeight(cell)}px`;
    this.grid.resize(cell);
    this.grid.describe((date) => dayText(date, days.get(date), today), last);
    this.table.replaceChildren(monthTable(year, months, sumOf(own)));
    this.chart ??= new YearChart(this.place, cell);
    const pictured = [...daysOf(year)].map((date) => {
      const day = days.get(date);
      const size = day ? sizeOf(sumOf([day]), measure) : 0;
      return { date, size, state: stateOf(date, day, today), differs: differs(day) };
    });
    const names = monthsOf(year).map(({ from }) => monthName(from));
    const tipOf = (month: number): HTMLElement => tipContent(names[month]!, figureLines(months[month]!));
    this.chart.draw({ year, days: pictured, scale, months, measure, extent, tipOf }, theme, cell);
  }

  remove(): void {
    this.chart?.dispose();
    this.element.remove();
  }
}
