import { t } from '@vscode/l10n';
import type { Paise } from '../base/decimal.js';
import type { Doubt, InvoiceLine, InvoiceLineDetails, InvoiceType, LedgerClass, RejectCode } from './invoice.js';
import { ForeignTotal, type ForeignOfInvoice } from './values/foreignTotal.js';
import { nameKey } from '../base/names.js';
import type { LedgerClassOf } from './classes/ledgerClassOf.js';
import { differsFromRates, gstRate, isExempt, spreadRates, type ReadDetail } from './values/gstRates.js';
import { findParty } from './partyLine.js';
import {
  chosen,
  fourDecimals,
  isForeignAmount,
  readAmount,
  type Amount,
  readPercent,
  readQuantity,
  readRate,
} from './values/values.js';
import type { Bill, LedgerLine, StockLine, Voucher, VoucherLine } from './voucher.js';

/** An amount that cannot be read exactly. The whole voucher is then rejected. */
export class UnreadableAmount extends Error {
  constructor(
    readonly code: Extract<RejectCode, 'amount-unreadable' | 'foreign-amount-unreadable' | 'amount-too-large'>,
    message: string,
  ) {
    super(message);
  }
}

interface MappedLines {
  lines: InvoiceLine[];
  doubts: Doubt[];
  foreign: ForeignOfInvoice;
  partyBills: Bill[];
}

