import { t } from '@vscode/l10n';
import { element } from './element.js';

interface Company {
  id: string;
  name: string;
}

/** A list to choose the shown company from. It is hidden unless there are several. */
export class CompanyChoice {
  readonly element: HTMLElement;
  private readonly select = element('select');

  constructor(choose: (companyId: string) => void) {
    this.element = element('label', { class: 'company', hidden: '' }, t('Company'), this.select);
    this.select.addEventListener('change', () => {
      choose(this.select.value);
    });
  }

  show(companies: Company[], company: Company | null): void {
    this.element.hidden = companies.length < 2;
    // New options would close an open list, so a refresh with the same companies keeps the options.
    const names = JSON.stringify(companies);
    if (this.select.dataset.names !== names) {
      this.select.dataset.names = names;
      this.select.replaceChildren(...companies.map(({ id, name }) => element('option', { value: id }, name)));
    }
    this.select.value = company?.id ?? '';
  }
}
