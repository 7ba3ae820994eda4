import { t } from '@vscode/l10n';
import type { Paise } from '../decimal.js';
import type { Doubt, InvoiceLine, InvoiceType, LedgerClass } from './invoice.js';
import { ForeignTotal, type ForeignOfInvoice } from './foreignTotal.js';
import { nameKey } from './invoiceTypeOf.js';
import type { LedgerClassOf } from './ledgerClassOf.js';
import { mapLineDetails } from './mapDetails.js';
import { readAmount, readPercent, readQuantity, readRate } from './values.js';
import type { LedgerLine, StockLine, TaxRate, Voucher, VoucherLine } from './voucher.js';
import type { Bill } from './voucherDetails.js';

/** An amount that cannot be read exactly; the whole voucher is rejected for it. */
export class UnreadableAmount extends Error {}

interface MappedLines {
  lines: InvoiceLine[];
  doubts: Doubt[];
  foreign: ForeignOfInvoice;
  partyBills: Bill[];
}

/** The lines of a voucher in Tally's order, signed and classed by the contract. Throws UnreadableAmount. */
export function mapLines(voucher: Voucher, invoiceType: InvoiceType, classOf: LedgerClassOf): MappedLines {
  const { lines, bothViews } = linesOfOneView(voucher.lines);
  const isParty = partyTest(voucher, lines);
  const sign = signsOf(invoiceType);
  const doubts = new Set<Doubt>(bothViews ? ['both-views'] : []);
  if (hasOddParty(voucher, lines, classOf)) doubts.add('odd-party');
  const foreign = new ForeignTotal(sign);

  const amountOf = (text: string, line: VoucherLine): Paise => {
    const amount = readAmount(text);
    if ('reason' in amount) throw new UnreadableAmount(unreadableAmount(line, amount.reason, text));
    foreign.add(amount, line.kind === 'ledger' && isParty(line));
    if (amount.foreign?.isOdd) doubts.add('unreadable-detail');
    return amount.paise;
  };
  /** A detail that is there but cannot be read stays null with a doubt: it books nothing. */
  const detail = <T>(text: string, read: (text: string) => T | undefined): T | null => {
    if (text === '') return null;
    const value = read(text);
    if (value === undefined) doubts.add('unreadable-detail');
    return value ?? null;
  };

  const ledgerClass = (line: LedgerLine): LedgerClass => {
    if (isRounding(line)) return 'round_off';
    const found = classOf(line.ledgerName);
    if (found.isGuess) doubts.add('unlisted-ledger');
    return found.ledgerClass;
  };

  const mapLedger = (line: LedgerLine): InvoiceLine => {
    const party = isParty(line);
    const amount = amountOf(line.amount, line);
    return {
      lineType: 'ledger',
      ledgerName: line.ledgerName,
      ledgerClass: party ? 'party' : ledgerClass(line),
      itemName: null,
      hsn: line.hsn || null,
      quantity: null,
      unit: null,
      rate: null,
      discountPercent: null,
      gstRate: gstRate(line.taxRates, detail),
      ...mapLineDetails(line),
      amount: amount * (party ? sign.party : sign.others),
    };
  };
  const mapStock = (line: StockLine): InvoiceLine => {
    // A free line has an empty amount of its own; what is booked stands in its allocations.
    const amount =
      line.amount === '' && line.allocations.length > 0
        ? line.allocations.reduce((sum, a) => sum + amountOf(a.amount, line), 0n)
        : amountOf(line.amount, line);
    if (line.amount !== '' && line.allocations.length > 0 && amount !== sumOf(line.allocations))
      doubts.add('allocations');
    const quantity = detail(line.quantity, readQuantity);
    return {
      lineType: 'item',
      ledgerName: line.allocations[0]?.ledgerName ?? null,
      ledgerClass: 'taxable',
      itemName: line.itemName,
      hsn: line.hsn || null,
      quantity: quantity?.quantity ?? null,
      unit: quantity?.unit ?? null,
      rate: detail(line.rate, readRate),
      discountPercent: detail(line.discount, readPercent),
      gstRate: gstRate(line.taxRates, detail),
      ...mapLineDetails(line),
      amount: amount * sign.others,
    };
  };

  const mapped = lines.map((line) => (line.kind === 'ledger' ? mapLedger(line) : mapStock(line)));
  const partyBills = lines.flatMap((line) => (line.kind === 'ledger' && isParty(line) ? line.bills : []));
  return { lines: mapped, doubts: [...doubts], foreign: foreign.ofInvoice(), partyBills };
}

