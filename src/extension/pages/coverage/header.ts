import type { WarehouseCalendar } from '../../../core/core.js';
import { CompanyChoice } from '../web/companyChoice.js';
import { element } from '../web/element.js';
import { words } from './coverageWords.js';
import type { Measure } from './figures.js';

/** The title, the choice of company if there are several, and the choice of what colours and bars show. */
export class Header {
  readonly element: HTMLElement;
  private readonly title = element('h1', {}, words.title(undefined));
  private readonly companies: CompanyChoice;
  private readonly measure: HTMLElement;

  constructor(measure: Measure, hooks: { measure: (measure: Measure) => void; company: (companyId: string) => void }) {
    this.companies = new CompanyChoice(hooks.company);
    this.measure = element('fieldset', { hidden: '' }, element('legend', {}, words.measure()));
    for (const value of ['invoices', 'value'] as const) {
      const choice = element('input', { type: 'radio', name: 'measure', value });
      choice.checked = value === measure;
      choice.addEventListener('change', () => {
        hooks.measure(value);
      });
      this.measure.append(element('label', {}, choice, words.measures[value]()));
    }
    this.element = element('header', {}, this.title, this.companies.element, this.measure);
  }

  show(companies: WarehouseCalendar['companies'], company: WarehouseCalendar['company']): void {
    this.title.textContent = words.title(company?.name);
    this.measure.hidden = company === null;
    this.companies.show(companies, company);
  }
}
