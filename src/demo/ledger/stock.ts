import { addDays, type DateRange } from '../../core/base/calendar.js';
import type { Book } from '../book/book.js';
import { stockItems, type StockItemRow } from '../book/masters/items.js';
import { divideRounded } from '../book/recipes/goods.js';
import { sumsOf, type Moved } from './monthlySums.js';

/**
 * Stock of an item: `count` in ten-thousandths of the base unit, `value` in paise. Both are negative if more went out than came
 * in.
 */
export interface InStock {
  count: bigint;
  value: bigint;
}

/** The stock of an item in a period. */
export interface ItemStock {
  row: StockItemRow;
  opening: InStock;
  /** In ten-thousandths of the base unit. */
  inwards: bigint;
  outwards: bigint;
  closing: InStock;
}

/** The items of a book under their present names. Items that the demo company's list lacks have no opening stock. */
export const itemsOf = ({ stockItems: names }: Book): readonly StockItemRow[] =>
  names
    ? names.map((name, n) => {
        const row = stockItems[n];
        return row ? { ...row, name } : { ...stockItems[0]!, name, opening: { count: 0n, rate: 0n, value: 0n } };
      })
    : stockItems;

const none: Moved = { inwards: 0n, outwards: 0n, inwardValue: 0n };

export function stockOf(book: Book, { from, to }: DateRange): ItemStock[] {
  const earlier = sumsOf(book, { from: '0001-01-01', to: addDays(from, -1) }).items;
  const later = sumsOf(book, { from, to }).items;
  return itemsOf(book).map((row): ItemStock => {
    const past = earlier.get(row.name) ?? none;
    const { inwards, outwards, inwardValue } = later.get(row.name) ?? none;
    const whole = {
      inwards: past.inwards + inwards,
      outwards: past.outwards + outwards,
      inwardValue: past.inwardValue + inwardValue,
    };
    return { row, opening: valued(row, past), inwards, outwards, closing: valued(row, whole) };
  });
}

/** Values stock at the average rate of the opening and all goods that came in since the books began. */
function valued({ opening }: StockItemRow, { inwards, outwards, inwardValue }: Moved): InStock {
  const had = opening.count + inwards;
  const count = had - outwards;
  return { count, value: had === 0n ? 0n : divideRounded((opening.value + inwardValue) * count, had) };
}
