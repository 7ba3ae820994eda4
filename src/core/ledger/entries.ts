import type { CalendarDate } from '../base/calendar.js';
import { fromTallyDate } from '../base/calendar.js';
import type { Paise } from '../base/decimal.js';
import { nameKey } from '../base/names.js';
import { unreadableAmount, UnreadableAmount } from '../invoice/mapLines.js';
import { dueDateOf } from '../invoice/values/creditPeriod.js';
import { chosen, fits, isForeignAmount, optionalDate, readAmount, type Amount } from '../invoice/values/values.js';
import type { Bill, CostAllocation as TallyCost, LedgerLine, VoucherLine } from '../invoice/voucher.js';
import type { BankAllocation, BillAllocation, CostAllocation, LedgerEntry } from './ledgerVoucher.js';

/** Called if a part of the voucher cannot be read. Not for the amount of an entry, which rejects the voucher instead. */
export type NoteDoubt = () => void;

/** The part of a line that is booked on one ledger. */
type Booked = Pick<LedgerLine, 'ledgerName' | 'amount' | 'bills' | 'costs'> & { banks?: LedgerLine['banks'] };

/**
 * Makes the entries from a voucher's lines, which must be of one view. Each ledger line becomes an entry, then each accounting
 * allocation of a stock line. Stock lines below a ledger line make no entries: its amount includes them. Throws UnreadableAmount.
 */
export function entriesOf(
  lines: readonly VoucherLine[],
  date: CalendarDate,
  ledgerIdOf: (name: string) => string | undefined,
  doubt: NoteDoubt,
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

function amountOf(text: string, line: VoucherLine, doubt: NoteDoubt): Exclude<Amount, { reason: string }> {
  const amount = readAmount(text);
  if ('reason' in amount)
    throw new UnreadableAmount(
      isForeignAmount(text) ? 'foreign-amount-unreadable' : 'amount-unreadable',
      unreadableAmount(line, amount.reason, text),
    );
  if (amount.foreign?.isOdd) doubt();
  return amount;
}

/**
 * The amount of a bill, cost centre, bank or stock row, debit positive. Null if the text is empty. Null with a doubt if the text
 * cannot be read: the voucher is not rejected, because the amounts of its entries are known.
 */
export function partOf(text: string, doubt: NoteDoubt): Paise | null {
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

/** A row without name and amount is an empty list in Tally, so it makes no bill. */
function billOf(bill: Bill, date: CalendarDate, doubt: NoteDoubt): BillAllocation[] {
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

const costOf = ({ category, costCentre, amount }: TallyCost, doubt: NoteDoubt): CostAllocation => ({
  category: chosen(category),
  costCentre,
  amount: partOf(amount, doubt),
});

const bankOf = (bank: LedgerLine['banks'][number], doubt: NoteDoubt): BankAllocation => ({
  transactionType: chosen(bank.transactionType),
  instrumentNumber: bank.instrumentNumber || null,
  instrumentDate: optionalDate(bank.instrumentDate, doubt),
  bankDate: optionalDate(bank.bankDate, doubt),
  amount: partOf(bank.amount, doubt),
});
