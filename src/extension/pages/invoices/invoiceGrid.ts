import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type Range,
  Virtualizer,
} from '@tanstack/virtual-core';
import type { DateRange } from '../../../core/base/calendar.js';
import type { InvoiceOrder, ListedInvoice } from '../../../core/core.js';
import type { InvoiceQuery } from '../invoicesMessages.js';
import { element } from '../web/element.js';
import { type Column, columnsOf } from './columns.js';
import { afterKey, type Place } from './gridKeys.js';
import { words } from './invoicesWords.js';

const rowHeight = 26;

interface Hooks {
  /** Undefined until the host has sent the row. */
  at: (index: number) => ListedInvoice | undefined;
  sort: (by: InvoiceOrder['by']) => void;
  open: (invoice: ListedInvoice, by: 'mouse' | 'keyboard') => void;
  selected: (rows: number) => void;
  escape: () => void;
}

/**
 * A grid that keeps only the rows in sight in the page. By ARIA's grid pattern, one cell is in the Tab order, keys move
 * from cell to cell, and each row has its number among all rows.
 */
export class InvoiceGrid {
  readonly element: HTMLElement;
  private columns: readonly Column[] = columnsOf({});
  private heads: HTMLElement[] = [];
  private readonly head = element('div', { role: 'row', class: 'row', 'aria-rowindex': '1' });
  private readonly body = element('div', { role: 'rowgroup', class: 'rows' });
  private readonly rows = new Map<number, HTMLElement>();
  private readonly virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  private count = 0;
  /** The cell that has the focus when the grid has it; the row of the titles is -1. */
  private active: Place = { row: 0, column: 0 };
  /** The row where the selection began; the selection ends at the active row. -1: nothing is selected. */
  private anchor = -1;

  constructor(private readonly hooks: Hooks) {
    this.element = element(
      'div',
      { role: 'grid', class: 'grid', 'aria-multiselectable': 'true' },
      element('div', { role: 'rowgroup', class: 'head' }, this.head),
      this.body,
    );
    this.makeHeads();
    this.element.style.setProperty('--row', `${rowHeight}px`);
    this.element.addEventListener('keydown', this.key);
    this.element.addEventListener('click', this.click);
    this.virtualizer = new Virtualizer<HTMLElement, HTMLElement>({
      ...{ count: 0, overscan: 12, scrollMargin: rowHeight, estimateSize: () => rowHeight },
      getScrollElement: () => this.element,
      scrollToFn: elementScroll,
      ...{ observeElementRect, observeElementOffset },
      onChange: () => {
        this.draw();
      },
    });
    this.virtualizer._didMount();
  }

  private makeHeads(): void {
    this.heads = this.columns.map(({ name, isAmount, title }, index) =>
      element(
        'div',
        {
          ...{ role: 'columnheader', class: `${name}${isAmount ? ' amount' : ''}`, tabindex: '-1' },
          ...{ 'aria-colindex': String(index + 1), title: title() },
        },
        title(),
      ),
    );
    this.head.replaceChildren(...this.heads);
    this.element.setAttribute('aria-colcount', String(this.columns.length));
    this.element.classList.toggle(
      'with-part',
      this.columns.some(({ name }) => name === 'part'),
    );
  }

  private setColumns(columns: readonly Column[]): void {
    const titles = (all: readonly Column[]): string => all.map(({ title }) => title()).join('\n');
    if (titles(columns) === titles(this.columns)) return;
    this.columns = columns;
    this.makeHeads();
    for (const row of this.rows.values()) row.remove();
    this.rows.clear();
    this.active = { row: this.active.row, column: 0 };
  }

  /** Shows a list. `isAnother`: its query is new. Else the scroll position, the active cell and the selection stay. */
  show(count: number, { order, ...filter }: InvoiceQuery, range: DateRange, isAnother: boolean): void {
    this.setColumns(columnsOf(filter));
    this.count = count;
    this.element.setAttribute('aria-label', words.grid(range));
    this.element.setAttribute('aria-rowcount', String(count + 1));
    this.heads.forEach((head, index) => {
      const { sort } = this.columns[index]!;
      if (sort === undefined) return;
      const isSorted = sort === order.by;
      head.setAttribute('aria-sort', !isSorted ? 'none' : order.descending ? 'descending' : 'ascending');
    });
    if (isAnother) {
      this.element.scrollTop = 0;
      // The focus stays on a title that was pressed.
      const isInHead = this.heads.some((head) => head === document.activeElement);
      this.active = isInHead ? this.active : { row: 0, column: 0 };
      this.anchor = -1;
    }
    this.active.row = Math.min(this.active.row, count - 1);
    this.anchor = Math.min(this.anchor, count - 1);
    this.draw();
    this.stop();
  }

  /** The first and the last selected row; undefined if none is selected. */
  get selection(): { from: number; to: number } | undefined {
    if (this.anchor < 0 || this.active.row < 0) return undefined;
    return { from: Math.min(this.anchor, this.active.row), to: Math.max(this.anchor, this.active.row) };
  }

  focus(): void {
    this.cell(this.active)?.focus({ preventScroll: true });
  }

