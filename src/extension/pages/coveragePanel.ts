import { today } from '../../core/base/calendar.js';
import type { DateRange } from '../../core/core.js';
import { messages } from '../messages.js';
import { lastResort } from '../view/companyInView.js';
import type { FromView, ShownCalendar } from './coverageMessages.js';
import { actOn } from './shownBooks.js';
import type { SpanAction } from './webMessages.js';
import { type PanelParts, WebPanel } from './webPanel.js';

/** The panel of Show Coverage: the loaded days as a calendar. */
export class CoveragePanel extends WebPanel<ShownCalendar, FromView> {
  private companyId: string | undefined;
  /** Whether the demo's books are shown. Other books may be in use when somebody acts on them. */
  private inDemo = false;

  constructor(parts: PanelParts) {
    super({ viewType: 'tally.coverage', name: 'coverageView', title: () => messages.coverage.title() }, parts);
  }

  /** Shows the company with this id; without an id, the company that it showed last. */
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
        await this.act(message.action, message);
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
    const request = { companyId: this.companyId, ...lastResort(shown.inDemo) };
    const calendar = await runner.runQuietly('calendar', request, await books.configOf(shown));
    return { type: 'calendar', ...calendar, today: today(), remedies: messages.coverage.whenEmpty() };
  }

  private async act(action: SpanAction, range: DateRange): Promise<void> {
    const { shown, inDemo } = this;
    if (shown?.type === 'calendar') await actOn({ company: shown.company, inDemo }, action, range);
  }
}
