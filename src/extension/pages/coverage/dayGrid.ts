import { type CalendarDate, daysOf } from '../../../core/base/calendar.js';
import { monthNames } from '../../../core/base/countWords.js';
import { dayText, weekdayNames, words } from './coverageWords.js';
import { element } from '../web/element.js';
import { activityOf, levelOf, type Measure, scaleOf, sumOf } from './figures.js';
import { type DaysByDate, differs, monthsOf, placeOf, stateOf, type Year } from './years.js';

/** The data by which the squares of days are drawn. */
export interface DayDrawing {
  days: DaysByDate;
  today: CalendarDate;
  /** The last day that can be chosen. */
  last: CalendarDate;
  measure: Measure;
  /** The sizes at which the levels of colour begin (see scaleOf). */
  scale: number[];
}

/** Today, or the last day in the warehouse if that is later. */
export function lastShown(days: DaysByDate, today: CalendarDate): CalendarDate {
  const last = [...days.keys()].at(-1) ?? today;
  return last > today ? last : today;
}

/** The drawing for these days. */
export function dayDrawing(days: DaysByDate, today: CalendarDate, measure: Measure): DayDrawing {
  const scale = scaleOf([...days.values()].map((day) => activityOf(sumOf([day]), measure)));
  return { days, today, last: lastShown(days, today), measure, scale };
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
    this.element = element('div', {}, namesOfMonths(year), this.grid);
  }

  draw({ days, today, last, measure, scale }: DayDrawing): void {
    for (const [date, cell] of this.cells) {
      const day = days.get(date);
      const state = stateOf(date, day, today);
      const level = levelOf(day ? activityOf(sumOf([day]), measure) : 0, scale);
      const shade = state === 'future' ? '' : state === 'never' ? 'never' : `level-${level}`;
      const proof = state === 'unproven' ? state : '';
      const edge = date > last ? '' : monthEdge(date); // days that cannot be chosen need no line between months
      cell.className = [edge, shade, proof, differs(day) ? 'different' : ''].join(' ');
      cell.setAttribute('aria-label', dayText(date, day, today));
      if (date > last) cell.setAttribute('aria-disabled', 'true');
      else cell.removeAttribute('aria-disabled');
    }
  }

  cell(date: CalendarDate): HTMLElement | undefined {
    return this.cells.get(date);
  }
}

/** The CSS class of a day that the line at a month's beginning touches; else ''. */
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

/** The names of the months, each above the week of the month's first day. */
function namesOfMonths(year: Year): HTMLElement {
  const names = monthNames();
  const made = element('div', { class: 'monthNames', 'aria-hidden': 'true' });
  for (const { from } of monthsOf(year)) {
    const name = element('span', { 'data-month': from }, names[Number(from.slice(5, 7)) - 1]!);
    name.style.gridColumn = String(placeOf(from, year).column + 2);
    made.append(name);
  }
  return made;
}

/** The day that an event of the mouse or the keyboard is about; undefined if the day cannot be chosen. */
export const dateOfEvent = (event: Event): CalendarDate | undefined =>
  event.target instanceof Element
    ? event.target.closest<HTMLElement>('[role="gridcell"]:not([aria-disabled])')?.dataset.date
    : undefined;
