import { isCalendarDate, today } from '../../core/base/calendar.js';
import type { CommandId } from '../commands/commandIds.js';
import { companyOf } from '../commands/companyOf.js';
import { runCommand } from '../commands/runCommand.js';
import { messages } from '../messages.js';
import { type FromView, type ShownCalendar, type SpanAction, spanActions } from './coverageMessages.js';
import type { GivenInvoices } from './invoicesPanel.js';
import { type PanelParts, WebPanel } from './webPanel.js';

/** The command of each action: what a page names is looked up here, never run by its name. */
const actions: Record<SpanAction, CommandId> = {
  invoices: 'tally.showInvoices',
  backfill: 'tally.backfillRange',
  verify: 'tally.verifyRange',
  reload: 'tally.clearAndReloadRange',
  export: 'tally.exportRange',
};

/** The warehouse by calendar. */
export class CoveragePanel extends WebPanel<ShownCalendar, FromView> {
  private companyId: string | undefined;
  /** Whose books are shown, which may have changed when somebody acts on them. */
  private inDemo = false;

  constructor(parts: PanelParts) {
    super({ viewType: 'tally.coverage', name: 'coverageView', title: () => messages.coverage.title() }, parts);
  }

  /** With a company's id it shows that one. */
  show(companyId?: string): void {
    if (companyId !== undefined && companyId !== this.companyId) {
      this.companyId = companyId;
      this.refresh();
    }
    this.reveal();
  }

  override async receive(message: FromView): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.companyId ??= message.companyId;
        await this.isMade();
        break;
      case 'company':
        this.companyId = message.companyId;
        this.refresh();
        break;
      case 'act':
        await this.act(message.action, message.from, message.to);
        break;
      case 'command':
        await this.runRemedy(message.command);
    }
  }

  protected override wanted(): unknown {
    return this.companyId;
  }

  protected override async load(): Promise<ShownCalendar> {
    const { books, runner } = this.parts;
    const shown = books.now();
    this.inDemo = shown.inDemo;
    const companyId = this.companyId ?? (await this.companyInView());
    const calendar = await runner.runQuietly('calendar', { companyId }, await books.configOf(shown));
    return { type: 'calendar', ...calendar, today: today(), remedies: messages.coverage.whenEmpty() };
  }

  private async companyInView(): Promise<string | undefined> {
    const view = await this.parts.warehouse.get();
    return view.state === 'loaded' ? view.company?.id : undefined;
  }

  /** Acts on the shown books, even if other books are in use by now. */
  private async act(action: SpanAction, from: string, to: string): Promise<void> {
    const { shown, inDemo } = this;
    if (shown?.type !== 'calendar' || !shown.company || !spanActions.includes(action)) return;
    if (!isCalendarDate(from) || !isCalendarDate(to) || from > to) return;
    const { id: companyId, name: companyName } = shown.company;
    const given: GivenInvoices = { from, to, inDemo, company: companyOf({ companyId, companyName }), companyId };
    await runCommand(actions[action], given);
  }
}
