import * as vscode from 'vscode';
import { today } from '../../core/base/calendar.js';
import type { Config } from '../../core/base/config.js';
import { messages } from '../messages.js';
import type { Books, GivenInvoices } from '../settings/booksInUse.js';
import { lastResort } from '../view/companyInView.js';
import {
  type FromView,
  type InvoiceQuery,
  type PeriodAction,
  periodActions,
  type ShownInvoices,
  type ToView,
} from './invoicesMessages.js';
import { actOn, filterOf } from './shownBooks.js';
import { type PanelParts, WebPanel } from './webPanel.js';

/** A query without a range. The warehouse then takes the last financial year that has an invoice. */
const latestYear = (): InvoiceQuery => ({ order: { by: 'date', descending: false } });

/** The panel of Show Invoices: the invoices of a period as a grid. */
export class InvoicesPanel extends WebPanel<ShownInvoices, FromView> {
  private query = latestYear();
  private serial: number | undefined;
  private given: Partial<Books> = {};
  private asOf = 0;
  /** The configuration of the shown rows. Further rows use it too, even if other books are in use by now. */
  private asked: { config: Config; inDemo: boolean } | undefined;

  constructor(parts: PanelParts) {
    super({ viewType: 'tally.invoices', name: 'invoicesView', title: () => messages.invoices.title() }, parts);
  }

  /** Without an argument, an open panel stays as it is; a new one shows the last financial year that has an invoice. */
  show(given?: GivenInvoices): void {
    if (given) {
      const { from, to, inDemo, company, companyId, filter, order } = given;
      this.given = { company, ...(inDemo !== undefined && { inDemo }) };
      this.use({ ...latestYear(), ...filter, ...(order && { order }), companyId, range: { from, to } });
    } else if (!this.panel) {
      this.given = {};
      this.use(latestYear());
    }
    this.reveal();
  }

  override async receive(message: FromView): Promise<void> {
    switch (message.type) {
      case 'ready':
        // After a reload of the window only the page knows what it showed.
        if (!this.shown && message.query && !this.query.range) this.query = message.query;
        await this.isMade();
        break;
      case 'query':
        this.use(message.query, message.serial);
        break;
      case 'rows':
        await this.moreRows(message.asOf, message.offset);
        break;
      case 'open':
        await this.openInvoice(message.invoiceId);
        break;
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        break;
      case 'act':
        await this.act(message.action);
        break;
      case 'command':
        await this.runRemedy(message.command);
    }
  }

  protected override wanted(): unknown {
    return this.query;
  }

  protected override async load(): Promise<ShownInvoices> {
    const { query, serial } = this;
    const { books, runner } = this.parts;
    const chosen = books.now(this.given);
    const config = await books.configOf(chosen);
    const request = { ...query, ...lastResort(chosen.inDemo), offset: 0 };
    const list = await runner.runQuietly('invoices', request, config);
    this.asked = { config, inDemo: chosen.inDemo };
    const remedies = messages.coverage.whenEmpty();
    return { type: 'invoices', ...list, query, serial, asOf: ++this.asOf, today: today(), remedies };
  }

  private use(query: InvoiceQuery, serial?: number): void {
    this.query = query;
    this.serial = serial;
    this.refresh();
  }

  /** The shown list, with its company and range; undefined if there is none. */
  private get list() {
    const { shown, asked } = this;
    if (shown?.type !== 'invoices' || !shown.company || !shown.range || !asked) return undefined;
    return { ...asked, asOf: shown.asOf, query: shown.query, company: shown.company, range: shown.range };
  }

  /** Sends further rows of a list. Does nothing if another list is shown by now. */
  private async moreRows(asOf: number, offset: number): Promise<void> {
    const { list } = this;
    if (list?.asOf !== asOf) return;
    const request = { ...list.query, companyId: list.company.id, range: list.range, offset };
    await this.answer(async () => {
      const { rows } = await this.parts.runner.runQuietly('invoices', request, list.config);
      return { type: 'rows', asOf, offset, rows };
    });
  }

  private async openInvoice(invoiceId: string): Promise<void> {
    const { list } = this;
    if (!list) return;
    await this.answer(async () => {
      const request = { companyId: list.company.id, invoiceId };
      const invoice = await this.parts.runner.runQuietly('invoice', request, list.config);
      return { type: 'invoice', id: invoiceId, invoice };
    });
  }

  private async answer(asking: () => Promise<ToView>): Promise<void> {
    try {
      await this.post(await asking());
    } catch (thrown) {
      await this.fail(thrown);
    }
  }

  /** Acts on the shown period and books. An export contains the listed invoices, in their order. */
  private async act(action: PeriodAction): Promise<void> {
    const { list } = this;
    if (!list || !periodActions.includes(action)) return;
    const { query, range } = list;
    const listed = action === 'export' ? { filter: filterOf(query), order: query.order } : {};
    await actOn(list, action, range, listed);
  }
}
