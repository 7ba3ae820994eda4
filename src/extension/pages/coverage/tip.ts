import type { CalendarDate, WarehouseDay } from '../../../core/core.js';
import { element } from '../web/element.js';
import { dayLines, dayName, stateText } from './coverageWords.js';

/** The content of a tip: a heading, figures by name, and a remark. */
export function tipContent(title: string, lines: [label: string, figure: string][], remark?: string): HTMLElement {
  return element(
    'div',
    {},
    element('strong', {}, title),
    ...(lines.length > 0
      ? [
          element(
            'table',
            {},
            ...lines.map(([label, figure]) => element('tr', {}, element('td', {}, label), element('td', {}, figure))),
          ),
        ]
      : []),
    ...(remark === undefined ? [] : [element('div', { class: 'remark' }, remark)]),
  );
}

/** The content of a day's tip. */
export const dayTip = (date: CalendarDate, day: WarehouseDay | undefined, today: CalendarDate): HTMLElement =>
  tipContent(dayName(date), dayLines(day), stateText(date, day, today));

/** A tip above or below a day or the bars of a month. Hidden from screen readers, which get the text from the day and the table. */
export class Tip {
  private readonly box = element('div', { class: 'tip over', 'aria-hidden': 'true', hidden: '' });

  private beside: HTMLElement | undefined;

  constructor() {
    document.body.append(this.box);
    document.addEventListener('scroll', () => {
      this.place();
    });
  }

  show(content: HTMLElement, beside: HTMLElement): void {
    this.box.replaceChildren(content);
    this.box.hidden = false;
    this.beside = beside;
    this.place();
  }

  hide(): void {
    this.box.hidden = true;
    this.beside = undefined;
  }

  private place(): void {
    if (!this.beside) return;
    const at = this.beside.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.box;
    const left = Math.min(
      Math.max(4, at.left + at.width / 2 - width / 2),
      document.documentElement.clientWidth - width - 4,
    );
    const above = at.top - height - 6;
    this.box.style.left = `${left}px`;
    this.box.style.top = `${above >= 4 ? above : at.bottom + 6}px`;
  }
}
