import { nameKey } from '../base/names.js';
import { chosen, isYes, readAmount, readQuantity, readRate } from '../invoice/values/values.js';
import type { Batch, StockLine, Voucher } from '../invoice/voucher.js';
import { partOf, type NoteDoubt } from './entries.js';
import type { StockEntry } from './ledgerVoucher.js';

type Direction = StockEntry['direction'];

/**
 * The types that carry stock lines and move no goods. Orders only promise goods; Tally tells these types apart by `$$IsOrderVch`
 * (docs/tally.md §9.5). Memoranda and reversing journals are not in the books.
 */
const movesNoGoods: ReadonlySet<string> = new Set([
  ...['sales_order', 'purchase_order', 'job_work_in_order', 'job_work_out_order'],
  ...['memorandum', 'reversing_journal'],
]);

/**
 * The goods that a voucher moves, one row for each batch. Tally's quantities have no sign: ISDEEMEDPOSITIVE says whether goods come
 * in (docs/tally.md §9.4). A collection gives the lines of a stock journal twice: in ALLINVENTORYENTRIES, and in one list each for
 * goods in and goods out. Only ALLINVENTORYENTRIES has the godowns, so the other two are read only without it.
 */
export function stockOf(
  voucher: Pick<Voucher, 'lines' | 'stockIn' | 'stockOut'>,
  baseType: string,
  itemIdOf: (name: string) => string | undefined,
  doubt: NoteDoubt,
): StockEntry[] {
  if (movesNoGoods.has(baseType)) return [];
  const own = voucher.lines.flatMap((line) => (line.kind === 'item' ? [line] : line.stockLines));
  const counted = baseType === 'physical_stock';
  const rowsOf = (line: StockLine, direction: Direction): StockEntry[] =>
    rowsOfLine(line, direction, itemIdOf(line.itemName) ?? null, doubt);
  if (own.length > 0) return own.flatMap((line) => rowsOf(line, counted ? 'counted' : isComing(line) ? 'in' : 'out'));
  return [
    ...voucher.stockIn.flatMap((line) => rowsOf(line, counted ? 'counted' : 'in')),
    ...voucher.stockOut.flatMap((line) => rowsOf(line, counted ? 'counted' : 'out')),
  ];
}

/**
 * Whether goods come in. If ISDEEMEDPOSITIVE is empty, the amount decides: goods in are a debit, which Tally writes with a minus.
 */
function isComing({ isInward, amount }: StockLine): boolean {
  if (nameKey(isInward) !== '') return isYes(isInward);
  const read = readAmount(amount);
  return 'paise' in read && read.paise < 0n;
}

function rowsOfLine(line: StockLine, direction: Direction, itemId: string | null, doubt: NoteDoubt): StockEntry[] {
  const batches = line.batches.filter(({ quantity }) => quantity !== '');
  const whole: Batch = { godown: '', batch: '', quantity: line.movedQuantity, amount: line.amount, trackingNumber: '' };
  // A single batch is the whole line. The quantity of the line is taken, because it is written in full.
  const parts = batches.length > 1 ? batches : [{ ...whole, ...namesOf(line.batches) }];
  return parts.map((part) => {
    const read = part.quantity === '' ? undefined : readQuantity(part.quantity);
    if (read === undefined && part.quantity !== '') doubt();
    const rate = line.rate === '' ? null : readRate(line.rate);
    return {
      itemName: line.itemName,
      itemId,
      godown: chosen(part.godown),
      batch: chosen(part.batch),
      direction,
      quantity: quantityOf(read, part.quantity, direction),
      unit: read?.unit ?? null,
      rate: rate ?? null,
      amount: partOf(part.amount, doubt),
      trackingNumber: chosen(part.trackingNumber),
    };
  });
}

/** A line without a quantity moves no goods. In a physical stock voucher it leaves the counted quantity unknown. */
function quantityOf(read: { quantity: bigint } | undefined, text: string, direction: Direction): bigint | null {
  if (read === undefined) return text === '' && direction !== 'counted' ? 0n : null;
  return direction === 'out' ? -read.quantity : read.quantity;
}

function namesOf(batches: readonly Batch[]): Partial<Pick<Batch, 'godown' | 'batch' | 'trackingNumber'>> {
  const [first] = batches;
  return first === undefined ? {} : { godown: first.godown, batch: first.batch, trackingNumber: first.trackingNumber };
}