/** Maps the lines of a voucher: in the contract's order, with its signs and classes. Throws UnreadableAmount. */
export function mapLines(voucher: Voucher, invoiceType: InvoiceType, classOf: LedgerClassOf): MappedLines {
  const { lines, bothViews } = linesOfOneView(voucher.lines);
  const { isParty, doubt } = findParty(voucher, lines, invoiceType, classOf);
  const sign = signsOf(invoiceType);
  const doubts = new Set<Doubt>(bothViews ? ['both-views'] : []);
  if (doubt !== undefined) doubts.add(doubt);
  const foreign = new ForeignTotal(sign);
  const spread = new Set<InvoiceLine>();

  const read = (text: string, line: VoucherLine): Exclude<Amount, { reason: string }> => {
    const amount = readAmount(text);
    if ('reason' in amount)
      throw new UnreadableAmount(
        isForeignAmount(text) ? 'foreign-amount-unreadable' : 'amount-unreadable',
        unreadableAmount(line, amount.reason, text),
      );
    if (amount.foreign?.isOdd) doubts.add('unreadable-detail');
    return amount;
  };
  const amountOf = (text: string, line: VoucherLine): Paise => {
    const amount = read(text, line);
    foreign.add(amount, line.kind === 'ledger' && isParty(line));
    return amount.paise;
  };
  /** Reads a detail, which does not change any amount. A detail that is present but unreadable becomes null with a doubt. */
  const detail: ReadDetail = (text, read) => {
    if (text === '') return null;
    const value = read(text);
    if (value === undefined) doubts.add('unreadable-detail');
    return value ?? null;
  };

  const mapLedger = (line: LedgerLine): InvoiceLine[] => {
    const amount = amountOf(line.amount, line);
    const rate = isExempt(line.taxability) ? 0n : gstRate(line.taxRates, detail);
    const found = isParty(line) ? party : classed(line, amount, rate);
    const items = found.takesStock ? stockBelow(line, amount) : [];
    if (items === undefined || (line.stockLines.length > 0 && !found.takesStock)) doubts.add('stock-below-ledger');
    // The amounts of the items are unknown. The line's own amount includes them, so the line is taxable value, as items are.
    if (items === undefined) return [ledgerLine(line, { ...found, ledgerClass: 'taxable' }, rate, amount)];
    const rest = amount - items.reduce((sum, item) => sum + item.amount, 0n);
    const mapped = items.map(({ stock, amount: own }) => mapItem(stock, own, line));
    if (items.length > 0 && rest === 0n) return mapped;
    if (items.length > 0) doubts.add('stock-below-ledger');
    return [...mapped, ledgerLine(line, found, rate, rest)];
  };

  const ledgerLine = (
    line: LedgerLine,
    { ledgerClass, isSpread }: LineClass,
    rate: bigint | null,
    amount: Paise,
  ): InvoiceLine => {
    const own: InvoiceLine = {
      lineType: 'ledger',
      ledgerName: line.ledgerName,
      ledgerClass,
      itemName: null,
      hsn: line.hsn || null,
      quantity: null,
      unit: null,
      rate: null,
      discountPercent: null,
      gstRate: rate,
      ...mapLineDetails(line),
      amount: amount * (ledgerClass === 'party' ? sign.party : sign.others),
    };
    if (isSpread) spread.add(own);
    return own;
  };

  const classed = (line: LedgerLine, amount: Paise, rate: bigint | null): LineClass => {
    const found = classOf(line.ledgerName);
    const { ledgerClass, isAssessable = false, taxableByMark = false } = found;
    const isTaxable = ledgerClass === 'taxable' || (taxableByMark && isTaxableByMark(line, rate));
    // A rounding mark only says how an amount is rounded. GST ledgers and taxable charges carry it too (docs/tally.md §1.6).
    if (found.roundsByMark && !isTaxable && hasRoundingMark(line)) {
      if (isWithinLimit(line, amount)) return { ledgerClass: 'round_off', isSpread: false, takesStock: false };
      doubts.add('rounding-mark');
    }
    if (found.isGuess) doubts.add('unlisted-ledger');
    return {
      ledgerClass: isTaxable ? 'taxable' : ledgerClass,
      isSpread: isAssessable || (taxableByMark && isSpreadByMark(line)),
      takesStock: isTaxable || taxableByMark,
    };
  };

  /** Rounding to a limit changes an amount by less than the limit. Without a limit the mark alone decides. */
  const isWithinLimit = (line: LedgerLine, amount: Paise): boolean => {
    const limit = detail(line.roundLimit, fourDecimals);
    const difference = (amount < 0n ? -amount : amount) * 100n;
    return limit === null || limit <= 0n || difference < limit;
  };

  /**
   * The items below a ledger line with their amounts; undefined if an amount is unknown. If an item has no amount and its
   * allocations give none, its amount is 0 if the other items add up to the whole line. Else it is unknown. Foreign
   * amounts of items are not added to the total: the ledger line's foreign amount includes them.
   */
  const stockBelow = (line: LedgerLine, whole: Paise): { stock: StockLine; amount: Paise }[] | undefined => {
    const items = line.stockLines.map((stock) => ({ stock, amount: amountOfItem(stock) }));
    const told = items.every(({ stock, amount }) => amount !== undefined || stock.amount === '');
    const isWhole = told && items.reduce((sum, { amount = 0n }) => sum + amount, 0n) === whole;
    const known = items.flatMap(({ stock, amount = isWhole ? 0n : undefined }) =>
      amount === undefined ? [] : [{ stock, amount }],
    );
    return known.length === items.length ? known : undefined;
  };

  /** The item's own amount or, if that is empty, the sum of its allocations; undefined if it cannot be read. */
  const amountOfItem = (stock: StockLine): Paise | undefined => {
    if (stock.amount === '') return stock.allocations.length > 0 ? sumOf(stock.allocations) : undefined;
    const amount = readAmount(stock.amount);
    if ('reason' in amount) return undefined;
    if (amount.foreign?.isOdd) doubts.add('unreadable-detail');
    return amount.paise;
  };

  const mapStock = (line: StockLine): InvoiceLine => {
    // A free item has an empty amount; its booked amount is in its allocations.
    const amount =
      line.amount === '' && line.allocations.length > 0
        ? line.allocations.reduce((sum, a) => sum + amountOf(a.amount, line), 0n)
        : amountOf(line.amount, line);
    if (line.amount !== '' && line.allocations.length > 0 && amount !== sumOf(line.allocations))
      doubts.add('allocations');
    return mapItem(line, amount);
  };

  /** `parent`: in accounting view, the ledger line that has the item below it. */
  const mapItem = (line: StockLine, amount: Paise, parent?: LedgerLine): InvoiceLine => {
    const quantity = detail(line.quantity, readQuantity);
    const rate = itemRate(line, detail) ?? (parent ? gstRate(parent.taxRates, detail) : null);
    return {
      lineType: 'item',
      ledgerName: parent?.ledgerName ?? line.allocations[0]?.ledgerName ?? null,
      ledgerClass: 'taxable',
      itemName: line.itemName,
      hsn: line.hsn || parent?.hsn || null,
      quantity: quantity?.quantity ?? null,
      unit: quantity?.unit ?? null,
      rate: detail(line.rate, readRate),
      discountPercent: detail(line.discount, readPercent),
      gstRate: isExempt(line.taxability || (parent?.taxability ?? '')) ? 0n : rate,
      ...mapLineDetails(line),
      amount: amount * sign.others,
    };
  };

  const mapped = inOrder(lines, isParty).flatMap((line) =>
    line.kind === 'ledger' ? mapLedger(line) : [mapStock(line)],
  );
  spreadRates(mapped, spread);
  if (differsFromRates(mapped)) doubts.add('tax');
  const isNet = mapped.some(({ ledgerClass, amount }) => ledgerClass === 'tds' && amount !== 0n);
  const partyBills = lines.flatMap((line) => (line.kind === 'ledger' && isParty(line) ? line.bills : []));
  return { lines: mapped, doubts: [...doubts], foreign: foreign.ofInvoice(isNet), partyBills };
}

