import { today } from '../../core/base/calendar.js';
import type { CompanySummary, YearSummary } from '../../core/core.js';
import { runCommand } from '../commands/runCommand.js';
import { messages } from '../messages.js';
import { companyInView } from '../view/companyInView.js';
import { actOn, filterOf } from './shownBooks.js';
import type { FromView, ShownSummary } from './summaryMessages.js';
import { type PanelParts, WebPanel } from './webPanel.js';

/** The panel of Show Summary: the figures of a financial year. The message after a load has a button that opens it. */
export class SummaryPanel extends WebPanel<ShownSummary, FromView> {
  private chosen: { companyId?: string | undefined; year?: string | undefined } = {};
  /** Whether the panel shows the demo's books. By the time the user acts on the panel, other books may be in use. */
  private inDemo = false;

  constructor(parts: PanelParts) {
    super({ viewType: 'tally.summary', name: 'summaryView', title: () => messages.summary.title() }, parts);
  }

  /** Shows a company, and its financial year of this name. Without an argument it shows what it showed last. */
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
      case 'act': {
        const { shown, inDemo } = this;
        const { action, filter } = message;
        if (shown?.type === 'summary')
          await actOn({ company: shown.company, inDemo }, action, message, filter && { filter: filterOf(filter) });
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
    const company = companyInView(summary, now.inDemo, companyId);
    const year = company && yearIn(company, wantedYear);
    const figures = year
      ? await runner.runQuietly('yearFigures', { companyId: company.id, from: year.from, to: year.to }, config)
      : null;
    return {
      ...{ type: 'summary', companies, company: company ? { id: company.id, name: company.name } : null },
      ...{ years: company?.years.map(({ name }) => name) ?? [], year: year ?? null, figures },
      today: today(),
      remedies: messages.coverage.whenEmpty(),
    };
  }
}

/** The wanted year, else the newest that has an invoice, else the newest. */
const yearIn = ({ years }: CompanySummary, wanted: string | undefined): YearSummary | undefined =>
  years.find(({ name }) => name === wanted) ?? years.find(({ invoices }) => invoices > 0) ?? years[0];
