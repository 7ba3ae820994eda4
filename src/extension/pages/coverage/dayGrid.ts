import { type CalendarDate, daysOf } from '../../../core/base/calendar.js';
import { shortMonths, weekdayNames, words } from './coverageWords.js';
import { element } from '../web/element.js';
import { type DayState, monthsOf, placeOf, type Year } from './years.js';

/** How a day is drawn, and what it says. */
export interface DrawnDay {
  /** 0 … 5, see levelOf. */
  level: number;
  state: DayState;
  differs: boolean;
  text: string;
}

/** The days of a year as squares, a column for each week. CSS classes, shared with the legend, give the colours. */
export class DayGrid {
  readonly element: HTMLElement;
  readonly grid: HTMLElement;
  private readonly cells = new Map<CalendarDate, HTMLElement>();

  constructor(year: Year) {
    const short = weekdayNames('shortWeekday');
    const rows = weekdayNames('weekday').map((weekday, row) =>
      element('div', { role: 'row' }, heading(weekday, row % 2 === 0 ? short[row]! : '', row)),
    );
    for (const date of daysOf(year)) {
      const { column, row } = placeOf(date, year);
      const cell = element('div', { role: 'gridcell', tabindex: '-1', 'data-date': date, 'aria-selected': 'false' });
      cell.setAttribute('aria-colindex', String(column + 2));
      cell.style.gridArea = `${row + 1} / ${column + 2}`;
      rows[row]!.append(cell);
      this.cells.set(date, cell);
    }
    this.grid = element(
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
    this.element = element('div', {}, monthNames(year), this.grid);
  }

  /** Draws each day; days after `last` have nothing to choose. */
  draw(dayOf: (date: CalendarDate) => DrawnDay, last: CalendarDate): void {
    for (const [date, cell] of this.cells) {
      const { level, state, differs, text } = dayOf(date);
      const shade = state === 'future' ? '' : state === 'never' ? 'never' : `level-${level}`;
      const proof = state === 'unproven' ? state : '';
      cell.className = [monthEdge(date), shade, proof, differs ? 'different' : ''].join(' ');
      cell.setAttribute('aria-label', text);
      if (date > last) cell.setAttribute('aria-disabled', 'true');
      else cell.removeAttribute('aria-disabled');
    }
  }

  cell(date: CalendarDate): HTMLElement | undefined {
    return this.cells.get(date);
  }
}

/** Whether the line at a month's beginning touches a day. */
function monthEdge(date: CalendarDate): string {
  const day = Number(date.slice(8));
  return day === 1 ? 'firstDay' : day <= 7 ? 'firstWeek' : '';
}

function heading(weekday: string, shown: string, row: number): HTMLElement {
  const made = element(
    'div',
    { role: 'rowheader', 'aria-colindex': '1' },
    element('span', { class: 'unseen' }, weekday),
    element('span', { 'aria-hidden': 'true' }, shown),
  );
  made.style.gridArea = `${row + 1} / 1`;
  return made;
}

/** Each above the week of its first day. */
function monthNames(year: Year): HTMLElement {
  const names = shortMonths();
  const made = element('div', { class: 'monthNames', 'aria-hidden': 'true' });
  for (const { from } of monthsOf(year)) {
    const name = element('span', {}, names[Number(from.slice(5, 7)) - 1]!);
    name.style.gridColumn = String(placeOf(from, year).column + 2);
    made.append(name);
  }
  return made;
}

/** The day that an event of the mouse or the keyboard is about. */
export const dateOfEvent = (event: Event): CalendarDate | undefined =>
  event.target instanceof Element
    ? event.target.closest<HTMLElement>('[role="gridcell"]:not([aria-disabled])')?.dataset.date
    : undefined;