/** How a ledger line is mapped. */
interface LineClass {
  ledgerClass: LedgerClass;
  /** The line is spread over the goods, and has their rates. */
  isSpread: boolean;
  /** The stock items below the line become lines. The line stays with the rest of its amount, unless that is 0. */
  takesStock: boolean;
}

const party: LineClass = { ledgerClass: 'party', isSpread: false, takesStock: false };

/** The reason for rejecting a voucher because of an amount. The quoted amount comes last in every language. */
export function unreadableAmount(line: VoucherLine, reason: string, amount: string): string {
  const text = JSON.stringify(amount);
  return line.kind === 'ledger'
    ? t('ledger {name}: {reason}: {text}', { name: JSON.stringify(line.ledgerName), reason, text })
    : t('item {name}: {reason}: {text}', { name: JSON.stringify(line.itemName), reason, text });
}

/**
 * Chooses the lines of one view. Invoice view books on LEDGERENTRIES and stock lines, accounting view only on ALLLEDGERENTRIES.
 * If an answer holds both (collections do), ALLLEDGERENTRIES repeats the amounts of all lines, one line for each ledger. Then
 * LEDGERENTRIES and stock lines are used, because they have more details (docs/tally.md §1.6). If there are no LEDGERENTRIES,
 * or if these lines do not balance, some are missing. Then accounting view is used; it includes the value of the stock lines.
 * The stock lines go below the ledger lines that they are booked on, if these are clear for all. `bothViews` is true if that
 * leaves a doubt: lines of LEDGERENTRIES were not used, or the stock lines could not be placed.
 */
export function linesOfOneView(lines: VoucherLine[]): { lines: VoucherLine[]; bothViews: boolean } {
  const accounting = lines.filter((line) => line.kind === 'ledger' && line.view === 'accounting') as LedgerLine[];
  if (accounting.length === 0 || accounting.length === lines.length) return { lines, bothViews: false };
  const invoice = lines.filter((line) => line.kind === 'item' || line.view === 'invoice');
  const stock = invoice.filter((line) => line.kind === 'item');
  const hasLedgers = stock.length < invoice.length;
  if (hasLedgers && bookedSum(invoice) === 0n) return { lines: invoice, bothViews: false };
  const merged = withStock(accounting, stock);
  return { lines: merged ?? accounting, bothViews: hasLedgers || merged === undefined };
}

/**
 * The ledger lines, each with the stock lines that are booked on its ledger. Undefined if a stock line is booked on none of
 * them, on several, on a ledger with several lines, or on a line that already has stock lines below it.
 */
function withStock(ledgers: LedgerLine[], stock: StockLine[]): LedgerLine[] | undefined {
  const below = new Map<string, { line: LedgerLine; items: StockLine[] }>();
  const repeated = new Set<string>();
  for (const line of ledgers) {
    const key = nameKey(line.ledgerName);
    if (below.has(key)) repeated.add(key);
    else below.set(key, { line, items: [] });
  }
  for (const item of stock) {
    const [name, ...others] = new Set(item.allocations.map(({ ledgerName }) => nameKey(ledgerName)));
    const found = name === undefined || others.length > 0 || repeated.has(name) ? undefined : below.get(name);
    if (found === undefined || found.line.stockLines.length > 0) return undefined;
    found.items.push(item);
  }
  return ledgers.map((line) => {
    const found = below.get(nameKey(line.ledgerName));
    return found?.line === line && found.items.length > 0 ? { ...line, stockLines: found.items } : line;
  });
}

