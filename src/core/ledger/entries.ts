import type { CalendarDate } from '../base/calendar.js';
import { fromTallyDate } from '../base/calendar.js';
import type { Paise } from '../base/decimal.js';
import { nameKey } from '../base/names.js';
import { unreadableAmount, UnreadableAmount } from '../invoice/mapLines.js';
import { dueDateOf } from '../invoice/values/creditPeriod.js';
import { chosen, fits, isForeignAmount, optionalDate, readAmount, type Amount } from '../invoice/values/values.js';
import type { Bill, CostAllocation as TallyCost, LedgerLine, VoucherLine } from '../invoice/voucher.js';
import type { BankAllocation, BillAllocation, CostAllocation, LedgerEntry } from './ledgerVoucher.js';

/** Notes that something beside the amounts of entries could not be read. */
export type Say = () => void;

/** What a line books on one ledger. */
type Booked = Pick<LedgerLine, 'ledgerName' | 'amount' | 'bills' | 'costs'> & { banks?: LedgerLine['banks'] };

/**
 * The entries of a voucher's lines of one view: each ledger line, then each share of a ledger in a stock line. A ledger line of
 * accounting view includes the goods below it. Throws UnreadableAmount.
 */
export function entriesOf(
  lines: readonly VoucherLine[],
  date: CalendarDate,
  ledgerIdOf: (name: string) => string | undefined,
  doubt: Say,
): LedgerEntry[] {
  const entryOf = (booked: Booked, line: VoucherLine): LedgerEntry => {
    const { paise, foreign } = amountOf(booked.amount, line, doubt);
    const { currency = 'INR', amount, rate } = foreign ?? {};
    return {
      ledgerName: booked.ledgerName,
      ledgerId: ledgerIdOf(booked.ledgerName) ?? null,
      amount: -paise,
      currency,
      foreignAmount: amount !== undefined && fits(amount) ? -amount : null,
      exchangeRate: rate !== undefined && fits(rate) ? rate : null,
      bills: booked.bills.flatMap((bill) => billOf(bill, date, doubt)),
      costs: booked.costs.map((cost) => costOf(cost, doubt)),
      banks: (booked.banks ?? []).map((bank) => bankOf(bank, doubt)),
    };
  };
  const ledgers = lines.filter((line) => line.kind === 'ledger');
  const items = lines.filter((line) => line.kind === 'item');
  return [
    ...ledgers.map((line) => entryOf(line, line)),
    ...items.flatMap((line) => line.allocations.map((allocation) => entryOf(allocation, line))),
  ];
}

function amountOf(text: string, line: VoucherLine, doubt: Say): Exclude<Amount, { reason: string }> {
  const amount = readAmount(text);
  if ('reason' in amount)
    throw new UnreadableAmount(
      isForeignAmount(text) ? 'foreign-amount-unreadable' : 'amount-unreadable',
      unreadableAmount(line, amount.reason, text),
    );
  if (amount.foreign?.isOdd) doubt();
  return amount;
}

/** The amount of a part of an entry, debit positive. The entry's own amount is known, so an unreadable part is a doubt only. */
export function partOf(text: string, doubt: Say): Paise | null {
  if (text === '') return null;
  const amount = readAmount(text);
  if (!('reason' in amount)) return -amount.paise;
  doubt();
  return null;
}

const kinds: Readonly<Record<string, BillAllocation['kind']>> = {
  'new ref': 'new',
  'agst ref': 'against',
  advance: 'advance',
  'on account': 'on_account',
};

/** A list without name and amount is one that Tally left empty. */
function billOf(bill: Bill, date: CalendarDate, doubt: Say): BillAllocation[] {
  if (bill.name === '' && bill.amount === '') return [];
  const kind = kinds[nameKey(bill.type)] ?? null;
  if (kind === null && bill.type !== '') doubt();
  const billDate = fromTallyDate(bill.date) ?? (kind === 'new' || kind === 'advance' ? date : null);
  return [
    {
      kind,
      reference: bill.name || null,
      billDate,
      dueDate: dueDateOf(bill, billDate ?? date, doubt),
      amount: partOf(bill.amount, doubt),
    },
  ];
}

const costOf = ({ category, costCentre, amount }: TallyCost, doubt: Say): CostAllocation => ({
  category: chosen(category),
  costCentre,
  amount: partOf(amount, doubt),
});

const bankOf = (bank: LedgerLine['banks'][number], doubt: Say): BankAllocation => ({
  transactionType: chosen(bank.transactionType),
  instrumentNumber: bank.instrumentNumber || null,
  instrumentDate: optionalDate(bank.instrumentDate, doubt),
  bankDate: optionalDate(bank.bankDate, doubt),
  amount: partOf(bank.amount, doubt),
});
