import type { CalendarDate, DateRange } from '../../../core/base/calendar.js';
import type { WarehouseDay, YearSummary } from '../../../core/core.js';
import { spanName } from '../coverage/coverageWords.js';
import { dayDrawing, DayGrid, lastShown } from '../coverage/dayGrid.js';
import { dayLegend } from '../coverage/legend.js';
import { actionItems, Menu } from '../coverage/menu.js';
import { Selection } from '../coverage/selection.js';
import { within } from '../coverage/span.js';
import { dayTip, Tip } from '../coverage/tip.js';
import type { DaysByDate } from '../coverage/years.js';
import { element } from '../web/element.js';
import type { SpanAction } from '../webMessages.js';
import { words } from './summaryWords.js';

/** The days of the shown year, drawn as in Show Coverage. A click or Enter shows their invoices; the menu has all actions. */
export class YearDays {
  readonly element: HTMLElement;
  private readonly picture = element('div', { class: 'picture' });
  private readonly tip = new Tip();
  private readonly menu = new Menu();
  private readonly selection: Selection;
  private shown: { year: YearSummary; grid: DayGrid; days: DaysByDate; today: CalendarDate } | undefined;
  /** The mouse has selected days. The click that ends the selection then shows their invoices. */
  private isChoosing = false;

  constructor(private readonly act: (action: SpanAction, range: DateRange) => void) {
    this.element = element(
      'section',
      { class: 'years', 'aria-label': words.calendar() },
      element('h2', {}, words.calendar()),
      element('p', { class: 'hint' }, words.calendarHint()),
      dayLegend(),
      this.picture,
    );
    this.selection = new Selection(this.picture, {
      bounds: () => this.bounds(),
      cell: (date) => this.shown?.grid.cell(date),
      changed: (by) => {
        this.isChoosing = by === 'mouse';
      },
      act: (by) => {
        if (by === 'menu') this.openMenu();
        else this.showChosen();
      },
      look: this.look,
    });
    this.picture.addEventListener('click', ({ target }) => {
      const month = target instanceof HTMLElement ? target.dataset.month : undefined;
      if (month !== undefined) this.showMonth(month);
      else if (this.isChoosing) this.showChosen();
      this.isChoosing = false;
    });
  }

  show(year: YearSummary, days: WarehouseDay[], today: CalendarDate): void {
    const isSame = this.shown?.year.from === year.from;
    const grid = isSame ? this.shown!.grid : new DayGrid(year);
    this.shown = { year, grid, days: new Map(days.map((day) => [day.date, day])), today };
    grid.draw(dayDrawing(this.shown.days, today, 'invoices'));
    if (!isSame) {
      this.selection.selected = undefined;
      this.picture.replaceChildren(grid.element);
    }
    this.selection.redraw();
  }

  /** The days of the year that can be selected. */
  private bounds(): DateRange {
    const { year, days, today } = this.shown!;
    return { from: year.from, to: within(lastShown(days, today), year) };
  }

  private showChosen(): void {
    const { span } = this.selection;
    if (span) this.act('invoices', span);
  }

  private showMonth(from: CalendarDate): void {
    const month = this.shown?.year.months.find((one) => one.from === from);
    if (month) this.act('invoices', month);
  }

  private readonly look = (date: CalendarDate | undefined): void => {
    const cell = date === undefined || this.menu.isOpen ? undefined : this.shown?.grid.cell(date);
    if (date === undefined || !cell || !this.shown) this.tip.hide();
    else this.tip.show(dayTip(date, this.shown.days.get(date), this.shown.today), cell);
  };

  private openMenu(): void {
    // A right click selects a day too, and no click event follows it.
    this.isChoosing = false;
    const { span, selected } = this.selection;
    const cell = selected && this.shown?.grid.cell(selected.active);
    if (!span || !cell) return;
    this.tip.hide();
    const items = actionItems((action) => {
      this.act(action, span);
    });
    this.menu.open(spanName(span), items, cell);
  }
}
