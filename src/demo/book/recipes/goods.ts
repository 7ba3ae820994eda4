import { items, type Item, type Unit } from '../masters/items.js';
import { ledger } from '../masters/ledgers.js';
import type { Random } from '../random.js';
import type { GstRate, LedgerEntry, Role, StockEntry } from '../voucher.js';

/** The destination of the goods, which decides the heads of GST. */
export type Supply = 'intra' | 'inter' | 'union-territory';

/** `numerator / denominator` rounded to a whole number, halves away from zero. */
export function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const half = numerator < 0n ? -denominator / 2n : denominator / 2n;
  return (numerator + half) / denominator;
}

function quantityOf(random: Random, unit: Unit): NonNullable<StockEntry['quantity']> {
  const whole = random.between(1, unit.name === 'Pair' ? 700 : 60);
  const fraction = unit.decimals > 0 ? random.between(0, 3) * 25 : 0; // hundredths: .00 .25 .50 .75
  const decimals = unit.decimals > 0 ? `.${String(fraction).padStart(2, '0').padEnd(unit.decimals, '0')}` : '';
  return { ...wholeQuantity(whole, unit, decimals), count: BigInt(whole * 10_000 + fraction * 100) };
}

export const wholeQuantity = (whole: number, unit: Unit, decimals = ''): NonNullable<StockEntry['quantity']> => ({
  count: BigInt(whole * 10_000),
  unit: unit.name,
  text: ` ${whole}${decimals} ${unit.name}${unit.tail === undefined ? '' : ` 0 ${unit.tail}`}`,
});

/** One or two items of a rate, together worth `value` to the paisa, booked on one ledger. */
export function itemsWorth(value: bigint, rate: Item['gst'], name: string, serial: number): StockEntry[] {
  const pool = items.filter(({ gst }) => gst === rate);
  const first = serial % 4 < 2 ? value : (value * 3n) / 5n;
  return [first, value - first]
    .filter((part) => part > 0n)
    .map((part, n) => {
      const { name: item, unit, hsn } = pool[(serial + n) % pool.length]!;
      const count = 1 + ((serial + n) % 9);
      return {
        ...{ kind: 'item', item, ledger: name, value: part, hsn },
        gst: { percent: BigInt(rate) * 10_000n, heads: 'all' },
        quantity: wholeQuantity(count, unit),
        rate: divideRounded(part * 100n, BigInt(count)),
      };
    });
}

export interface GoodsPlan {
  lines: number;
  supply: Supply;
  ledgerOf: (percent: number) => string;
  /** The items to choose from; default: `items`. */
  from?: readonly Item[];
  /** Some lines have a discount in percent. */
  discounts?: boolean;
  /** The first item is repeated at the end. */
  firstItemTwice?: boolean;
  list?: StockEntry['list'];
}

export function goods(random: Random, plan: GoodsPlan): StockEntry[] {
  const pool = plan.from ?? items;
  const first = random.between(0, pool.length - 1);
  const lines: StockEntry[] = [];
  for (let n = 0; n < plan.lines; n++) {
    // Steps of 7 through the pool: neighbours on an invoice are never the same item by accident.
    lines.push(stockLine(random, pool[(first + n * 7) % pool.length]!, plan));
  }
  if (plan.firstItemTwice) lines.push(stockLine(random, pool[first]!, plan));
  return lines;
}

function stockLine(random: Random, item: Item, plan: GoodsPlan): StockEntry {
  const quantity = quantityOf(random, item.unit);
  const rate = BigInt(item.price + (item.price > 100_000 ? random.between(0, 19) * 2_500 : 0));
  const discount = plan.discounts && random.chance(60) ? BigInt(random.between(1, 40) * 2_500) : 0n;
  const value = divideRounded(quantity.count * rate * (1_000_000n - discount), 1_000_000_000_000n);
  const line: StockEntry = {
    kind: 'item',
    item: item.name,
    ledger: plan.ledgerOf(item.gst),
    value: value === 0n ? 1n : value,
    hsn: item.hsn,
    gst: gstOf(random, item, plan.supply),
  };
  if (plan.list) line.list = plan.list;
  // Some lines are billed as a lump sum, without quantity and rate.
  if (random.chance(3)) return line;
  line.quantity = quantity;
  line.rate = rate;
  if (discount > 0n) line.discount = discount;
  if (random.chance(10)) line.batch = `B${random.digits(4)}`;
  return line;
}

