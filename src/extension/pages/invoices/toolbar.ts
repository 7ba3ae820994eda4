import { button, element } from '../web/element.js';
import type { RegisterFilter } from '../../../core/core.js';
import type { InvoiceQuery } from '../invoicesMessages.js';
import { choiceOf, typeChoices, words } from './invoicesWords.js';
import { parseDate, readTypedDate } from '../../../core/base/parseDate.js';
import { typedDate } from './typedDate.js';

/** The pause in typing after which the text is sent as a query. */
const restMs = 250;

type Filter = Pick<InvoiceQuery, 'range' | keyof RegisterFilter>;

/** The filters that have a button with their name. Pressing the button removes the filter. */
const named = ['party', 'item', 'rate'] as const;

/** The filters of the list: period, type and text; also a party, item or rate that was chosen elsewhere. */
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
  private readonly chips = element('span', { class: 'chips' });
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
      this.chips,
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

  /** Shows a filter that was not chosen in the toolbar. */
  show({ range, types, party, text, item, rate }: Filter): void {
    this.filter = { types, party, text, item, rate };
    this.setRange(range);
    this.type.value = choiceOf(types);
    this.text.value = text ?? '';
    this.showChips();
  }

  /** Shows the range that the host chose for a query without one. If it is shown already, what is being typed stays. */
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
    const { types, text } = this.filter;
    return (types ?? text) !== undefined || named.some((name) => this.filter[name] !== undefined);
  }

  clear(): void {
    this.show({ range: this.filter.range });
    this.choose(this.filter);
  }

  only(filter: Pick<Filter, 'party' | 'item'>): void {
    this.change(filter);
  }

  private change(filter: Filter): void {
    Object.assign(this.filter, filter);
    this.showChips();
    this.choose(this.filter);
  }

  private readonly changeRange = (): void => {
    const [from, to] = [parseDate(this.from.value), parseDate(this.to.value)];
    const isOrdered = from === undefined || to === undefined || from <= to;
    this.mark(this.from, from !== undefined && isOrdered);
    this.mark(this.to, to !== undefined && isOrdered);
    const wrong = [this.from, this.to].find(({ value }) => parseDate(value) === undefined);
    this.tell(wrong ? remarkOn(wrong.value) : isOrdered ? '' : words.swapped());
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

  private showChips(): void {
    const hadFocus = this.chips.contains(document.activeElement);
    this.chips.replaceChildren(
      ...named.flatMap((name) => {
        const value = this.filter[name];
        if (value === undefined) return [];
        const label = words.only[name](value);
        const remove = (): void => {
          this.change({ [name]: undefined });
        };
        const chip = button(label, remove, { class: 'chip', 'aria-label': words.remove(label) });
        chip.append(element('span', { 'aria-hidden': 'true' }, ' ×'));
        return [chip];
      }),
    );
    if (hadFocus) (this.chips.querySelector('button') ?? this.text).focus();
  }
}

/** Why a text is not a date. */
const remarkOn = (text: string): string =>
  readTypedDate(text) === 'impossible' ? words.notInCalendar(text.trim()) : words.noDate();

const dateBox = (label: string): HTMLInputElement =>
  element('input', {
    ...{ type: 'text', size: '10', placeholder: '01-04-2024', autocomplete: 'off', spellcheck: 'false' },
    ...{ 'aria-label': label, 'aria-describedby': 'problem' },
  });
