import { BarChart, CustomChart, type BarSeriesOption, type CustomSeriesOption } from 'echarts/charts';
import {
  CalendarComponent,
  GridComponent,
  TooltipComponent,
  type CalendarComponentOption,
  type GridComponentOption,
  type TooltipComponentOption,
} from 'echarts/components';
import { type ComposeOption, type ECharts, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { CalendarDate } from '../../../core/base/calendar.js';
import type { InvoiceType } from '../../../core/core.js';
import { shortMonths, tickText, typeNames, weekdayNames } from './coverageWords.js';
import { type Figures, invoiceTypes, levelOf, type Measure, sizeOf } from './figures.js';
import type { Theme } from './theme.js';
import type { DayState, Year } from './years.js';

use([BarChart, CalendarComponent, CustomChart, GridComponent, CanvasRenderer, TooltipComponent]);

type Option = ComposeOption<
  BarSeriesOption | CalendarComponentOption | CustomSeriesOption | GridComponentOption | TooltipComponentOption
>;

/** Where things are in the picture of a year, in pixels; the layer for mouse and keyboard lies over it by the same. */
export const layout = { left: 58, right: 8, top: 22, weeks: 54, barsTop: 14, barsHeight: 110, monthNames: 22 };

/** The edge of a day's square in a picture of a width. */
export const cellSize = (width: number): number =>
  Math.max(10, Math.min(20, Math.floor((width - layout.left - layout.right) / layout.weeks)));

export const pictureHeight = (cell: number): number =>
  layout.top + 7 * cell + layout.barsTop + layout.barsHeight + layout.monthNames;

export interface DrawnDay {
  date: CalendarDate;
  size: number;
  state: DayState;
  differs: boolean;
}

export interface YearPicture {
  year: Year;
  days: DrawnDay[];
  scale: number[];
  /** April first. */
  months: Figures[];
  measure: Measure;
  /** The same for all years: the ends of the bars' axis. */
  extent: [lowest: number, highest: number];
  /** What stands in the tip of a month. */
  tipOf: (month: number) => HTMLElement;
}

/** Draws years: the heat map of their days, and beneath it their months. Nothing in it has the focus or speaks. */
export class YearChart {
  private readonly chart: ECharts;

  constructor(place: HTMLElement, cell: number) {
    // Not as SVG, whose texts have style attributes: the page's policy allows none.
    this.chart = init(place, undefined, { renderer: 'canvas', width: widthOf(cell), height: pictureHeight(cell) });
  }

  draw(picture: YearPicture, theme: Theme, cell: number): void {
    this.chart.resize({ width: widthOf(cell), height: pictureHeight(cell) });
    this.chart.setOption(optionOf(picture, theme, cell), { notMerge: true });
  }

  dispose(): void {
    this.chart.dispose();
  }
}

/** Sunday first, as the chart wants them; every second one is shown. */
function dayLabels(): string[] {
  const [monday, , wednesday, , friday] = weekdayNames('shortWeekday');
  return ['', monday!, '', wednesday!, '', friday!, ''];
}

const widthOf = (cell: number): number => layout.left + layout.weeks * cell + layout.right;

function optionOf(picture: YearPicture, theme: Theme, cell: number): Option {
  const { year, months, measure, extent, tipOf } = picture;
  const isValue = measure === 'value';
  const monthNames = shortMonths();
  const label = { color: theme.faint, fontFamily: theme.font, fontSize: 11 };
  return {
    animation: false,
    calendar: {
      left: layout.left,
      top: layout.top,
      cellSize: [cell, cell],
      range: [year.from, year.to],
      splitLine: { lineStyle: { color: theme.line, width: 1 } },
      itemStyle: { color: 'transparent', borderWidth: 0 },
      yearLabel: { show: false },
      monthLabel: { ...label, nameMap: monthNames, position: 'start', margin: 7 },
      dayLabel: { ...label, firstDay: 1, nameMap: dayLabels(), margin: 8 },
    },
    grid: {
      left: layout.left,
      top: layout.top + 7 * cell + layout.barsTop,
      width: layout.weeks * cell,
      height: layout.barsHeight,
      outerBoundsMode: 'none', // zero stands where the axis of the year above has it
    },
    xAxis: {
      type: 'category',
      data: months.map((_, i) => monthNames[(i + 3) % 12]!),
      axisLabel: { ...label, interval: 0 },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: theme.line } },
    },
    yAxis: {
      type: 'value',
      min: extent[0],
      max: extent[1],
      interval: extent[1] / 4,
      axisLabel: {
        ...label,
        // Every second line: zero and half of the end are among them.
        formatter: (tick: number) => (Number.isInteger((2 * tick) / extent[1]) ? tickText(tick, isValue) : ''),
        hideOverlap: true,
      },
      splitLine: { lineStyle: { color: theme.line, opacity: 0.5, type: 'dotted' } },
    },
    tooltip: {
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: theme.text, opacity: 0.1 } },
      className: 'tip',
      confine: true,
      transitionDuration: 0,
      formatter: (at: unknown) => tipOf((at as { dataIndex: number }[])[0]?.dataIndex ?? 0),
    },
    series: [heatMap(picture, theme, cell), ...invoiceTypes.map((type) => bars(type, picture, theme))],
  };
}

