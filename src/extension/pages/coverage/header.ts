import type { WarehouseCalendar } from '../../../core/core.js';
import { words } from './coverageWords.js';
import { element } from './element.js';
import type { Measure } from './figures.js';

/** The title, the company where there are several, and what colours and bars show. */
export class Header {
  readonly element: HTMLElement;
  private readonly title = element('h1', {}, words.title(undefined));
  private readonly company = element('select');
  private readonly companies: HTMLElement;
  private readonly measure: HTMLElement;

  constructor(measure: Measure, hooks: { measure: (measure: Measure) => void; company: (companyId: string) => void }) {
    this.companies = element('label', { class: 'company', hidden: '' }, words.company(), this.company);
    this.company.addEventListener('change', () => {
      hooks.company(this.company.value);
    });
    this.measure = element('fieldset', { hidden: '' }, element('legend', {}, words.measure()));
    for (const value of ['invoices', 'value'] as const) {
      const choice = element('input', { type: 'radio', name: 'measure', value });
      choice.checked = value === measure;
      choice.addEventListener('change', () => {
        hooks.measure(value);
      });
      this.measure.append(element('label', {}, choice, words.measures[value]()));
    }
    this.element = element('header', {}, this.title, this.companies, this.measure);
  }

  show(companies: WarehouseCalendar['companies'], company: WarehouseCalendar['company']): void {
    this.title.textContent = words.title(company?.name);
    this.measure.hidden = company === null;
    this.companies.hidden = companies.length < 2;
    // An open list must not be closed by a refresh that brings nothing new.
    const names = JSON.stringify(companies);
    if (this.company.dataset.names !== names) {
      this.company.dataset.names = names;
      this.company.replaceChildren(...companies.map(({ id, name }) => element('option', { value: id }, name)));
    }
    this.company.value = company?.id ?? '';
  }
}