/** Why an invoice is rejected for an amount: the amount itself, quoted, comes last in every language. */
function unreadableAmount(line: VoucherLine, reason: string, amount: string): string {
  const text = JSON.stringify(amount);
  return line.kind === 'ledger'
    ? t('ledger {name}: {reason}: {text}', { name: JSON.stringify(line.ledgerName), reason, text })
    : t('item {name}: {reason}: {text}', { name: JSON.stringify(line.itemName), reason, text });
}

/**
 * Invoice view books on LEDGERENTRIES and stock lines, accounting view on ALLLEDGERENTRIES alone. Where an answer holds
 * both (collections do), their sum would be double. The invoice view says more and is taken if it balances: then it is
 * whole. The accounting view always is (tally.md §1.6).
 */
function linesOfOneView(lines: VoucherLine[]): { lines: VoucherLine[]; bothViews: boolean } {
  const isAccounting = (line: VoucherLine): boolean => line.kind === 'ledger' && line.view === 'accounting';
  const accounting = lines.filter(isAccounting);
  const invoice = lines.filter((line) => !isAccounting(line));
  if (accounting.length === 0 || invoice.length === 0) return { lines, bothViews: false };
  const isWhole = invoice.some((line) => line.kind === 'ledger') && sumOf(invoice) === 0n;
  return { lines: isWhole ? invoice : accounting, bothViews: true };
}

/** Undefined when one of the amounts cannot be read. */
function sumOf(lines: { amount: string }[]): Paise | undefined {
  let sum = 0n;
  for (const line of lines) {
    const amount = readAmount(line.amount);
    if ('reason' in amount) return undefined;
    sum += amount.paise;
  }
  return sum;
}

/** By name, as the party is the line of PARTYLEDGERNAME; ISPARTYLEDGER also marks bank and cash in accounting view. */
function partyTest(voucher: Voucher, lines: VoucherLine[]): (line: LedgerLine) => boolean {
  const ledgers = lines.filter((line) => line.kind === 'ledger');
  const party = nameKey(voucher.partyLedgerName);
  if (party !== '' && ledgers.some((line) => nameKey(line.ledgerName) === party))
    return (line) => nameKey(line.ledgerName) === party;
  const marked = ledgers.find((line) => nameKey(line.isPartyLedger) === 'yes');
  return (line) => line === marked;
}

/**
 * Whether not one line alone is the party's: lines that came twice, or from two vouchers, balance all the same. In 244 of
 * 244 invoices one line has the party's name and is the only one marked; in accounting view bank and cash lines are marked
 * too (tally.md §1.6), so that there only the line of another customer or supplier is odd. A marked line
 * without a name to compare is odd in invoice view; no party line at all is `no-party`.
 */
function hasOddParty(voucher: Voucher, lines: VoucherLine[], classOf: LedgerClassOf): boolean {
  const ledgers = lines.filter((line) => line.kind === 'ledger');
  const party = nameKey(voucher.partyLedgerName);
  const named = ledgers.filter((line) => nameKey(line.ledgerName) === party);
  const marked = ledgers.filter((line) => nameKey(line.isPartyLedger) === 'yes');
  if (party === '') return marked.some((line) => line.view === 'invoice');
  const others = marked.filter((line) => !named.includes(line));
  if (others.length === 0) return named.length > 1;
  return (
    named.length !== 1 ||
    !marked.includes(named[0]!) ||
    others.some((line) => line.view === 'invoice' || classOf(line.ledgerName).isParty)
  );
}

/** From Tally's signs (debit negative) to the contract's: sales and purchases positive, notes negative. */
const signsOf = (invoiceType: InvoiceType): { party: bigint; others: bigint } =>
  invoiceType === 'sales' || invoiceType === 'credit_note' ? { party: -1n, others: 1n } : { party: 1n, others: -1n };

/** TallyPrime marks a round-off line by ROUNDTYPE, ERP 9 class lines by METHODTYPE; most carry neither. */
const isRounding = (line: LedgerLine): boolean =>
  /rounding/i.test(line.roundType) || /total amount rounding/i.test(line.methodType);

/** IGST, or CGST and SGST together; null when no head carries a rate. */
function gstRate(
  rates: TaxRate[],
  detail: (text: string, read: (text: string) => bigint | undefined) => bigint | null,
): bigint | null {
  const rateOf = (head: RegExp): bigint | null => {
    const found = rates.find((rate) => head.test(rate.dutyHead) && rate.rate !== '');
    return found ? detail(found.rate, readPercent) : null;
  };
  const igst = rateOf(/^igst|integrated/i);
  if (igst !== null && igst !== 0n) return igst;
  const central = rateOf(/^cgst|central/i);
  const state = rateOf(/^(sgst|ut)|state tax/i);
  if (central === null && state === null) return igst;
  return (central ?? 0n) + (state ?? 0n);
}