function gstOf(random: Random, item: Item, supply: Supply): GstRate {
  const percent = BigInt(item.gst) * 10_000n;
  // Exempt goods: some masters list the heads without a rate, some with a rate of 0.
  if (item.gst === 0) return { percent, heads: random.chance(50) ? 'blank' : 'all' };
  const cess = item.cess === undefined ? {} : { cess: String(item.cess) };
  if (random.chance(50)) return { percent, heads: 'all', ...cess };
  return { percent, heads: supply === 'inter' ? 'inter' : 'intra', ...cess };
}

/** The tax ledgers for sales (output) and for purchases (input). */
const taxLedgers = {
  output: { cgst: ledger.outputCgst, sgst: ledger.outputSgst, igst: ledger.outputIgst },
  input: { cgst: ledger.inputCgst, sgst: ledger.inputSgst, igst: ledger.inputIgst },
};

export const line = (role: Role, name: string, value: bigint): LedgerEntry => ({
  kind: 'ledger',
  role,
  ledger: name,
  value,
});

/** The tax on the `taxed` lines: a line for each head, or (`perRate`) for each head and rate on the same ledgers. */
export function taxLines(
  taxed: readonly { value: bigint; gst?: GstRate }[],
  supply: Supply,
  side: 'output' | 'input',
  perRate = false,
): LedgerEntry[] {
  const { cgst, igst, sgst } = taxLedgers[side];
  const byRate = new Map<bigint, bigint>();
  let cess = 0n;
  for (const { value, gst } of taxed) {
    if (!gst || gst.percent === 0n) continue;
    byRate.set(gst.percent, (byRate.get(gst.percent) ?? 0n) + value);
    if (gst.cess !== undefined) cess += divideRounded(value * BigInt(gst.cess), 100n);
  }
  const rows: LedgerEntry[] = [];
  const add = (role: Role, name: string, tax: bigint): void => {
    const same = perRate ? undefined : rows.find((r) => r.role === role);
    if (same) same.value += tax;
    else rows.push(line(role, name, tax));
  };
  for (const [percent, value] of byRate) {
    if (supply === 'inter') {
      add('igst', igst, divideRounded(value * percent, 1_000_000n));
    } else {
      const half = divideRounded(value * percent, 2_000_000n);
      add('cgst', cgst, half);
      add('sgst', supply === 'union-territory' ? ledger.outputUtgst : sgst, half);
    }
  }
  if (cess > 0n) rows.push(line('cess', ledger.outputCess, cess));
  return rows;
}

/** The line that rounds the sum of the lines to whole rupees, up or down; none if the sum is already whole. */
export function roundOff(
  entries: readonly { value: bigint }[],
  name: string,
  rounding?: LedgerEntry['rounding'],
): LedgerEntry[] {
  const sum = total(entries);
  const value = divideRounded(sum, 100n) * 100n - sum;
  if (value === 0n) return [];
  // Most round-off lines have neither ROUNDTYPE nor METHODTYPE.
  return [{ ...line('round_off', name, value), ...(rounding && { rounding }) }];
}

/**
 * Moves a percentage of the price from the stock lines to a line of its own: a charge, or (below 0) a discount. GST is
 * charged on that line too, and the sums stay the same. Goods of several rates stay as they are, because the split
 * would change their tax. So do goods without tax. `taxed`: the lines that GST is charged on.
 */
export function apart(stock: StockEntry[], percent: bigint, name: string, assessable?: 'method') {
  const [gst, ...others] = new Map(stock.map((entry) => [entry.gst?.percent, entry.gst])).values();
  if (!gst || gst.percent === 0n || others.length > 0) return { stock, charge: [], taxed: stock };
  const cheaper = stock.map((entry): StockEntry => repriced(entry, 100n - percent));
  const value = total(stock) - total(cheaper);
  if (value === 0n) return { stock, charge: [], taxed: stock };
  const taxedAt = gst.heads === 'blank' ? {} : { taxedAt: gst.percent };
  const row = { ...line('taxable', name, value), ...taxedAt, ...(assessable && { assessable }) };
  const rate: GstRate = { percent: gst.percent, heads: 'all' };
  return { stock: cheaper, charge: [row], taxed: [...cheaper, { value, gst: rate }] };
}

function repriced(entry: StockEntry, percent: bigint): StockEntry {
  const value = divideRounded(entry.value * percent, 100n);
  if (!entry.quantity || entry.rate === undefined) return { ...entry, value: value || 1n };
  const rate = divideRounded(entry.rate * percent, 100n);
  const exact = divideRounded(entry.quantity.count * rate * (1_000_000n - (entry.discount ?? 0n)), 1_000_000_000_000n);
  return { ...entry, rate, value: exact || 1n };
}

export const total = (entries: readonly { value: bigint }[]): bigint => entries.reduce((sum, e) => sum + e.value, 0n);
