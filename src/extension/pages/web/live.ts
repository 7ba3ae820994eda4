import { element } from './element.js';

/** What a screen reader says without being asked. */
export class Live {
  readonly element = element('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  private saying = 0;

  /** A drag or a search passes many states: only where it comes to rest is told. */
  say(text: string): void {
    clearTimeout(this.saying);
    this.saying = window.setTimeout(() => {
      this.element.textContent = text;
    }, 300);
  }
}
