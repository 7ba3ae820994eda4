import { type CalendarDate, daysOf } from '../../../core/base/calendar.js';
import { weekdayNames, words } from './coverageWords.js';
import { element } from './element.js';
import { layout } from './yearChart.js';
import { placeOf, type Year } from './years.js';

/**
 * The days of a year for mouse, keyboard and screen reader: a transparent square over each one of the picture, which says
 * what the picture shows.
 */
export class DayGrid {
  readonly element: HTMLElement;
  private readonly cells = new Map<CalendarDate, HTMLElement>();

  constructor(year: Year) {
    const rows = weekdayNames('weekday').map((weekday, row) => element('div', { role: 'row' }, heading(weekday, row)));
    for (const date of daysOf(year)) {
      const { column, row } = placeOf(date, year);
      const cell = element('div', { role: 'gridcell', tabindex: '-1', 'data-date': date, 'aria-selected': 'false' });
      cell.setAttribute('aria-colindex', String(column + 2));
      cell.style.gridArea = `${row + 1} / ${column + 1}`;
      rows[row]!.append(cell);
      this.cells.set(date, cell);
    }
    this.element = element(
      'div',
      {
        role: 'grid',
        class: 'days',
        'aria-label': words.days(year),
        'aria-multiselectable': 'true',
        'aria-colcount': '55',
      },
      ...rows,
    );
  }

  resize(cell: number): void {
    const { style } = this.element;
    style.left = `${layout.left}px`;
    style.top = `${layout.top}px`;
    style.gridTemplateColumns = `repeat(${layout.weeks}, ${cell}px)`;
    style.gridTemplateRows = `repeat(7, ${cell}px)`;
  }

  /** Says of each day what there is of it; days to come have nothing to choose. */
  describe(textOf: (date: CalendarDate) => string, last: CalendarDate): void {
    for (const [date, cell] of this.cells) {
      cell.setAttribute('aria-label', textOf(date));
      if (date > last) cell.setAttribute('aria-disabled', 'true');
      else cell.removeAttribute('aria-disabled');
    }
  }

  cell(date: CalendarDate): HTMLElement | undefined {
    return this.cells.get(date);
  }
}

function heading(weekday: string, row: number): HTMLElement {
  const made = element('div', { role: 'rowheader', class: 'unseen', 'aria-colindex': '1' }, weekday);
  made.style.gridArea = `${row + 1} / 1`;
  return made;
}

/** The day that an event of the mouse or the keyboard is about. */
export const dateOfEvent = (event: Event): CalendarDate | undefined =>
  event.target instanceof Element
    ? event.target.closest<HTMLElement>('[role="gridcell"]:not([aria-disabled])')?.dataset.date
    : undefined;
