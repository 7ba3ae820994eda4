import { dayNumber, type DateRange } from '../../../core/base/calendar.js';
import { formatDecimal } from '../../../core/base/decimal.js';
import type { Switches } from '../../behaviours/switches.js';
import type { Book } from '../../book/book.js';
import { balancesOf } from '../../ledger/balances.js';
import { topGroupOf } from '../../ledger/natures.js';
import { pendingBills, revaluedBills } from '../../ledger/pendingBills.js';
import { stockOf, type ItemStock } from '../../ledger/stock.js';
import { quantityText, rateOf } from './balanceFields.js';
import { shortDate } from './digestXml.js';
import { element } from './xmlText.js';

/** A report of Tally's screen: flat siblings without HEADER and STATUS. Names come without GUIDs (docs/tally.md §9). */
export interface DisplayReport {
  xml: string;
  rows: number;
}

export interface DisplayAsked {
  period: DateRange;
  /** ISLEDGERWISE: the rows are ledgers, not groups. */
  ledgerWise: boolean;
  /** EXPLODEFLAG: the items of a group follow it. */
  exploded: boolean;
  forexBalances: Switches['forexBalances'];
}

export const displayReports: Readonly<Record<string, (book: Book, asked: DisplayAsked) => DisplayReport>> = {
  TRIALBALANCE: trialBalance,
  BILLSRECEIVABLE: (book, asked) => bills(book, asked, (value) => value < 0n),
  BILLSPAYABLE: (book, asked) => bills(book, asked, (value) => value > 0n),
  STOCKSUMMARY: stockSummary,
};

const report = (rows: readonly string[]): DisplayReport => ({
  xml: `<ENVELOPE>${rows.length === 0 ? '' : '\r\n'}${rows.join('')}</ENVELOPE>\r\n`,
  rows: rows.length,
});

const nameXml = (name: string): string => ` <DSPACCNAME>\r\n${element(2, 'DSPDISPNAME', name)} </DSPACCNAME>\r\n`;

function sidesXml(name: string, debit: bigint, credit: bigint): string {
  const side = (tag: string, paise: bigint): string =>
    `  <${tag}>\r\n${element(3, `${tag}A`, paise === 0n ? '' : formatDecimal(paise, 2))}  </${tag}>\r\n`;
  return `${nameXml(name)} <DSPACCINFO>\r\n${side('DSPCLDRAMT', debit)}${side('DSPCLCRAMT', credit)} </DSPACCINFO>\r\n`;
}

/**
 * A ledger has its balance on one side, and is left out if the balance is 0; a group can have both sides. The opening
 * stock, which no ledger has, comes first if it is not 0.
 */
function trialBalance(book: Book, { period, ledgerWise }: DisplayAsked): DisplayReport {
  const openingStock = stockOf(book, period).reduce((sum, { opening }) => sum + opening.value, 0n);
  const sides = new Map<string, { debit: bigint; credit: bigint }>();
  for (const { row, closing } of balancesOf(book, period)) {
    // `Profit & Loss A/c` has no group, so it gets a row of its own among the groups.
    const name = ledgerWise ? row.name : topGroupOf(book, row.parent.startsWith('\u0004') ? row.name : row.parent);
    const { debit, credit } = sides.get(name) ?? { debit: 0n, credit: 0n };
    sides.set(name, closing < 0n ? { debit: debit + closing, credit } : { debit, credit: credit + closing });
  }
  const rows = [...sides].filter(([, { debit, credit }]) => debit !== 0n || credit !== 0n);
  return report([
    ...(openingStock === 0n ? [] : [sidesXml('Opening Stock', -openingStock, 0n)]),
    ...rows.map(([name, { debit, credit }]) => sidesXml(name, debit, credit)),
  ]);
}

/** The open bills of one report. The sign of a bill's amount decides its report, not the group of its party. */
function bills(
  book: Book,
  { period: { to: day }, forexBalances }: DisplayAsked,
  isShown: (value: bigint) => boolean,
): DisplayReport {
  const pending = forexBalances === 'revalued' ? revaluedBills(book, day) : pendingBills(book, day);
  return report(
    pending
      .filter(({ value }) => isShown(value))
      .map(({ ledger, name, date, dueDate, value }) => {
        const overdue = dayNumber(day) - dayNumber(dueDate);
        return (
          ` <BILLFIXED>\r\n${element(2, 'BILLDATE', shortDate(date))}${element(2, 'BILLREF', name)}` +
          `${element(2, 'BILLPARTY', ledger)} </BILLFIXED>\r\n` +
          element(1, 'BILLCL', formatDecimal(value, 2)) +
          element(1, 'BILLDUE', shortDate(dueDate)) +
          element(1, 'BILLOVERDUE', overdue < 0 ? '' : String(overdue))
        );
      }),
  );
}

/** The groups, each followed by its items if the request asks for them. A group or item without stock has no row. */
function stockSummary(book: Book, { period, exploded }: DisplayAsked): DisplayReport {
  const groups = new Map<string, ItemStock[]>();
  for (const stock of stockOf(book, period)) {
    if (stock.closing.count !== 0n) groups.set(stock.row.group, [...(groups.get(stock.row.group) ?? []), stock]);
  }
  const rowXml = (name: string, quantity: string, rate: string, value: bigint): string =>
    `${nameXml(name)} <DSPSTKINFO>\r\n  <DSPSTKCL>\r\n${element(3, 'DSPCLQTY', quantity)}` +
    `${element(3, 'DSPCLRATE', rate)}${element(3, 'DSPCLAMTA', formatDecimal(-value, 2))}  </DSPSTKCL>\r\n </DSPSTKINFO>\r\n`;
  return report(
    [...groups].flatMap(([group, items]) => [
      rowXml(
        group,
        '',
        '',
        items.reduce((sum, { closing }) => sum + closing.value, 0n),
      ),
      ...(exploded
        ? items.map(({ row, closing }) =>
            rowXml(row.name, quantityText(closing.count, row.unit).trim(), rateOf(closing), closing.value),
          )
        : []),
    ]),
  );
}
