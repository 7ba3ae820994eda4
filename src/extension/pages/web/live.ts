import { element } from './element.js';

/** A region whose text a screen reader announces by itself. */
export class Live {
  readonly element = element('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  private saying = 0;

  /** Announces a text after 300 ms without another one, because a drag or a search passes many states. */
  say(text: string): void {
    clearTimeout(this.saying);
    this.saying = window.setTimeout(() => {
      this.element.textContent = text;
    }, 300);
  }
}
