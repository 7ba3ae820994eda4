import type { DateRange } from '../../../core/base/calendar.js';
import { countDays, rangeSummary, words } from './coverageWords.js';
import { type DayDrawing, DayGrid } from './dayGrid.js';
import { element } from '../web/element.js';
import { type Figures, sumOf } from './figures.js';
import { monthBars, type Extent } from './monthBars.js';
import { monthTable } from './monthTable.js';
import type { Tip } from './tip.js';
import { type DaysByDate, daysIn, monthsOf, type Year } from './years.js';

/** The data by which every year is drawn. */
export interface Drawing extends DayDrawing {
  extent: Extent;
}

export const monthFigures = (year: Year, days: DaysByDate): Figures[] =>
  monthsOf(year).map((month) => sumOf(daysIn(month, days)));

/** A financial year: its days, its months, and the months as a table. It is drawn again only if its data have changed. */
export class YearView {
  readonly element: HTMLElement;
  readonly grid: DayGrid;
  private readonly summary = element('p', { class: 'summary' });
  private readonly months = element('div');
  private readonly table = element('div', { class: 'wide', role: 'region', tabindex: '0' });
  private readonly details = element('details', {}, element('summary', {}, words.table()), this.table);
  private drawn: string | undefined;

  constructor(
    readonly year: Year,
    private readonly tip: Tip,
  ) {
    this.grid = new DayGrid(year);
    this.table.setAttribute('aria-label', words.tableOf(year));
    this.element = element(
      'section',
      { 'aria-label': words.yearTitle(year) },
      element('h2', {}, words.yearTitle(year)),
      this.summary,
      element('div', { class: 'picture' }, this.grid.element, this.months),
      this.details,
    );
  }

  draw(drawing: Drawing): void {
    const { year } = this;
    const { days, today, last, measure, scale, extent } = drawing;
    const own = [...daysIn(year, days)];
    const drawn = JSON.stringify([own, today, last, measure, scale, extent]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const months = monthFigures(year, days);
    this.summary.textContent = rangeSummary(year, days, today);
    this.grid.draw(drawing);
    const isLoaded = (month: DateRange): boolean => countDays(month, days, today).loaded > 0;
    // A year that was never loaded has no figures, so its bars and its table are hidden.
    const hasFigures = isLoaded(year);
    this.months.hidden = this.details.hidden = !hasFigures;
    if (!hasFigures) return;
    this.months.replaceChildren(monthBars(year, months, measure, extent, this.tip));
    this.table.replaceChildren(monthTable(year, months, sumOf(own), isLoaded, measure));
  }

  remove(): void {
    this.element.remove();
  }
}
