import { formatRupees, paiseOf } from '../../../core/base/format.js';
import type {
  Balances,
  CalendarDate,
  DateRange,
  RegisterFilter,
  Side,
  YearDetails,
  YearFigures,
  YearSummary,
} from '../../../core/core.js';
import type { FromView, ShownSummary, ToView } from '../summaryMessages.js';
import { CompanyChoice } from '../web/companyChoice.js';
import { button, element } from '../web/element.js';
import type { Host } from '../web/host.js';
import { Page } from '../web/page.js';
import { netNames, sides, typesOf } from '../web/typeNames.js';
import type { SpanAction } from '../webMessages.js';
import { figure, monthTable, rankedTable, type Show, taxTable } from './summaryTables.js';
import { sideNames, words } from './summaryWords.js';
import { YearDays } from './yearDays.js';

/** The state that the page gets back when VS Code creates it again. */
export interface Kept {
  companyId?: string | undefined;
  year?: string | undefined;
}

/** The whole page: the figures of a financial year. Pressing a figure shows the invoices that make it up. */
export class SummaryPage extends Page<FromView, Kept> {
  private readonly title = element('h1', {}, words.title(undefined));
  private readonly companies: CompanyChoice;
  private readonly year = element('select');
  private readonly yearLabel = element('label', { hidden: '' }, words.year(), this.year);
  private readonly coverage: HTMLButtonElement;
  private readonly body = element('div', { class: 'body' });
  private readonly days = new YearDays((action, range) => {
    this.act(action, range);
  });
  private shown: ShownSummary | undefined;

  constructor(kept: Kept, host: Host<FromView, Kept>) {
    super(kept, host);
    this.companies = new CompanyChoice((companyId) => {
      this.choose({ companyId });
    });
    this.year.addEventListener('change', () => {
      this.choose({ companyId: this.shown?.company?.id, year: this.year.value });
    });
    this.coverage = button(
      words.coverage(),
      () => {
        host.send({ type: 'coverage' });
      },
      { hidden: '' },
    );
    const header = element('header', {}, this.title, this.companies.element, this.yearLabel, this.coverage);
    this.appear(element('main', {}, header, this.notice.element, this.body));
  }

  show(message: ToView): void {
    if (message.type === 'failed') {
      this.offer(words.failed(), message.reason, message.remedies);
      return;
    }
    const isNew = JSON.stringify(message) !== JSON.stringify(this.shown);
    const isFirst = this.shown === undefined;
    this.shown = message;
    const { company, companies, years, year, figures } = message;
    this.keep({ companyId: company?.id, year: year?.name });
    this.title.textContent = words.title(company?.name);
    this.companies.show(companies, company);
    this.coverage.hidden = company === null;
    this.yearLabel.hidden = years.length === 0;
    this.year.replaceChildren(...years.map((name) => element('option', { value: name }, name)));
    if (year) this.year.value = year.name;
    if (!year || !figures) {
      this.body.replaceChildren();
      this.offer(company ? words.emptyOf(company.name) : words.empty(), words.emptyDetail(), message.remedies);
      return;
    }
    this.notice.hide();
    if (!isNew) return;
    this.draw(year, figures, message.today);
    if (!isFirst) this.live.say(words.updated(year.name));
  }

  private draw(year: YearSummary, figures: YearDetails, today: CalendarDate): void {
    const show: Show = ({ from, to }, filter) => {
      this.act('invoices', { from, to }, filter);
    };
    const load = ({ from, to }: DateRange): void => {
      this.act('backfill', { from, to });
    };
    const pair = (kind: 'parties' | 'items'): HTMLElement =>
      element('section', { class: 'pair' }, ...sides.map((side) => rankedTable(kind, side, figures, year, show)));
    const focused = [...this.body.querySelectorAll(pressables)].findIndex((one) => one === document.activeElement);
    this.days.show(year, figures.days, today);
    this.body.replaceChildren(
      element('p', { class: 'hint' }, words.about()),
      tiles(year, figures, show),
      ...(figures.balances ? [balanceTiles(figures.balances)] : []),
      element('section', {}, monthTable(year, show, load)),
      this.days.element,
      pair('parties'),
      pair('items'),
      ...sides.map((side) => element('section', {}, taxTable(side, figures, year, show))),
    );
    // The figures are new elements, so the keyboard focus returns to the same place.
    if (focused >= 0) this.body.querySelectorAll<HTMLElement>(pressables)[focused]?.focus({ preventScroll: true });
  }

  private act(action: SpanAction, { from, to }: DateRange, filter?: RegisterFilter): void {
    this.host.send({ type: 'act', action, from, to, filter });
  }

  private choose(chosen: Kept): void {
    this.keep({ year: undefined, ...chosen });
    this.host.send({ type: 'choose', ...chosen });
  }
}

const pressables = 'button, [data-date]';

const tile = (label: string, value: Node | string, hint: string): HTMLElement =>
  element(
    'div',
    { class: 'tile' },
    element('dt', {}, label),
    element('dd', {}, value, element('span', { class: 'hint' }, hint)),
  );

/** The balances on the books at the end of a day. They are not sums of invoices, so they are not buttons. */
function balanceTiles({ on, receivables, payables, cashAndBank }: Balances): HTMLElement {
  const balance = (label: string, amount: string | null): HTMLElement =>
    tile(
      label,
      element('span', { class: 'amount' }, amount === null ? words.notKnown() : formatRupees(paiseOf(amount))),
      words.onDay(on),
    );
  return element(
    'dl',
    { class: 'tiles' },
    balance(words.receivables(), receivables),
    balance(words.payables(), payables),
    balance(words.cashAndBank(), cashAndBank),
  );
}

/** The figures of the year that people look for first. Sales and purchases have no common sum. */
function tiles(year: YearSummary, { taxes }: YearFigures, show: Show): HTMLElement {
  const pressable = (label: string, amount: bigint, side: Side, hint: string): HTMLElement => {
    const press = (): void => {
      show(year, { types: typesOf[side] });
    };
    return tile(label, figure(formatRupees(amount), label, press), hint);
  };
  const taxOf = (side: Side): bigint =>
    taxes.filter((one) => one.side === side).reduce((sum, { tax }) => sum + paiseOf(tax), 0n);
  const net = { sales: paiseOf(year.netSales), purchases: paiseOf(year.netPurchases) };
  return element(
    'dl',
    { class: 'tiles' },
    ...sides.map((side) => pressable(netNames[side].title(), net[side], side, words.withTaxes())),
    ...sides.map((side) => pressable(sideNames[side].taxes(), taxOf(side), side, words.heads())),
  );
}
