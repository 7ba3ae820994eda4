import type { Paise } from '../base/decimal.js';
import type { Doubt, InvoiceType } from './invoice.js';
import { nameKey } from '../base/names.js';
import type { ClassedLedger, LedgerClassOf } from './classes/ledgerClassOf.js';
import { isYes, readAmount } from './values/values.js';
import type { LedgerLine, Voucher, VoucherLine } from './voucher.js';

export interface Party {
  /** Whether a line is the party's. The total of the invoice is what the party owes or is owed. */
  isParty: (line: LedgerLine) => boolean;
  doubt: Doubt | undefined;
}

/**
 * Finds the party: the line of the ledger PARTYLEDGERNAME. If no line has that name, the party is the customer's or supplier's
 * line by the masters. Failing that, it is the marked lines (ISPARTYLEDGER = Yes), else the line that balances the others. Cash
 * and cards that pay an invoice at once belong to the party too. They are the marked lines on the party's side, in invoice view
 * or beside a named cash or bank ledger. In accounting view ISPARTYLEDGER also marks the bank and cash of a part payment, so
 * there a customer or supplier is the only party. No published voucher shows an invoice with several payments (docs/tally.md
 * §1.6), so each one gets a doubt.
 */
export function findParty(
  voucher: Voucher,
  lines: VoucherLine[],
  invoiceType: InvoiceType,
  classOf: LedgerClassOf,
): Party {
  const ledgers = lines.filter((line) => line.kind === 'ledger');
  const name = nameKey(voucher.partyLedgerName);
  const isNamed = (line: LedgerLine): boolean => name !== '' && nameKey(line.ledgerName) === name;
  const named = ledgers.filter(isNamed);
  const marked = ledgers.filter(isMarked);
  // Nearly every invoice ends here: its party is clear without comparing amounts.
  if (named.length === 1 && marked.every((line) => line === named[0])) return partyOf(named, undefined);
  const sides = new Sides(lines, invoiceType, classOf);
  const tenders = marked.filter((line) => sides.isParty(line) && mayBeParty(classOf(line.ledgerName)));
  const own = named.length > 0 ? named : guessed(ledgers, tenders, sides, classOf);
  const isMoney = (line: LedgerLine): boolean => classOf(line.ledgerName).isMoney === true;
  const party = new Set(own);
  const isPaid = own.every(isMoney);
  if (own.length > 0) for (const line of tenders) if (line.view === 'invoice' || isPaid) party.add(line);
  const others = marked.filter((line) => !isNamed(line) && !(party.has(line) && isMoney(line)));
  const isOdd = hasOddParty(name, named, others, classOf);
  if (isOdd) return partyOf(party, 'odd-party');
  if (named.length === 0) return partyOf(party, own.length === 0 ? undefined : 'guessed-party');
  return partyOf(party, party.size > own.length ? 'several-payments' : undefined);
}

function partyOf(lines: Iterable<LedgerLine>, doubt: Doubt | undefined): Party {
  const party = new Set(lines);
  return { isParty: (line) => party.has(line), doubt };
}

/** The party's lines if none of the lines has the named ledger. */
function guessed(ledgers: LedgerLine[], tenders: LedgerLine[], sides: Sides, classOf: LedgerClassOf): LedgerLine[] {
  const parties = ledgers.filter((line) => classOf(line.ledgerName).isParty);
  const found = only(parties) ?? only(parties.filter(isMarked)) ?? sides.largest(parties);
  if (found !== undefined) return [found];
  if (tenders.length > 0) return tenders;
  const marked = only(ledgers.filter(isMarked)) ?? sides.largest(ledgers.filter(isMarked));
  if (marked !== undefined) return [marked];
  if (!sides.balance) return [];
  const balancing = sides.largest(ledgers.filter((line) => mayBeParty(classOf(line.ledgerName))));
  return balancing === undefined ? [] : [balancing];
}

/** Whether a ledger may be the party. A customer may be called Kerala Sales, so a name alone does not exclude a ledger. */
const mayBeParty = ({ ledgerClass, isGuess }: ClassedLedger): boolean =>
  ledgerClass === 'other' || (ledgerClass === 'taxable' && isGuess);

const isMarked = (line: LedgerLine): boolean => isYes(line.isPartyLedger);

const only = <T>(found: T[]): T | undefined => (found.length === 1 ? found[0] : undefined);

/**
 * The side of a voucher, debit or credit, that its party is on. It is opposite to the items, the taxes and the ledgers that
 * masters class as taxable. If these add up to 0, the type of the voucher decides. A ledger that only its name makes taxable
 * does not count here: it may be the party's own.
 */
class Sides {
  /** The lines add up to 0, so that each line balances all others. */
  readonly balance: boolean;
  readonly #partySign: bigint;

  constructor(lines: VoucherLine[], invoiceType: InvoiceType, classOf: LedgerClassOf) {
    let [sum, goods] = [0n, 0n];
    for (const line of lines) {
      const amount = amountOf(line);
      sum += amount;
      if (line.kind === 'item' || isGoods(classOf(line.ledgerName))) goods += amount;
    }
    this.balance = sum === 0n;
    const isDebit = goods === 0n ? invoiceType === 'sales' || invoiceType === 'debit_note' : goods > 0n;
    this.#partySign = isDebit ? -1n : 1n;
  }

  isParty(line: LedgerLine): boolean {
    return amountOf(line) * this.#partySign > 0n;
  }

  /** The line with the largest amount on the party's side; undefined if two are equal. */
  largest(lines: LedgerLine[]): LedgerLine | undefined {
    const amounts = lines.map((line) => ({ line, amount: amountOf(line) * this.#partySign }));
    const most = amounts.reduce((max, { amount }) => (amount > max ? amount : max), 0n);
    return most === 0n ? undefined : only(amounts.filter(({ amount }) => amount === most))?.line;
  }
}

const taxes: ReadonlySet<string> = new Set(['cgst', 'sgst', 'igst', 'cess']);
const isGoods = ({ ledgerClass, isGuess }: ClassedLedger): boolean =>
  taxes.has(ledgerClass) || (ledgerClass === 'taxable' && !isGuess);

/** An unreadable amount counts as 0 here: mapLines rejects the voucher for it, or reads the allocations. */
function amountOf(line: VoucherLine): Paise {
  const amount = readAmount(line.amount);
  return 'reason' in amount ? 0n : amount.paise;
}

/**
 * Whether the lines do not show exactly one party. The sums do not tell: lines that came twice, or from two vouchers, balance
 * too. In 244 of 244 invoices one line has the party's name, and only this line is marked. In accounting view bank and cash
 * lines are marked too (docs/tally.md §1.6), so there only the line of another customer or supplier is odd. `others` are the
 * marked lines, except those of the named party, and except cash and banks that belong to the party. If the voucher names no
 * party, a marked line is odd in invoice view only. A voucher without any party line gets the doubt `no-party` instead.
 */
function hasOddParty(name: string, named: LedgerLine[], others: LedgerLine[], classOf: LedgerClassOf): boolean {
  if (name === '') return others.some((line) => line.view === 'invoice');
  if (others.length === 0) return named.length > 1;
  return (
    named.length !== 1 ||
    !isMarked(named[0]!) ||
    others.some((line) => line.view === 'invoice' || classOf(line.ledgerName).isParty)
  );
}
