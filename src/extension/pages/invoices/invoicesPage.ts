import { dayNumber } from '../../../core/base/calendar.js';
import type { InvoiceOrder, ListedInvoice } from '../../../core/core.js';
import type { FromView, InvoiceQuery, ShownInvoices, ToView } from '../invoicesMessages.js';
import { CompanyChoice } from '../web/companyChoice.js';
import { button, element } from '../web/element.js';
import type { Host } from '../web/host.js';
import { Page } from '../web/page.js';
import { asTsv, columnsOf } from './columns.js';
import { Detail } from './detail.js';
import { InvoiceGrid } from './invoiceGrid.js';
import { words } from './invoicesWords.js';
import { RowStore } from './rowStore.js';
import { Toolbar } from './toolbar.js';
import { totalsTable } from './totalsTable.js';

/** The state that the page gets back when VS Code creates it again. */
export interface Kept {
  query?: InvoiceQuery | undefined;
}

/** The whole page: the filter, the totals, the rows, and one invoice beside them. */
export class InvoicesPage extends Page<FromView, Kept> {
  private readonly title = element('h1', {}, words.title(undefined));
  private readonly companies: CompanyChoice;
  private readonly toolbar: Toolbar;
  private readonly summary = element('span');
  private readonly gap = element('span', { class: 'gap', hidden: '' });
  private readonly selected = element('span', { class: 'selected' });
  private readonly totals = element('div', { class: 'wide', role: 'region', tabindex: '0' });
  private readonly copying = button(words.copy(), () => void this.copy(), { disabled: '' });
  private readonly content: HTMLElement;
  private readonly store: RowStore;
  private readonly grid: InvoiceGrid;
  private readonly detail: Detail;
  private shown: ShownInvoices | undefined;
  /** The number of the last query that the page sent. Answers to earlier queries are dropped. */
  private serial = 0;
  /** The invoice that was asked for last; undefined after it was closed. */
  private opening: { id: string; by: 'mouse' | 'keyboard' } | undefined;

  constructor(kept: Kept, host: Host<FromView, Kept>) {
    super(kept, host);
    this.companies = new CompanyChoice((companyId) => {
      this.ask({ companyId });
    });
    const actions = element(
      'span',
      { class: 'actions' },
      this.copying,
      button(
        words.export(),
        () => {
          host.send({ type: 'act', action: 'export' });
        },
        { title: words.exportHint() },
      ),
    );
    this.toolbar = new Toolbar((filter) => {
      this.ask(filter);
    });
    this.store = new RowStore((offset) => {
      if (this.shown) host.send({ type: 'rows', asOf: this.shown.asOf, offset });
    });
    this.grid = new InvoiceGrid({
      at: (index) => this.store.at(index),
      sort: (by) => {
        this.ask({ order: this.nextOrder(by) });
      },
      open: this.open,
      selected: (rows) => {
        this.copying.disabled = rows === 0;
        this.selected.textContent = rows > 1 ? words.selected(rows) : '';
      },
      escape: this.close,
    });
    this.detail = new Detail({
      close: this.close,
      only: (filter) => {
        this.close();
        this.toolbar.only(filter);
      },
    });
    this.totals.setAttribute('aria-label', words.totals());
    this.content = element(
      'div',
      { class: 'content', hidden: '' },
      this.totals,
      element('div', { class: 'summary' }, this.summary, this.gap, this.selected, actions),
      element('div', { class: 'split' }, this.grid.element, this.detail.element),
    );
    const main = element(
      'main',
      {},
      element('header', {}, this.title, this.companies.element),
      this.toolbar.element,
      this.notice.element,
      this.content,
    );
    this.appear(main);
    document.addEventListener('copy', (event) => {
      // Selected text of the page, and text in a box, is copied as usual.
      if (!this.grid.selection || !document.getSelection()?.isCollapsed || isBox(document.activeElement)) return;
      event.preventDefault();
      void this.copy();
    });
  }

  show(message: ToView): void {
    switch (message.type) {
      case 'failed':
        this.content.hidden = true;
        this.offer(words.failed(), message.reason, message.remedies);
        break;
      case 'invoices':
        this.showList(message);
        break;
      case 'rows':
        if (message.asOf !== this.shown?.asOf) return;
        this.store.put(message.offset, message.rows);
        this.grid.draw();
        break;
      case 'invoice':
        if (message.id !== this.opening?.id) return;
        this.detail.show(message.invoice);
        if (this.opening.by === 'keyboard') this.detail.element.focus();
    }
  }

