import { type CalendarDate, type DateRange, daysOf } from '../../../core/base/calendar.js';
import { dateOfEvent } from './dayGrid.js';
import { dayAfterKey, spanOf, within } from './span.js';

export interface Selected {
  /** The day where the selection began; `active` is the day where it ends now, which has the focus. */
  anchor: CalendarDate;
  active: CalendarDate;
}

interface Hooks {
  /** The days that can be chosen. */
  bounds: () => DateRange;
  cell: (date: CalendarDate) => HTMLElement | undefined;
  changed: (by: 'mouse' | 'keyboard') => void;
  /** `key`: Enter or Space on the chosen days; `menu`: the menu key or the right button. */
  act: (by: 'key' | 'menu') => void;
  /** Called with the day under the mouse, or the day that a key moved to; undefined when it is left. */
  look: (date: CalendarDate | undefined) => void;
}

/** The chosen days. They are chosen by a click, a drag, or keys. Only one day is in the Tab order. */
export class Selection {
  selected: Selected | undefined;
  private dragging = false;
  private tabStop: HTMLElement | undefined;

  constructor(
    root: HTMLElement,
    private readonly hooks: Hooks,
  ) {
    root.addEventListener('pointerdown', this.press);
    root.addEventListener('pointerover', this.over);
    root.addEventListener('pointerleave', () => {
      hooks.look(undefined);
    });
    window.addEventListener('pointerup', () => {
      this.dragging = false;
    });
    root.addEventListener('keydown', this.key);
    root.addEventListener('contextmenu', this.menu);
    root.addEventListener('focusin', (event) => {
      const date = dateOfEvent(event);
      if (date !== undefined && event.target instanceof HTMLElement && event.target.matches(':focus-visible'))
        hooks.look(date);
    });
    root.addEventListener('focusout', () => {
      hooks.look(undefined);
    });
  }

  get span(): DateRange | undefined {
    return this.selected && spanOf(this.selected.anchor, this.selected.active);
  }

  choose(selected: Selected | undefined, by: 'mouse' | 'keyboard'): void {
    this.mark(false);
    this.selected = selected;
    this.mark(true);
    if (selected) this.stopAt(selected.active);
    this.hooks.changed(by);
  }

  /** Marks the chosen days again after their squares were drawn. A selection that reaches beyond the bounds is cut at them. */
  redraw(): void {
    const { from, to } = this.hooks.bounds();
    if (this.selected) {
      const { anchor, active } = this.selected;
      this.selected = { anchor: within(anchor, { from, to }), active: within(active, { from, to }) };
    }
    this.mark(true);
    this.stopAt(this.selected?.active ?? to);
  }

  focus(): void {
    this.tabStop?.focus();
  }

  private mark(isSelected: boolean): void {
    if (this.span)
      for (const date of daysOf(this.span)) this.hooks.cell(date)?.setAttribute('aria-selected', String(isSelected));
  }

  private stopAt(date: CalendarDate): void {
    if (this.tabStop) this.tabStop.tabIndex = -1;
    this.tabStop = this.hooks.cell(date);
    if (this.tabStop) this.tabStop.tabIndex = 0;
  }

  private readonly press = (event: PointerEvent): void => {
    const date = dateOfEvent(event);
    if (date === undefined || event.button !== 0) return;
    event.preventDefault(); // the drag must not select text
    this.dragging = true;
    const anchor = event.shiftKey && this.selected ? this.selected.anchor : date;
    this.choose({ anchor, active: date }, 'mouse');
    this.tabStop?.focus({ preventScroll: true });
  };

  private readonly over = (event: PointerEvent): void => {
    const date = dateOfEvent(event);
    if (date !== undefined && this.dragging && this.selected && event.buttons % 2 === 1)
      this.choose({ anchor: this.selected.anchor, active: date }, 'mouse');
    this.hooks.look(date);
  };

  /** Opens the menu. A right click on a day that is not chosen chooses that day. */
  private readonly menu = (event: MouseEvent): void => {
    const date = dateOfEvent(event);
    if (date === undefined) return;
    event.preventDefault();
    if (!this.span || date < this.span.from || date > this.span.to)
      this.choose({ anchor: date, active: date }, 'mouse');
    this.focus();
    this.hooks.act('menu');
  };

  private readonly key = (event: KeyboardEvent): void => {
    const date = dateOfEvent(event);
    if (date === undefined || event.altKey || event.metaKey) return;
    const next = dayAfterKey(event.key, event.ctrlKey, date);
    if (next !== undefined) {
      const active = within(next, this.hooks.bounds());
      if (this.hooks.cell(active)) {
        this.choose({ anchor: event.shiftKey ? (this.selected?.anchor ?? date) : active, active }, 'keyboard');
        this.focus();
      }
    } else if (event.key === 'Enter' || event.key === ' ') {
      if (!this.selected) this.choose({ anchor: date, active: date }, 'keyboard');
      this.hooks.act('key');
    } else if (event.key === 'Escape') {
      this.choose(undefined, 'keyboard');
      this.hooks.look(undefined);
    } else return;
    event.preventDefault();
  };
}