function bars(type: InvoiceType, { months, measure }: YearPicture, theme: Theme): BarSeriesOption {
  const decal = decals[type];
  return {
    type: 'bar',
    stack: 'types',
    name: typeNames[type](),
    barMaxWidth: 36,
    // A bar of no height would still draw its border over the axis.
    data: months.map((month) => sizeOf(month.byType[type], measure) || '-'),
    itemStyle: {
      color: theme.types[type],
      borderColor: theme.background,
      borderWidth: 0.5,
      ...(decal && { decal: { ...decal, color: theme.background } }),
    },
    emphasis: { disabled: true },
  };
}

/** Told apart by more than their colour; the legend shows the same patterns by CSS. */
const decals: Partial<
  Record<InvoiceType, { symbol: string; rotation: number; dashArrayX: number[]; dashArrayY: number[] }>
> = {
  purchase: { symbol: 'rect', rotation: Math.PI / 4, dashArrayX: [1, 0], dashArrayY: [1.5, 5] },
  credit_note: { symbol: 'rect', rotation: -Math.PI / 4, dashArrayX: [1, 0], dashArrayY: [1.5, 3] },
  debit_note: { symbol: 'rect', rotation: 0, dashArrayX: [1, 0], dashArrayY: [1.5, 3] },
};

/** A square for each day of the past, and of those to come that have something. */
function heatMap({ days, scale }: YearPicture, theme: Theme, cell: number): CustomSeriesOption {
  return {
    type: 'custom',
    coordinateSystem: 'calendar',
    silent: true,
    tooltip: { show: false },
    data: days.map(({ date }) => [date]),
    renderItem: ({ dataIndex }, api) => {
      const day = days[dataIndex]!;
      const [x = 0, y = 0] = api.coord(day.date);
      return { type: 'group', children: square(day, levelOf(day.size, scale), x, y, cell, theme) };
    },
  };
}

type Shape = ReturnType<NonNullable<CustomSeriesOption['renderItem']>>;

/** Never loaded: hollow with a stroke. Not proven: a dot. Different: a thick frame with an exclamation mark. */
function square(day: DrawnDay, level: number, x: number, y: number, cell: number, theme: Theme): NonNullable<Shape>[] {
  const half = cell / 2 - 1;
  const rect = { x: x - half, y: y - half, width: 2 * half, height: 2 * half, r: 2 };
  if (day.state === 'future') return [];
  const isNever = day.state === 'never';
  const shapes: NonNullable<Shape>[] = [
    {
      type: 'rect',
      shape: isNever
        ? { ...rect, x: rect.x + 0.5, y: rect.y + 0.5, width: rect.width - 1, height: rect.height - 1 }
        : rect,
      style: {
        fill: isNever ? 'none' : theme.levels[level]!,
        stroke: isNever || theme.isHighContrast ? theme.line : 'none',
        lineWidth: 1,
      },
    },
  ];
  const ink = isNever ? theme.text : theme.inks[level]!;
  if (isNever && !day.differs)
    shapes.push({
      type: 'line',
      shape: { x1: x - half + 2.5, y1: y + half - 2.5, x2: x + half - 2.5, y2: y - half + 2.5 },
      style: { stroke: theme.line, lineWidth: 1 },
    });
  if (day.state === 'unproven' && !day.differs)
    shapes.push({ type: 'circle', shape: { cx: x, cy: y, r: Math.max(1.5, cell / 9) }, style: { fill: ink } });
  if (day.differs) shapes.push(...exclamation(x, y, half, ink, theme));
  return shapes;
}

const exclamation = (x: number, y: number, half: number, ink: string, theme: Theme): NonNullable<Shape>[] => [
  {
    type: 'rect',
    shape: { x: x - half + 1, y: y - half + 1, width: 2 * half - 2, height: 2 * half - 2, r: 1 },
    style: { fill: 'none', stroke: theme.different, lineWidth: 2 },
  },
  {
    type: 'line',
    shape: { x1: x, y1: y - half * 0.5, x2: x, y2: y + half * 0.1 },
    style: { stroke: ink, lineWidth: Math.max(1.5, half / 4) },
  },
  { type: 'circle', shape: { cx: x, cy: y + half * 0.5, r: Math.max(0.9, half / 7) }, style: { fill: ink } },
];
