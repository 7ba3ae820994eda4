import { words } from './coverageWords.js';
import { typeNames } from '../web/typeNames.js';
import { element } from '../web/element.js';
import { invoiceTypes, levels } from './figures.js';

const swatch = (kind: string): HTMLElement => element('span', { class: `swatch ${kind}`, 'aria-hidden': 'true' });
const entry = (kind: string, text: string): HTMLElement => element('li', {}, swatch(kind), text);

/** The legend of the squares, drawn with the same CSS classes. */
export function dayLegend(): HTMLElement {
  const { less, more, none, never, unproven, different, label } = words.legend();
  const shades = Array.from({ length: levels }, (_, i) => swatch(`level-${i + 1}`));
  return element(
    'ul',
    { class: 'legend', 'aria-label': label },
    element('li', {}, less, ...shades, more),
    entry('level-0', none),
    entry('never', never),
    entry('level-2 unproven', unproven),
    entry('level-2 different', different),
  );
}

/** The legend of the bars. */
export const typeLegend = (): HTMLElement =>
  element(
    'ul',
    { class: 'legend', 'aria-label': words.types() },
    ...invoiceTypes.map((type) => entry(`type ${type}`, typeNames[type]())),
  );