  private showList(list: ShownInvoices): void {
    const isFirst = this.shown === undefined;
    if (!isFirst && list.serial !== undefined && list.serial < this.serial) return;
    const isAnother = isFirst || JSON.stringify(this.shown?.query) !== JSON.stringify(list.query);
    if (isFirst) this.serial = list.serial ?? 0;
    this.shown = list;
    this.keep({ query: list.query });
    this.title.textContent = words.title(list.company?.name);
    this.companies.show(list.companies, list.company);
    this.toolbar.element.hidden = list.range === null;
    // An answer to the toolbar's own query must not change what is being typed.
    if (isFirst || list.serial === undefined) this.toolbar.show({ ...list.query, range: list.range ?? undefined });
    else if (!list.query.range) this.toolbar.showRange(list.range ?? undefined);
    if (isAnother) this.close();
    const count = list.totals.reduce((sum, { invoices }) => sum + invoices, 0);
    this.store.reset(count, list.rows);
    this.content.hidden = count === 0;
    if (count === 0 || !list.range) {
      this.showNothing(list);
      return;
    }
    this.notice.hide();
    this.totals.replaceChildren(totalsTable(list.totals, list.query));
    this.summary.textContent = words.shown(list.range, count);
    this.showGap(list.neverLoaded);
    this.grid.show(count, list.query, list.range, isAnother);
    this.live.say(words.shown(list.range, count));
  }

  /** Says how many days were never loaded. Without this a period with missing days looks like one with few sales. */
  private showGap(days: number): void {
    this.gap.hidden = days === 0;
    this.gap.replaceChildren(words.neverLoaded(days), button(words.backfill(), this.backfill));
  }

  private showNothing({ company, range, neverLoaded, remedies }: ShownInvoices): void {
    if (!range) {
      const sentence = company ? words.emptyOf(company.name) : words.empty();
      this.offer(sentence, words.emptyDetail(), remedies);
    } else if (this.toolbar.isFiltered) {
      const clear = (): void => {
        this.toolbar.clear();
      };
      this.notify(words.noneMatches(), words.searched(range), [{ title: words.clear(), press: clear }]);
    } else {
      const days = dayNumber(range.to) - dayNumber(range.from) + 1;
      const [sentence, detail] =
        neverLoaded === days
          ? [words.notLoaded(range), words.loads()]
          : [words.none(range), neverLoaded > 0 ? words.noneOfLoaded(neverLoaded) : words.noneInTally()];
      this.notify(sentence, detail, [{ title: words.backfill(), press: this.backfill }]);
    }
  }

  private ask(change: Partial<InvoiceQuery>): void {
    const { query, range } = this.shown ?? {};
    const order: InvoiceOrder = { by: 'date', descending: false };
    // The shown range stays, even if a later year is loaded meanwhile. Another company begins with its own latest year.
    const period = change.companyId === undefined ? { range: range ?? undefined } : { range: undefined };
    this.host.send({ type: 'query', query: { order, ...query, ...period, ...change }, serial: ++this.serial });
  }

  /** Pressed again, a title reverses the order. The first order of totals is descending, of all others ascending. */
  private nextOrder(by: InvoiceOrder['by']): InvoiceOrder {
    const now = this.shown?.query.order;
    if (now?.by === by) return { by, descending: !now.descending };
    return { by, descending: by === 'total' };
  }

  private readonly open = (invoice: ListedInvoice, by: 'mouse' | 'keyboard'): void => {
    this.opening = { id: invoice.id, by };
    this.host.send({ type: 'open', invoiceId: invoice.id });
  };

  private readonly close = (): void => {
    this.opening = undefined;
    if (!this.detail.isOpen) return;
    const hadFocus = this.detail.element.contains(document.activeElement);
    this.detail.hide();
    if (hadFocus) this.grid.focus();
  };

  private readonly backfill = (): void => {
    this.host.send({ type: 'act', action: 'backfill' });
  };

  /** Copies the selected rows, also those that were never scrolled to and have to be fetched. */
  private async copy(): Promise<void> {
    const { selection } = this.grid;
    const rows = selection ? await this.store.rows(selection.from, selection.to) : [];
    if (rows.length === 0) return;
    this.host.send({ type: 'copy', text: asTsv(rows, columnsOf(this.shown!.query)) });
    this.selected.textContent = words.copied(rows.length);
    this.live.say(words.copied(rows.length));
  }
}

const isBox = (one: Element | null): boolean => one instanceof HTMLInputElement;
