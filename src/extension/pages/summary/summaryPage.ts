import { formatRupees, paiseOf } from '../../../core/base/format.js';
import type { Side, YearFigures, YearSummary } from '../../../core/core.js';
import type { FromView, ShownSummary, ToView } from '../summaryMessages.js';
import { CompanyChoice } from '../web/companyChoice.js';
import { button, element } from '../web/element.js';
import { netNames, sides } from '../web/typeNames.js';
import type { Host } from '../web/host.js';
import { Live } from '../web/live.js';
import { Notice, pressable } from '../web/notice.js';
import type { Remedy } from '../webMessages.js';
import { figure, itemTable, monthTable, partyTable, type Show, taxTable } from './summaryTables.js';
import { sideNames, words } from './summaryWords.js';

/** What a page that was hidden comes back with. */
export interface Kept {
  companyId?: string | undefined;
  year?: string | undefined;
}

/** The whole page: what a financial year comes to. The figures of a month, a party and the whole year open their invoices. */
export class SummaryPage {
  private readonly title = element('h1', {}, words.title(undefined));
  private readonly companies: CompanyChoice;
  private readonly year = element('select');
  private readonly yearLabel = element('label', { hidden: '' }, words.year(), this.year);
  private readonly coverage: HTMLButtonElement;
  private readonly notice = new Notice();
  private readonly body = element('div', { class: 'body' });
  private readonly live = new Live();
  private shown: ShownSummary | undefined;

  constructor(
    private readonly kept: Kept,
    private readonly host: Host<FromView, Kept>,
  ) {
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
    const main = element('main', {}, header, this.notice.element, this.body);
    document.getElementById('waiting')?.replaceWith(main, this.live.element);
  }

  show(message: ToView): void {
    if (message.type === 'failed') {
      this.notify(words.failed(), message.reason, message.remedies);
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
      this.notify(company ? words.emptyOf(company.name) : words.empty(), words.emptyDetail(), message.remedies);
      return;
    }
    this.notice.hide();
    if (!isNew) return;
    this.draw(year, figures);
    if (!isFirst) this.live.say(words.updated(year.name));
  }

  private draw(year: YearSummary, figures: YearFigures): void {
    const show: Show = (one) => {
      this.host.send({ type: 'invoices', ...one });
    };
    const pair = (make: (side: Side) => HTMLElement): HTMLElement =>
      element('section', { class: 'pair' }, ...sides.map(make));
    const load = (range: { from: string; to: string }): void => {
      this.host.send({ type: 'backfill', ...range });
    };
    this.body.replaceChildren(
      tiles(year, figures, show),
      element('section', {}, monthTable(year, show, load)),
      pair((side) => partyTable(side, figures, year, show)),
      pair((side) => itemTable(side, figures)),
      ...sides.map((side) => element('section', {}, taxTable(side, figures, year, show))),
    );
  }

  private choose(chosen: Kept): void {
    this.keep({ year: undefined, ...chosen });
    this.host.send({ type: 'choose', ...chosen });
  }

  private notify(sentence: string, detail: string, remedies: Remedy[]): void {
    this.notice.show(sentence, detail, pressable(remedies, this.host.send));
    this.live.say(sentence);
  }

  private keep(kept: Kept): void {
    Object.assign(this.kept, kept);
    this.host.keep(this.kept);
  }
}

/** The figures of the year that people look for first. Sales and purchases have no common sum. */
function tiles(year: YearSummary, { taxes }: YearFigures, show: Show): HTMLElement {
  const { from, to } = year;
  const tile = (label: string, amount: bigint, side: Side, hint: string): HTMLElement => {
    const press = (): void => {
      show({ from, to, side });
    };
    const value = figure(formatRupees(amount), label, press);
    return element(
      'div',
      { class: 'tile' },
      element('dt', {}, label),
      element('dd', {}, value, element('span', { class: 'hint' }, hint)),
    );
  };
  const taxOf = (side: Side): bigint =>
    taxes.filter((one) => one.side === side).reduce((sum, { tax }) => sum + paiseOf(tax), 0n);
  const net = { sales: paiseOf(year.netSales), purchases: paiseOf(year.netPurchases) };
  return element(
    'dl',
    { class: 'tiles' },
    ...sides.map((side) => tile(netNames[side].title(), net[side], side, words.withTaxes())),
    ...sides.map((side) => tile(sideNames[side].taxes(), taxOf(side), side, 'CGST + SGST + IGST + Cess')),
  );
}
