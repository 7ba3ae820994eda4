import type { CalendarDate, DateRange, WarehouseDay } from '../../../core/core.js';
import type { FromView, ShownCalendar, ToView } from '../coverageMessages.js';
import { rangeSummary, spanName, stateText, words } from './coverageWords.js';
import { element } from '../web/element.js';
import type { Host } from '../web/host.js';
import type { SpanAction } from '../webMessages.js';
import { Page } from '../web/page.js';
import { dayDrawing, lastShown } from './dayGrid.js';
import { extentOf, type Measure } from './figures.js';
import { Header } from './header.js';
import { dayLegend, typeLegend } from './legend.js';
import { actionItems, Menu } from './menu.js';
import { Selection, type Selected } from './selection.js';
import { SelectionBar } from './selectionBar.js';
import { dayTip, Tip } from './tip.js';
import { monthFigures, YearView, type Drawing } from './yearView.js';
import { daysIn, yearsOf } from './years.js';

/** The state that the page gets back when VS Code creates it again. */
export interface Kept {
  companyId?: string | undefined;
  measure?: Measure | undefined;
  selected?: Selected | undefined;
  scroll?: number | undefined;
}

/** The whole page: the years, newest first, and the chosen days. */
export class CoveragePage extends Page<FromView, Kept> {
  private readonly header: Header;
  private readonly guide: HTMLElement;
  private readonly root = element('div', { class: 'years' });
  private readonly tip = new Tip();
  private readonly menu = new Menu();
  private readonly bar: SelectionBar;
  private readonly selection: Selection;
  private shown: ShownCalendar | undefined;
  private days: ReadonlyMap<CalendarDate, WarehouseDay> = new Map();
  private views: YearView[] = [];

  constructor(kept: Kept, host: Host<FromView, Kept>) {
    super(kept, host);
    this.header = new Header(kept.measure ?? 'invoices', {
      measure: (measure) => {
        this.keep({ measure });
        this.draw();
      },
      company: (companyId) => {
        this.keep({ companyId });
        this.selection.choose(undefined, 'mouse');
        host.send({ type: 'company', companyId });
      },
    });
    this.bar = new SelectionBar(this.act, () => {
      this.selection.focus();
      this.selection.choose(undefined, 'mouse');
    });
    this.selection = new Selection(this.root, {
      bounds: () => this.bounds(),
      cell: (date) => this.cell(date),
      changed: this.chosen,
      act: this.openMenu,
      look: this.look,
    });
    this.guide = element(
      'div',
      { hidden: '' },
      element('p', { class: 'hint' }, words.hint()),
      dayLegend(),
      typeLegend(),
    );
    const main = element('main', {}, this.header.element, this.notice.element, this.guide, this.root);
    this.appear(main, this.bar.element);
    window.addEventListener('scrollend', () => {
      this.keep({ scroll: window.scrollY });
    });
  }

  show(message: ToView): void {
    if (message.type === 'failed') {
      this.offer(words.failed(), message.reason, message.remedies);
      return;
    }
    const returns = this.shown === undefined && message.company?.id === this.kept.companyId;
    const isFirst = this.shown?.company?.id !== message.company?.id;
    const before = isFirst ? undefined : JSON.stringify(this.shown?.days);
    this.shown = message;
    this.days = new Map(message.days.map((day) => [day.date, day]));
    this.keep({ companyId: message.company?.id });
    this.header.show(message.companies, message.company);
    this.guide.hidden = message.days.length === 0;
    if (message.days.length > 0) this.notice.hide();
    else {
      const { company } = message;
      this.offer(company ? words.emptyOf(company.name) : words.empty(), words.emptyDetail(), message.remedies);
    }
    this.arrange();
    this.draw();
    if (isFirst && !returns) this.scrollToNewest();
    if (returns && message.days.length > 0) this.selection.selected = this.kept.selected;
    this.selection.redraw();
    this.tellChosen();
    if (returns) window.scrollTo({ top: this.kept.scroll ?? 0 });
    if (before !== undefined && before !== JSON.stringify(message.days) && message.days.length > 0)
      this.live.say(words.updated(rangeSummary(this.bounds(), this.days, message.today)));
  }

  /** Makes the views of the years. Existing views are kept, so that the focus and the scroll position are not lost. */
  private arrange(): void {
    const known = new Map(this.views.map((view) => [view.year.name, view]));
    this.views = yearsOf(this.days, this.shown!.today, this.shown!.booksFrom).map(
      (year) => known.get(year.name) ?? new YearView(year, this.tip),
    );
    const wanted = new Set(this.views);
    for (const view of known.values()) if (!wanted.has(view)) view.remove();
    this.views.forEach(({ element: section }, index) => {
      if (this.root.children[index] !== section) this.root.insertBefore(section, this.root.children[index] ?? null);
    });
  }

  /** Scrolls to the newest year with data. The years after it are empty if a company was loaded some years ago. */
  private scrollToNewest(): void {
    const newest = this.views.findIndex(({ year }) => !daysIn(year, this.days).next().done);
    if (newest > 0) this.views[newest]!.element.scrollIntoView();
  }

  private draw(): void {
    if (!this.shown) return;
    const { days, shown } = this;
    const measure = this.kept.measure ?? 'invoices';
    const months = this.views.flatMap(({ year }) => monthFigures(year, days));
    const drawing: Drawing = { ...dayDrawing(days, shown.today, measure), extent: extentOf(months, measure) };
    for (const view of this.views) view.draw(drawing);
  }

  private bounds(): DateRange {
    const today = this.shown?.today ?? '';
    return { from: this.views.at(-1)?.year.from ?? today, to: lastShown(this.days, today) };
  }

  private cell(date: CalendarDate): HTMLElement | undefined {
    return this.views.find(({ year }) => year.from <= date && date <= year.to)?.grid.cell(date);
  }

  private readonly look = (date: CalendarDate | undefined): void => {
    const cell = date === undefined || this.menu.isOpen ? undefined : this.cell(date);
    if (date === undefined || !cell || !this.shown) this.tip.hide();
    else this.tip.show(dayTip(date, this.days.get(date), this.shown.today), cell);
  };

  private readonly chosen = (): void => {
    this.tellChosen();
    const { span, selected } = this.selection;
    this.keep({ selected });
    // A screen reader reads a single day's figures when the day gets the focus.
    if (!span) this.live.say(words.nothingChosen());
    else if (span.from !== span.to) this.live.say(words.chosen(spanName(span), this.summaryOf(span)));
  };

  private tellChosen(): void {
    const { span } = this.selection;
    this.bar.show(span, span ? this.summaryOf(span) : '');
  }

  private summaryOf(span: DateRange): string {
    const { today } = this.shown!;
    const summary = rangeSummary(span, this.days, today);
    // The summary of a future day is empty.
    return summary === '' && span.from === span.to ? stateText(span.from, this.days.get(span.from), today) : summary;
  }

  private readonly openMenu = (): void => {
    const { span, selected } = this.selection;
    const cell = selected && this.cell(selected.active);
    if (!span || !cell) return;
    this.tip.hide();
    this.menu.open(spanName(span), actionItems(this.act), cell);
  };

  private readonly act = (action: SpanAction): void => {
    const { span } = this.selection;
    if (span) this.host.send({ type: 'act', action, ...span });
  };
}
