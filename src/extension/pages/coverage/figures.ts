import type { InvoiceType, Side, WarehouseDay } from '../../../core/core.js';
import type { Paise } from '../../../core/base/decimal.js';
import { paiseOf } from '../../../core/base/format.js';

export const invoiceTypes: readonly InvoiceType[] = ['sales', 'purchase', 'credit_note', 'debit_note'];

/** A number of invoices, and the sum of their total_amount, in which notes are negative. */
export interface Sum {
  invoices: number;
  value: Paise;
}

/** The figures of some days. `net`: sales less credit notes, purchases less debit notes. The two are never added up. */
export interface Figures {
  invoices: number;
  byType: Record<InvoiceType, Sum>;
  net: Record<Side, Sum>;
}

export const sideOf: Record<InvoiceType, Side> = {
  ...{ sales: 'sales', credit_note: 'sales' },
  ...{ purchase: 'purchases', debit_note: 'purchases' },
};

/** Adds up the invoices of some days. */
export function sumOf(days: Iterable<WarehouseDay>): Figures {
  const none = (): Sum => ({ invoices: 0, value: 0n });
  const figures: Figures = {
    invoices: 0,
    byType: { sales: none(), purchase: none(), credit_note: none(), debit_note: none() },
    net: { sales: none(), purchases: none() },
  };
  for (const { byType } of days)
    for (const { invoiceType, invoices, total } of byType) {
      const value = paiseOf(total);
      figures.invoices += invoices;
      for (const sum of [figures.byType[invoiceType], figures.net[sideOf[invoiceType]]]) {
        sum.invoices += invoices;
        sum.value += value;
      }
    }
  return figures;
}

export type Measure = 'invoices' | 'value';

/** A size for the depth of a colour or the length of a bar. It is a float, so it must not be shown as a figure. */
export const sizeOf = (sum: Sum, measure: Measure): number =>
  measure === 'invoices' ? sum.invoices : Number(sum.value) / 100;

/** The size of a day for the depth of its colour. By value, the net figures of both sides count without their signs. */
export const activityOf = ({ invoices, net }: Figures, measure: Measure): number =>
  measure === 'invoices' ? invoices : Math.abs(sizeOf(net.sales, measure)) + Math.abs(sizeOf(net.purchases, measure));

export const levels = 5;

/** The sizes at which levels 2 to 5 begin. Each level gets about the same number of the days whose size is not 0. */
export function scaleOf(sizes: number[]): number[] {
  const sorted = sizes
    .map(Math.abs)
    .filter((size) => size > 0)
    .sort((a, b) => a - b);
  if (sorted.length === 0) return [];
  return Array.from({ length: levels - 1 }, (_, i) => sorted[Math.floor(((i + 1) * sorted.length) / levels)]!);
}

/** 0 for nothing, else 1 … 5. */
export const levelOf = (size: number, scale: number[]): number =>
  size === 0 ? 0 : 1 + scale.filter((start) => Math.abs(size) >= start).length;

/** The axis of the bars, the same for all years. Its end is round; it starts at 0, or at whole quarters of the end below 0. */
export function extentOf(months: Figures[], measure: Measure): [lowest: number, highest: number] {
  const [lows, highs] = [Math.min, Math.max].map((pick) =>
    months.map(({ byType }) => invoiceTypes.reduce((sum, type) => sum + pick(0, sizeOf(byType[type], measure)), 0)),
  );
  const highest = Math.max(10, ...highs!); // so that half of it is a whole number of invoices
  const power = 10 ** Math.floor(Math.log10(highest));
  const round = [1, 2, 3, 4, 6, 8, 10].find((times) => times * power >= highest)!;
  const quarter = (round * power) / 4;
  return [-Math.ceil(-Math.min(0, ...lows!) / quarter) * quarter || 0, round * power];
}
