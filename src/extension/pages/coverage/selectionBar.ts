import type { DateRange } from '../../../core/base/calendar.js';
import { type SpanAction, spanActions } from '../webMessages.js';
import { spanName, words } from './coverageWords.js';
import { button, element } from '../web/element.js';

/** The bar at the foot of the page: the chosen days, their figures, and the actions on them. */
export class SelectionBar {
  readonly element: HTMLElement;
  private readonly name = element('strong');
  private readonly summary = element('span', { class: 'summary' });

  constructor(act: (action: SpanAction) => void, clear: () => void) {
    const buttons = spanActions.map((action) =>
      button(words.action[action](), () => {
        act(action);
      }),
    );
    buttons[0]!.classList.add('primary');
    this.element = element(
      'div',
      { class: 'bar', role: 'toolbar', 'aria-label': words.actions(), hidden: '' },
      element('div', { class: 'what' }, this.name, this.summary),
      ...buttons,
      button(words.clear(), clear),
    );
  }

  show(span: DateRange | undefined, summary: string): void {
    this.element.hidden = span === undefined;
    this.name.textContent = span ? spanName(span) : '';
    this.summary.textContent = summary;
  }
}
