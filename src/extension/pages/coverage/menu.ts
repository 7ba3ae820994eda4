import { element } from '../web/element.js';
import { type SpanAction, spanActions } from '../webMessages.js';
import { words } from './coverageWords.js';

export interface MenuItem {
  label: string;
  press: () => void;
}

/** A menu item for each action on days. */
export const actionItems = (act: (action: SpanAction) => void): MenuItem[] =>
  spanActions.map((action) => ({
    label: words.action[action](),
    press: () => {
      act(action);
    },
  }));

/** A menu beside an element, for mouse, keyboard and screen reader. An item, Escape or Tab returns the focus to it. */
export class Menu {
  private readonly box = element('div', { role: 'menu', class: 'menu over', hidden: '', tabindex: '-1' });
  private from: HTMLElement | undefined;

  constructor() {
    document.body.append(this.box);
    this.box.addEventListener('keydown', this.key);
    document.addEventListener('pointerdown', ({ target }) => {
      if (!(target instanceof Node && this.box.contains(target))) this.close(false);
    });
    window.addEventListener('blur', () => {
      this.close(false);
    });
  }

  get isOpen(): boolean {
    return !this.box.hidden;
  }

  open(label: string, items: MenuItem[], beside: HTMLElement): void {
    this.from = beside;
    this.box.setAttribute('aria-label', label);
    this.box.replaceChildren(
      element('div', { class: 'heading', 'aria-hidden': 'true' }, label),
      ...items.map((item) => this.item(item)),
    );
    this.box.hidden = false;
    const at = beside.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.box;
    const { clientWidth, clientHeight } = document.documentElement;
    this.box.style.left = `${Math.max(4, Math.min(at.left, clientWidth - width - 4))}px`;
    this.box.style.top = `${at.bottom + height + 4 <= clientHeight ? at.bottom + 2 : Math.max(4, at.top - height - 2)}px`;
    this.items[0]?.focus();
  }

  private item({ label, press }: MenuItem): HTMLElement {
    const made = element('div', { role: 'menuitem', tabindex: '-1' }, label);
    made.addEventListener('click', () => {
      this.close(true);
      press();
    });
    made.addEventListener('pointerenter', () => {
      made.focus();
    });
    return made;
  }

  private get items(): HTMLElement[] {
    return [...this.box.querySelectorAll<HTMLElement>('[role="menuitem"]')];
  }

  private close(returnsFocus: boolean): void {
    if (!this.isOpen) return;
    this.box.hidden = true;
    if (returnsFocus) this.from?.focus();
  }

  private readonly key = (event: KeyboardEvent): void => {
    const { items } = this;
    const at = items.findIndex((item) => item === document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to !== undefined) items.at(to % items.length)?.focus();
    else if (event.key === 'Enter' || event.key === ' ') items[at]?.click();
    else if (event.key === 'Escape' || event.key === 'Tab') this.close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}
