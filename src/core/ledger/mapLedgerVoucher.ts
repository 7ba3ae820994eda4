import { createHash } from 'node:crypto';
import { t } from '@vscode/l10n';
import { fromTallyDate, type CalendarDate } from '../base/calendar.js';
import { withDigits, type Paise } from '../base/decimal.js';
import { nameKey } from '../base/names.js';
import type { BaseTypeOf } from '../invoice/classes/invoiceTypeOf.js';
import type { Doubt, Reject, RejectCode } from '../invoice/invoice.js';
import { headOf, noDate, unknownType, wholeNumber } from '../invoice/mapInvoice.js';
import { linesOfOneView, UnreadableAmount } from '../invoice/mapLines.js';
import { fits, isYes, optionalDate } from '../invoice/values/values.js';
import type { Voucher, VoucherLine } from '../invoice/voucher.js';
import { entriesOf } from './entries.js';
import { ledgerVersion, type LedgerEntry, type LedgerVoucher } from './ledgerVoucher.js';
import { stockOf } from './stock.js';

/** How the names of types, ledgers and stock items in a company's vouchers are resolved. */
export interface LedgerRules {
  baseTypeOf: BaseTypeOf;
  /** The GUID of the ledger or stock item with exactly this name; undefined if Tally's list does not have the name. */
  ledgerIdOf: (name: string) => string | undefined;
  itemIdOf: (name: string) => string | undefined;
}

export type LedgerDoubt = Extract<Doubt, 'unbalanced' | 'voucher-detail'>;

export type MappedLedger =
  | { voucher: LedgerVoucher; doubts: LedgerDoubt[] }
  | { reject: Omit<Reject, 'raw'> }
  | { skip: true };

/**
 * The types that book on ledgers. Vouchers of other types may carry lines that look the same and book nothing, for example orders,
 * delivery notes and memoranda (docs/tally.md §9.4, §9.5).
 */
const booking: ReadonlySet<string> = new Set([
  ...['sales', 'purchase', 'credit_note', 'debit_note'],
  ...['receipt', 'payment', 'contra', 'journal', 'payroll'],
]);

/**
 * Maps one voucher of any type to its row and its entries. An unreadable GUID, date, type or amount makes a reject. Deleted
 * vouchers are skipped. A cancelled voucher has no entries.
 */
export function mapLedgerVoucher(voucher: Voucher, rules: LedgerRules): MappedLedger {
  if (isYes(voucher.isDeleted) || isYes(voucher.isDeletedRetained)) return { skip: true };
  const baseType = rules.baseTypeOf(voucher.voucherType);
  const date = fromTallyDate(voucher.date);
  const reject = (field: string, reasonCode: RejectCode, reason: string): MappedLedger => ({
    reject: { ...headOf(voucher), field, reasonCode, reason },
  });
  if (baseType === undefined)
    return reject('VOUCHERTYPENAME', 'voucher-type-unknown', unknownType(voucher.voucherType));
  if (voucher.guid === '') return reject('GUID', 'guid-missing', t('the voucher has no GUID'));
  if (date === undefined) return reject('DATE', 'date-unreadable', noDate(voucher.date));
  try {
    return build(voucher, baseType, date, rules);
  } catch (error) {
    if (error instanceof UnreadableAmount) return reject('AMOUNT', error.code, error.message);
    throw error;
  }
}

function build(voucher: Voucher, baseType: string, date: CalendarDate, rules: LedgerRules): MappedLedger {
  const doubts = new Set<LedgerDoubt>();
  const doubt = (): void => void doubts.add('voucher-detail');
  const isCancelled = isYes(voucher.isCancelled) || nameKey(voucher.action) === 'cancel';
  const { lines } = linesOfOneView(isCancelled ? [] : voucher.lines);
  const entries = booking.has(baseType) ? entriesOf(lines, date, rules.ledgerIdOf, doubt) : [];
  const { debits, balance } = sumsOf(entries);
  if (!fits(debits)) throw new UnreadableAmount('amount-too-large', t('the sums are larger than numeric(18,2) holds'));
  if (balance !== 0n) doubts.add('unbalanced');
  const mapped: Omit<LedgerVoucher, 'contentHash'> = {
    voucherId: voucher.guid,
    alterId: wholeNumber(voucher.alterId),
    masterId: wholeNumber(voucher.masterId),
    voucherType: voucher.voucherType,
    baseType,
    voucherNumber: voucher.voucherNumber || null,
    date,
    reference: voucher.reference || null,
    referenceDate: optionalDate(voucher.referenceDate, doubt),
    partyName: voucher.partyLedgerName || voucher.partyName || null,
    amount: debits,
    isCancelled,
    isOptional: isYes(voucher.isOptional),
    isPostDated: isYes(voucher.isPostDated),
    narration: voucher.narration || null,
    entries,
    stock: stockOf(
      { ...voucher, lines: isCancelled ? [] : stockLines(voucher, lines) },
      baseType,
      rules.itemIdOf,
      doubt,
    ),
  };
  return { voucher: { ...mapped, contentHash: contentHash(mapped) }, doubts: [...doubts] };
}

/**
 * The lines from which the stock is read. Accounting view keeps the goods below the ledger line that they are booked on.
 * Otherwise all lines count, because the lines of one view may lack the stock lines.
 */
const stockLines = (voucher: Voucher, lines: VoucherLine[]): VoucherLine[] =>
  lines.some((line) => line.kind === 'ledger' && line.stockLines.length > 0) ? lines : voucher.lines;

function sumsOf(entries: readonly LedgerEntry[]): { debits: Paise; balance: Paise } {
  let debits = 0n;
  let balance = 0n;
  for (const { amount } of entries) {
    balance += amount;
    if (amount > 0n) debits += amount;
  }
  return { debits, balance };
}

/** SHA-256 (hex) of a voucher as it will be in the warehouse, with the version of this mapping. */
function contentHash(voucher: Omit<LedgerVoucher, 'contentHash'>): string {
  const entries = voucher.entries.map((entry) => ({
    ...withDigits(entry),
    bills: entry.bills.map(withDigits),
    costs: entry.costs.map(withDigits),
    banks: entry.banks.map(withDigits),
  }));
  const text = JSON.stringify([
    ledgerVersion,
    { ...withDigits(voucher), entries, stock: voucher.stock.map(withDigits) },
  ]);
  return createHash('sha256').update(text).digest('hex');
}