/**
 * The party first, then the items, then the other ledgers. Items and ledgers each keep their own order. A report may
 * interleave the two in another way than a collection, so this order makes their lines equal. Without items, the lines stay
 * in Tally's order.
 */
function inOrder(lines: VoucherLine[], isParty: (line: LedgerLine) => boolean): VoucherLine[] {
  const items = lines.filter((line) => line.kind === 'item');
  if (items.length === 0) return lines;
  const ledgers = lines.filter((line) => line.kind === 'ledger');
  return [...ledgers.filter(isParty), ...items, ...ledgers.filter((line) => !isParty(line))];
}

interface Booked {
  amount: string;
}

/**
 * The sum that the lines of invoice view book; undefined if an amount is unreadable. A stock line counts by its allocations, if
 * it has any: a free item has no amount of its own.
 */
export const bookedSum = (lines: readonly VoucherLine[]): Paise | undefined =>
  sumOf(
    lines.flatMap<Booked>((line) => (line.kind === 'item' && line.allocations.length > 0 ? line.allocations : line)),
  );

function sumOf(lines: readonly Booked[]): Paise | undefined {
  let sum = 0n;
  for (const line of lines) {
    const amount = readAmount(line.amount);
    if ('reason' in amount) return undefined;
    sum += amount.paise;
  }
  return sum;
}

/** Factors from Tally's signs (debit negative) to the contract's signs (sales and purchases positive, notes negative). */
const signsOf = (invoiceType: InvoiceType): { party: bigint; others: bigint } =>
  invoiceType === 'sales' || invoiceType === 'credit_note' ? { party: -1n, others: 1n } : { party: 1n, others: -1n };

/**
 * TallyPrime marks a round-off line by ROUNDTYPE, and ERP 9 marks the lines of a voucher class by METHODTYPE. Most round-off
 * lines have neither mark.
 */
const hasRoundingMark = (line: LedgerLine): boolean =>
  /rounding/i.test(line.roundType) || /total amount rounding/i.test(line.methodType);

/** METHODTYPE of ERP 9's voucher classes, or APPROPRIATEFOR: GST is charged on this charge or discount together with the goods. */
const isSpreadByMark = (line: LedgerLine): boolean =>
  nameKey(line.methodType) === 'gst' || nameKey(line.appropriateFor) === 'gst';

/** Whether a mark says that GST was charged on this line (docs/tally.md §1.6). */
const isTaxableByMark = (line: LedgerLine, rate: bigint | null): boolean =>
  isSpreadByMark(line) || nameKey(line.taxability) === 'taxable' || (rate !== null && rate !== 0n);

/**
 * ERP 9 keeps the rates of a stock line in its ledger allocations (docs/tally.md §1.6). If these have different rates, the item
 * has none.
 */
function itemRate(line: StockLine, detail: ReadDetail): bigint | null {
  const own = gstRate(line.taxRates, detail);
  if (own !== null) return own;
  const rates = new Set(line.allocations.map(({ taxRates }) => gstRate(taxRates, detail)));
  rates.delete(null);
  return rates.size === 1 ? [...rates][0]! : null;
}

/** The details of a line that do not change any amount. */
function mapLineDetails(line: VoucherLine): InvoiceLineDetails {
  const batches = line.kind === 'item' ? line.batches : [];
  return {
    description: line.description || null,
    godown: single(batches.map(({ godown }) => chosen(godown))),
    batch: single(batches.map(({ batch }) => chosen(batch))),
    taxability: chosen(line.taxability),
    typeOfSupply: chosen(line.typeOfSupply),
  };
}

/** The common value of all; null if they differ, or if there are none. */
const single = (values: (string | null)[]): string | null =>
  values.every((value) => value === values[0]) ? (values[0] ?? null) : null;