  /** Draws the rows in sight. */
  draw(): void {
    const { virtualizer, count } = this;
    // A new function each time, because the virtualizer caches the rows of the same function.
    const rangeExtractor = (range: Range): number[] => withRow(defaultRangeExtractor(range), this.active.row);
    virtualizer.setOptions({ ...virtualizer.options, count, rangeExtractor });
    virtualizer._willUpdate();
    const items = virtualizer.getVirtualItems();
    this.body.style.height = `${count * rowHeight}px`;
    const wanted = new Set(items.map(({ index }) => index));
    for (const [index, row] of this.rows)
      if (!wanted.has(index)) {
        row.remove();
        this.rows.delete(index);
      }
    items.forEach(({ index }, place) => {
      const row = this.rows.get(index) ?? this.make(index);
      this.fill(row, this.hooks.at(index));
      // In the order of the list, for screen readers. Old rows are in order already, so a row with the focus is never moved.
      if (this.body.children[place] !== row) this.body.insertBefore(row, this.body.children[place] ?? null);
    });
    this.mark();
  }

  private make(index: number): HTMLElement {
    const cells = this.columns.map(({ name, isAmount }, column) =>
      element('div', {
        ...{ role: 'gridcell', class: `${name}${isAmount ? ' amount' : ''}`, tabindex: '-1' },
        'aria-colindex': String(column + 1),
      }),
    );
    const row = element('div', { role: 'row', class: 'row', 'aria-rowindex': String(index + 2) }, ...cells);
    row.dataset.index = String(index);
    row.style.transform = `translateY(${index * rowHeight}px)`;
    this.rows.set(index, row);
    return row;
  }

  private fill(row: HTMLElement, invoice: ListedInvoice | undefined): void {
    row.classList.toggle('cancelled', invoice?.isCancelled ?? false);
    this.columns.forEach(({ text }, column) => {
      const cell = row.children[column]!;
      const shown = invoice ? text(invoice) : '…';
      if (cell.textContent !== shown) cell.textContent = shown;
    });
  }

  /** Marks the selected rows, and the one cell that Tab leads to. */
  private mark(): void {
    const { selection, active } = this;
    for (const [index, row] of this.rows) {
      const isSelected = selection !== undefined && selection.from <= index && index <= selection.to;
      row.setAttribute('aria-selected', String(isSelected));
      for (const [column, cell] of [...row.children].entries())
        (cell as HTMLElement).tabIndex = index === active.row && column === active.column ? 0 : -1;
    }
    this.heads.forEach((head, column) => {
      head.tabIndex = active.row < 0 && column === active.column ? 0 : -1;
    });
  }

  private cell({ row, column }: Place): HTMLElement | undefined {
    return row < 0 ? this.heads[column] : (this.rows.get(row)?.children[column] as HTMLElement | undefined);
  }

  private go(place: Place, extend: boolean): void {
    this.active = place;
    if (!extend) this.anchor = place.row;
    this.draw();
    this.focus();
    this.cell(place)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    this.stop();
  }

  private stop(): void {
    const { selection } = this;
    this.hooks.selected(selection ? selection.to - selection.from + 1 : 0);
  }

  private act(by: 'mouse' | 'keyboard'): void {
    const { row, column } = this.active;
    const sort = this.columns[column]?.sort;
    const invoice = row < 0 ? undefined : this.hooks.at(row);
    if (row < 0 && sort) this.hooks.sort(sort);
    else if (invoice) this.hooks.open(invoice, by);
  }

  private readonly click = (event: MouseEvent): void => {
    const place = placeOf(event.target);
    if (!place) return;
    this.go(place, event.shiftKey && place.row >= 0);
    if (!event.shiftKey) this.act('mouse');
  };

  private readonly key = (event: KeyboardEvent): void => {
    if (event.altKey) return;
    const control = event.ctrlKey || event.metaKey;
    const size = { rows: this.count, columns: this.columns.length, page: this.rowsInSight };
    const next = afterKey(event.key, control, this.active, size);
    if (next) this.go(next, event.shiftKey && next.row >= 0 && this.anchor >= 0);
    else if (control && event.key === 'a' && this.count > 0) {
      this.anchor = 0;
      this.go({ ...this.active, row: this.count - 1 }, true);
    } else if (!control && (event.key === 'Enter' || event.key === ' ')) this.act('keyboard');
    else if (event.key === 'Escape') this.hooks.escape();
    else return;
    event.preventDefault();
  };

  private get rowsInSight(): number {
    return Math.max(1, Math.floor(this.element.clientHeight / rowHeight) - 2);
  }
}

/** Adds the active row, so that it stays in the page when it is scrolled out of sight and does not lose the focus. */
const withRow = (indexes: number[], row: number): number[] =>
  row < 0 || indexes.includes(row) ? indexes : [...indexes, row].sort((a, b) => a - b);

function placeOf(target: EventTarget | null): Place | undefined {
  const cell = target instanceof Element ? target.closest<HTMLElement>('[aria-colindex]') : null;
  if (!cell) return undefined;
  const column = Number(cell.getAttribute('aria-colindex')) - 1;
  return { row: Number(cell.parentElement?.getAttribute('aria-rowindex')) - 2, column };
}
