import type { Paise } from '../decimal.js';
import type { Doubt, InvoiceType } from './invoice.js';
import { nameKey } from './invoiceTypeOf.js';
import type { LedgerClassOf } from './ledgerClassOf.js';
import { readAmount } from './values.js';
import type { LedgerLine, Voucher, VoucherLine } from './voucher.js';

export interface Party {
  /** Whether a line is the party's: the total of the invoice is what its party owes or is owed. */
  isParty: (line: LedgerLine) => boolean;
  doubt: Doubt | undefined;
}

/**
 * The party is the line of PARTYLEDGERNAME; ISPARTYLEDGER also marks bank and cash in accounting view. Where no line has
 * that name: the customer's or supplier's line by the masters, else the marked line, else the line that balances the others.
 */
export function findParty(
  voucher: Voucher,
  lines: VoucherLine[],
  invoiceType: InvoiceType,
  classOf: LedgerClassOf,
): Party {
  const ledgers = lines.filter((line) => line.kind === 'ledger');
  const name = nameKey(voucher.partyLedgerName);
  const named = ledgers.filter((line) => name !== '' && nameKey(line.ledgerName) === name);
  const marked = ledgers.filter(isMarked);
  const isOdd = hasOddParty(name, named, marked, classOf);
  if (named.length > 0) return { isParty: (line) => named.includes(line), doubt: isOdd ? 'odd-party' : undefined };
  const sides = new Sides(lines, invoiceType, classOf);
  const parties = ledgers.filter((line) => classOf(line.ledgerName).isParty);
  const found =
    only(parties) ??
    only(parties.filter(isMarked)) ??
    sides.largest(parties) ??
    only(marked) ??
    sides.largest(marked) ??
    (sides.balance
      ? sides.largest(ledgers.filter((line) => classOf(line.ledgerName).ledgerClass === 'other'))
      : undefined);
  const doubt = isOdd ? 'odd-party' : found === undefined ? undefined : 'guessed-party';
  return { isParty: (line) => line === found, doubt };
}

const isMarked = (line: LedgerLine): boolean => nameKey(line.isPartyLedger) === 'yes';

const only = <T>(found: T[]): T | undefined => (found.length === 1 ? found[0] : undefined);

/** Which side of a voucher its party is on: against the goods and their taxes. */
class Sides {
  /** The lines add up to 0, so that each is what balances the others. */
  readonly balance: boolean;
  readonly #partySign: bigint;

  constructor(lines: VoucherLine[], invoiceType: InvoiceType, classOf: LedgerClassOf) {
    let [sum, goods] = [0n, 0n];
    for (const line of lines) {
      const amount = amountOf(line);
      sum += amount;
      if (line.kind === 'item' || goodsClasses.has(classOf(line.ledgerName).ledgerClass)) goods += amount;
    }
    this.balance = sum === 0n;
    const isDebit = goods === 0n ? invoiceType === 'sales' || invoiceType === 'debit_note' : goods > 0n;
    this.#partySign = isDebit ? -1n : 1n;
  }

  /** The line with most on the party's side; undefined where two are equal. */
  largest(lines: LedgerLine[]): LedgerLine | undefined {
    const amounts = lines.map((line) => ({ line, amount: amountOf(line) * this.#partySign }));
    const most = amounts.reduce((max, { amount }) => (amount > max ? amount : max), 0n);
    return most === 0n ? undefined : only(amounts.filter(({ amount }) => amount === most))?.line;
  }
}

const goodsClasses: ReadonlySet<string> = new Set(['taxable', 'cgst', 'sgst', 'igst', 'cess']);

/** One that cannot be read rejects the voucher, whichever line is the party's. */
function amountOf(line: VoucherLine): Paise {
  const amount = readAmount(line.amount);
  return 'reason' in amount ? 0n : amount.paise;
}

/**
 * Whether not one line alone is the party's: lines that came twice, or from two vouchers, balance all the same. In 244 of
 * 244 invoices one line has the party's name and is the only one marked; in accounting view bank and cash lines are marked
 * too (docs/tally.md §1.6), so that there only the line of another customer or supplier is odd. A marked line
 * without a name to compare is odd in invoice view; no party line at all is `no-party`.
 */
function hasOddParty(name: string, named: LedgerLine[], marked: LedgerLine[], classOf: LedgerClassOf): boolean {
  if (name === '') return marked.some((line) => line.view === 'invoice');
  const others = marked.filter((line) => !named.includes(line));
  if (others.length === 0) return named.length > 1;
  return (
    named.length !== 1 ||
    !marked.includes(named[0]!) ||
    others.some((line) => line.view === 'invoice' || classOf(line.ledgerName).isParty)
  );
}
