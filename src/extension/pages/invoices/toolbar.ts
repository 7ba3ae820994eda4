import { button, element } from '../web/element.js';
import type { InvoiceQuery } from '../invoicesMessages.js';
import { choiceOf, typeChoices, words } from './invoicesWords.js';
import { parseDate } from '../../../core/base/parseDate.js';
import { typedDate } from './typedDate.js';

/** Typing is a query when it rests so long. */
const restMs = 250;

type Filter = Pick<InvoiceQuery, 'range' | 'types' | 'party' | 'text'>;

/** Which invoices are shown: period, type, party, text. */
export class Toolbar {
  readonly element: HTMLFormElement;
  private readonly from = dateBox(words.from());
  private readonly to = dateBox(words.to());
  private readonly type = element(
    'select',
    {},
    ...typeChoices.map(({ value, label }) => element('option', { value }, label())),
  );
  private readonly text = element('input', { type: 'search', placeholder: words.textHint() });
  private readonly party = button('', () => {
    this.change({ party: undefined });
  });
  private readonly problem = element('span', { class: 'problem', role: 'alert', id: 'problem' });
  private filter: Filter = {};
  private resting = 0;

  constructor(private readonly choose: (filter: Filter) => void) {
    this.element = element(
      'form',
      { class: 'toolbar', 'aria-label': words.filter() },
      element('label', {}, words.from(), this.from),
      element('label', {}, words.to(), this.to),
      element('label', {}, words.type(), this.type),
      element('label', { class: 'search' }, words.text(), this.text),
      this.party,
      this.problem,
    );
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
    });
    for (const box of [this.from, this.to]) box.addEventListener('change', this.changeRange);
    this.type.addEventListener('change', () => {
      this.change({ types: typeChoices.find(({ value }) => value === this.type.value)?.types });
    });
    this.text.addEventListener('input', () => {
      clearTimeout(this.resting);
      this.resting = window.setTimeout(() => {
        this.change({ text: this.text.value.trim() || undefined });
      }, restMs);
    });
  }

  /** A filter that was not chosen here. */
  show({ range, types, party, text }: Filter): void {
    this.filter = { types, party, text };
    this.setRange(range);
    this.type.value = choiceOf(types);
    this.text.value = text ?? '';
    this.showParty();
  }

  /** The range of a query that named none. What is being typed stays. */
  showRange(range: Filter['range']): void {
    if (range?.from !== this.filter.range?.from || range?.to !== this.filter.range?.to) this.setRange(range);
  }

  private setRange(range: Filter['range']): void {
    this.filter.range = range;
    this.from.value = range ? typedDate(range.from) : '';
    this.to.value = range ? typedDate(range.to) : '';
    this.tell('');
  }

  get isFiltered(): boolean {
    const { types, party, text } = this.filter;
    return (types ?? party ?? text) !== undefined;
  }

  clear(): void {
    this.show({ range: this.filter.range });
    this.choose(this.filter);
  }

  onlyParty(party: string): void {
    this.change({ party });
  }

  private change(filter: Filter): void {
    Object.assign(this.filter, filter);
    this.showParty();
    this.choose(this.filter);
  }

  private readonly changeRange = (): void => {
    const [from, to] = [parseDate(this.from.value), parseDate(this.to.value)];
    const isOrdered = from === undefined || to === undefined || from <= to;
    this.mark(this.from, from !== undefined && isOrdered);
    this.mark(this.to, to !== undefined && isOrdered);
    this.tell(from === undefined || to === undefined ? words.noDate() : isOrdered ? '' : words.swapped());
    if (from === undefined || to === undefined || !isOrdered) return;
    this.from.value = typedDate(from);
    this.to.value = typedDate(to);
    this.change({ range: { from, to } });
  };

  private mark(box: HTMLInputElement, isRight: boolean): void {
    box.setAttribute('aria-invalid', String(!isRight));
  }

  private tell(problem: string): void {
    this.problem.textContent = problem;
    if (problem === '') for (const box of [this.from, this.to]) this.mark(box, true);
  }

  private showParty(): void {
    const { party } = this.filter;
    this.party.hidden = party === undefined;
    if (party === undefined) return;
    this.party.replaceChildren(words.onlyParty(party), element('span', { 'aria-hidden': 'true' }, ' ×'));
    this.party.setAttribute('aria-label', words.allParties(party));
  }
}

const dateBox = (label: string): HTMLInputElement =>
  element('input', {
    ...{ type: 'text', size: '10', placeholder: '01-04-2024', autocomplete: 'off', spellcheck: 'false' },
    ...{ 'aria-label': label, 'aria-describedby': 'problem' },
  });
