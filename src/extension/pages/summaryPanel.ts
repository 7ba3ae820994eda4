import { isCalendarDate } from '../../core/base/calendar.js';
import type { CompanySummary, DateRange, InvoiceType, Side, YearSummary } from '../../core/core.js';
import { companyOf } from '../commands/companyOf.js';
import { companyInView } from '../view/companyInView.js';
import { runCommand } from '../commands/runCommand.js';
import { messages } from '../messages.js';
import type { Books } from '../settings/booksInUse.js';
import type { GivenInvoices } from './invoicesPanel.js';
import type { Figure, FromView, ShownSummary } from './summaryMessages.js';
import { type PanelParts, WebPanel } from './webPanel.js';

const typesOf: Record<Side, InvoiceType[]> = {
  sales: ['sales', 'credit_note'],
  purchases: ['purchase', 'debit_note'],
};

/** What a financial year comes to: the page that one comes to after a load. */
export class SummaryPanel extends WebPanel<ShownSummary, FromView> {
  private chosen: { companyId?: string | undefined; year?: string | undefined } = {};
  /** Whose books are shown, which may have changed when somebody acts on them. */
  private inDemo = false;

  constructor(parts: PanelParts) {
    super({ viewType: 'tally.summary', name: 'summaryView', title: () => messages.summary.title() }, parts);
  }

  /** Of a company, and of a financial year by its name; without them what was shown last. */
  show(chosen?: { companyId: string; year?: string }): void {
    if (chosen) {
      this.chosen = chosen;
      this.refresh();
    }
    this.reveal();
  }

  override async receive(message: FromView): Promise<void> {
    switch (message.type) {
      case 'ready':
        if (!this.shown) this.chosen = { companyId: message.companyId, year: message.year };
        await this.isMade();
        break;
      case 'choose':
        this.chosen = { companyId: message.companyId, year: message.year };
        this.refresh();
        break;
      case 'invoices':
        await this.showInvoices(message);
        break;
      case 'backfill': {
        const given = this.given(message);
        if (given) await runCommand('tally.backfillRange', given);
        break;
      }
      case 'coverage':
        await runCommand('tally.showCoverage');
        break;
      case 'command':
        await this.runRemedy(message.command);
    }
  }

  protected override wanted(): unknown {
    return this.chosen;
  }

  protected override async load(): Promise<ShownSummary> {
    const { books, runner } = this.parts;
    const { companyId, year: wantedYear } = this.chosen;
    const now = books.now();
    this.inDemo = now.inDemo;
    const config = await books.configOf(now);
    const summary = await runner.runQuietly('summary', undefined, config);
    const companies = summary.companies.map(({ id, name }) => ({ id, name }));
    const company = summary.companies.find(({ id }) => id === companyId) ?? companyInView(summary, now.inDemo);
    const year = company && yearIn(company, wantedYear);
    const figures = year
      ? await runner.runQuietly('yearFigures', { companyId: company.id, from: year.from, to: year.to }, config)
      : null;
    return {
      ...{ type: 'summary', companies, company: company ? { id: company.id, name: company.name } : null },
      ...{ years: company?.years.map(({ name }) => name) ?? [], year: year ?? null, figures },
      remedies: messages.coverage.whenEmpty(),
    };
  }

  private async showInvoices({ side, party, from, to }: Figure): Promise<void> {
    const given = this.given({ from, to });
    if (!given) return;
    const types = side && typesOf[side];
    const invoices: GivenInvoices = {
      ...given,
      ...(types && { types }),
      ...(party !== undefined && { party }),
    };
    await runCommand('tally.showInvoices', invoices);
  }

  /** A range of the shown books, even if other books are in use by now; undefined for anything that is not a range. */
  private given({ from, to }: DateRange): (DateRange & Books & { companyId: string }) | undefined {
    const { shown, inDemo } = this;
    if (shown?.type !== 'summary' || !shown.company) return undefined;
    if (!isCalendarDate(from) || !isCalendarDate(to) || from > to) return undefined;
    const { id: companyId, name: companyName } = shown.company;
    return { from, to, inDemo, company: companyOf({ companyId, companyName }), companyId };
  }
}

/** The wanted year, else the last one that has an invoice, else the last one. */
const yearIn = ({ years }: CompanySummary, wanted: string | undefined): YearSummary | undefined =>
  years.find(({ name }) => name === wanted) ?? years.find(({ invoices }) => invoices > 0) ?? years[0];
