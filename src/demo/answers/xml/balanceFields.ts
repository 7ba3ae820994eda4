import type { DateRange } from '../../../core/base/calendar.js';
import { formatDecimal } from '../../../core/base/decimal.js';
import type { Switches } from '../../behaviours/switches.js';
import type { Book } from '../../book/book.js';
import type { Unit } from '../../book/masters/items.js';
import type { LedgerRow } from '../../book/masters/ledgers.js';
import { divideRounded } from '../../book/recipes/goods.js';
import { balancesOf, profitAndLoss, profitOf } from '../../ledger/balances.js';
import { foreignSumsOf, type ForeignSums } from '../../ledger/foreignSums.js';
import { billsAtOpening } from '../../ledger/pendingBills.js';
import { stockOf } from '../../ledger/stock.js';
import { trimmed } from './amountText.js';
import type { Fields, Row } from './collectionXml.js';
import { compactDate, yesNo } from './xmlText.js';

/** The fields that a request asks for, and the period of balances. */
export interface MastersAsked {
  fields: readonly string[];
  period: DateRange;
  ledgerBalances: Switches['ledgerBalances'];
  forexBalances: Switches['forexBalances'];
  stockOpenings: Switches['stockOpenings'];
}

const totals = ['TBALOPENING', 'TBALCLOSING', 'DEBITTOTALS', 'CREDITTOTALS'];
const ledgerFields = ['OPENINGBALANCE', 'CLOSINGBALANCE', ...totals];
const stockFields = ['OPENINGBALANCE', 'OPENINGVALUE', 'OPENINGRATE', 'CLOSINGBALANCE', 'CLOSINGVALUE', 'CLOSINGRATE'];

const amount = (paise: bigint): Fields[string] => ['Amount', formatDecimal(paise, 2)];

/** Balances cost a walk through the books, so they are computed only if a request fetches them. */
const isAsked = (asked: MastersAsked | undefined, names: readonly string[]): asked is MastersAsked =>
  asked?.fields.some((field) => field === '*' || names.includes(field)) === true;

/** Whether a collection of masters is asked for balances. */
export const asksBalances = (type: string, fields: readonly string[]): boolean =>
  (type === 'LEDGER' && fields.some((field) => ledgerFields.includes(field))) ||
  (type === 'STOCKITEM' && fields.some((field) => stockFields.includes(field)));

/**
 * The ledgers with their balances in the period. A closing is empty if the opening is 0 and nothing moved; so is a side
 * on which nothing moved (docs/tally.md §9.1).
 */
export function withBalances(rows: Row[], book: Book, asked: MastersAsked | undefined): Row[] {
  if (!isAsked(asked, ledgerFields)) return rows;
  const balances = balancesOf(book, asked.period);
  const profit = profitOf(balances);
  const foreign = asked.forexBalances === 'revalued' ? foreignSumsOf(book, asked.period) : undefined;
  return rows.map((row, n): Row => {
    const { opening, debits, credits, closing } = balances[n]!;
    const isUntouched = opening === 0n && debits === 0n && credits === 0n;
    const orEmpty = (paise: bigint): Fields[string] => (paise === 0n ? ['Amount', ''] : amount(paise));
    // CLOSINGBALANCE of this ledger includes the profit of the period, TBALCLOSING does not.
    const shown = row.name === profitAndLoss ? closing + profit : closing;
    const fields: Fields = {
      OPENINGBALANCE: amount(opening),
      CLOSINGBALANCE: isUntouched && shown === 0n ? ['Amount', ''] : amount(shown),
      ...(asked.ledgerBalances !== 'without-totals' && {
        TBALOPENING: amount(opening),
        DEBITTOTALS: orEmpty(debits),
        CREDITTOTALS: orEmpty(credits),
        TBALCLOSING: isUntouched ? ['Amount', ''] : amount(closing),
      }),
    };
    const sums = foreign?.get(row.name);
    return { ...row, fields: { ...row.fields, ...fields, ...(sums && revalued(sums, fields)) } };
  });
}

/** The same fields of a ledger in foreign currency, valued at the latest rate. */
function revalued({ opening, debits, credits, symbol, rate }: ForeignSums, fields: Fields): Fields {
  const closing = opening + debits + credits;
  const sums: Record<string, bigint> = {
    OPENINGBALANCE: opening,
    CLOSINGBALANCE: closing,
    TBALOPENING: opening,
    DEBITTOTALS: debits,
    CREDITTOTALS: credits,
    TBALCLOSING: closing,
  };
  const money = (unit: string, value: bigint): string =>
    `${value < 0n ? '-' : ''}${unit} ${formatDecimal(value < 0n ? -value : value, 2)}`;
  const text = (value: bigint): string =>
    `${money(symbol, value)} @ ₹ ${trimmed(rate, 2)}/${symbol}  = ${money('₹', divideRounded(value * rate, 100n))}`;
  return Object.fromEntries(
    Object.keys(fields).map((name) => [name, ['Amount', sums[name] === 0n ? '0.00' : text(sums[name]!)]]),
  );
}

/** The bills that were open when the books began, whatever the period. */
export const openingBillRows = (book: Book, ledger: LedgerRow): Fields[] =>
  billsAtOpening(book, ledger).map(({ name, date, value }, n): Fields => {
    const { creditDays } = ledger.openingBills![n]!;
    return {
      NAME: ['String', name],
      BILLDATE: ['Date', compactDate(date)],
      BILLCREDITPERIOD: ['String', creditDays === 0 ? '' : `${creditDays} Days`],
      ISADVANCE: ['Logical', yesNo(false)],
      OPENINGBALANCE: amount(value),
    };
  });

/** ` 19 Box 0 Nos`, ` 400.000 KG`; a negative quantity has no leading blank; '' for a quantity of 0. */
export function quantityText(count: bigint, { name, decimals, tail }: Unit): string {
  if (count === 0n) return '';
  const text = `${trimmed(count, 4, decimals)} ${name}${tail === undefined ? '' : ` 0 ${tail}`}`;
  return count < 0n ? text : ` ${text}`;
}

/** The rate of a stock in rupees per unit; '' without a quantity. */
export function rateOf({ count, value }: { count: bigint; value: bigint }): string {
  // The value is in paise, the count in ten-thousandths of a unit.
  return count === 0n ? '' : formatDecimal((value * 10_000n) / count, 2);
}

/**
 * The items with their stock at the start and the end of the period. Stock in hand is a debit, so its value is
 * negative.
 */
export function withStock(rows: Row[], book: Book, asked: MastersAsked | undefined): Row[] {
  if (!isAsked(asked, stockFields)) return rows;
  const stock = stockOf(book, asked.period);
  return rows.map((row, n): Row => {
    const { row: item, opening, closing } = stock[n]!;
    const told = (of: 'OPENING' | 'CLOSING', held: typeof opening): Fields => ({
      [`${of}BALANCE`]: ['Quantity', quantityText(held.count, item.unit)],
      [`${of}VALUE`]: ['Amount', held.count === 0n ? '' : formatDecimal(-held.value, 2)],
      ...(held.count !== 0n && { [`${of}RATE`]: ['Rate', `${rateOf(held)}/${item.unit.name}`] }),
    });
    return {
      ...row,
      fields: {
        ...row.fields,
        ...told('OPENING', asked.stockOpenings === 'of-books' ? item.opening : opening),
        ...told('CLOSING', closing),
      },
    };
  });
}
