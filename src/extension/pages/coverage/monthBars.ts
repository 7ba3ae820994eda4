import { monthNames } from '../../../core/base/countWords.js';
import { figureLines, monthName, tickText } from './coverageWords.js';
import { element } from '../web/element.js';
import { type Figures, invoiceTypes, type Measure, sizeOf } from './figures.js';
import { type Tip, tipContent } from './tip.js';
import { monthsOf, type Year } from './years.js';

/** The beginning and the end of the bars' axis (see extentOf). */
export type Extent = [lowest: number, highest: number];

/** The months of a year as stacked bars, up and down from zero. The figures are in tips and the monthly table. */
export function monthBars(year: Year, months: Figures[], measure: Measure, extent: Extent, tip: Tip): HTMLElement {
  const names = monthNames();
  const columns = monthsOf(year).map(({ from }, index) => {
    const column = element(
      'div',
      { class: 'month' },
      ...stack(months[index]!, measure, extent),
      element('span', {}, names[Number(from.slice(5, 7)) - 1]!),
    );
    column.addEventListener('mouseenter', () => {
      tip.show(tipContent(monthName(from), figureLines(months[index]!)), column);
    });
    column.addEventListener('mouseleave', () => {
      tip.hide();
    });
    return column;
  });
  return element('div', { class: 'bars', 'aria-hidden': 'true' }, ...ticks(measure, extent), ...columns);
}

const share = (size: number, [lowest, highest]: Extent): number => (100 * size) / (highest - lowest);

function stack(month: Figures, measure: Measure, extent: Extent): HTMLElement[] {
  const ends = { up: 0, down: 0 };
  const bars: HTMLElement[] = [];
  for (const type of invoiceTypes) {
    const size = sizeOf(month.byType[type], measure);
    if (size === 0) continue;
    const begin = size > 0 ? ends.up : ends.down + size;
    if (size > 0) ends.up += size;
    else ends.down += size;
    const bar = element('div', { class: `type ${type}` });
    bar.style.bottom = `${share(begin - extent[0], extent)}%`;
    bar.style.height = `${share(Math.abs(size), extent)}%`;
    bars.push(bar);
  }
  return bars;
}

/** A line at each quarter of the axis' upper end. Every second line has its figure, among them zero and the half. */
function ticks(measure: Measure, extent: Extent): HTMLElement[] {
  const quarter = extent[1] / 4;
  const count = Math.round((extent[1] - extent[0]) / quarter);
  return Array.from({ length: count + 1 }, (_, i) => {
    const tick = extent[0] + i * quarter;
    const isNamed = Math.round(tick / quarter) % 2 === 0;
    const line = element('div', { class: 'tick' }, isNamed ? tickText(tick, measure === 'value') : '');
    if (tick === 0) line.classList.add('zero');
    line.style.bottom = `${share(tick - extent[0], extent)}%`;
    return line;
  });
}
