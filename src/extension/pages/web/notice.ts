import type { Remedy } from '../webMessages.js';
import { button, element } from './element.js';

/** Shown when there is nothing to show: says why, and offers what can be done. */
export class Notice {
  readonly element = element('div', { class: 'notice', hidden: '' });

  show(sentence: string, detail: string, remedies: { title: string; press: () => void }[]): void {
    const buttons = remedies.map(({ title, press }, index) =>
      button(title, press, index === 0 ? { class: 'primary' } : {}),
    );
    this.element.replaceChildren(
      element('p', { class: 'sentence' }, sentence),
      element('p', {}, detail),
      element('div', { class: 'buttons' }, ...buttons),
    );
    this.element.hidden = false;
  }

  hide(): void {
    this.element.hidden = true;
  }
}

/** Remedies as buttons that send their command to the host. */
export const pressable = (
  remedies: Remedy[],
  send: (message: { type: 'command'; command: string }) => void,
): { title: string; press: () => void }[] =>
  remedies.map(({ title, command }) => ({
    title,
    press: () => {
      send({ type: 'command', command });
    },
  }));
