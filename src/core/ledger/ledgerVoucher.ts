import type { CalendarDate } from '../base/calendar.js';
import type { Paise } from '../base/decimal.js';

/** Increased when the mapping changes what it writes. Rows that an older version loaded then count as changed. */
export const ledgerVersion = 3;

/**
 * One row of fact_voucher with its entries: a voucher of any type, as it stands in the ledgers. All amounts are debit positive,
 * the opposite of Tally's XML (docs/contract.md, "Ledger"). Text is null if Tally has none.
 */
export interface LedgerVoucher {
  voucherId: string;
  alterId: bigint | null;
  masterId: bigint | null;
  voucherType: string;
  /** Tally's own type from which `voucherType` is derived: `sales`, `receipt`, `stock_journal`. */
  baseType: string;
  voucherNumber: string | null;
  date: CalendarDate;
  reference: string | null;
  referenceDate: CalendarDate | null;
  partyName: string | null;
  /** The sum of the debits. */
  amount: Paise;
  isCancelled: boolean;
  isOptional: boolean;
  isPostDated: boolean;
  narration: string | null;
  /** SHA-256 (hex) of ledgerVersion and everything above and below: equal hashes mean equal rows. */
  contentHash: string;
  /**
   * In Tally's order: the ledger lines, then the ledger allocations of stock lines. `line_no` is the index + 1. Empty if the
   * type books nothing, or if the voucher is cancelled.
   */
  entries: LedgerEntry[];
  stock: StockEntry[];
}

export interface LedgerEntry {
  ledgerName: string;
  /** GUID of the ledger; null if Tally's list of ledgers does not have exactly this name. */
  ledgerId: string | null;
  amount: Paise;
  /** `INR`, or the foreign currency as Tally writes it. */
  currency: string;
  /** In ten-thousandths, debit positive; null for rupees, or if unreadable. */
  foreignAmount: bigint | null;
  /** Millionths of a rupee per unit of the currency. */
  exchangeRate: bigint | null;
  bills: BillAllocation[];
  costs: CostAllocation[];
  banks: BankAllocation[];
}

export interface BillAllocation {
  /** Null if Tally's text is empty, or is not one of the four kinds. */
  kind: 'new' | 'against' | 'advance' | 'on_account' | null;
  reference: string | null;
  billDate: CalendarDate | null;
  dueDate: CalendarDate | null;
  /** Null if Tally gives no readable amount. */
  amount: Paise | null;
}

export interface CostAllocation {
  category: string | null;
  costCentre: string;
  amount: Paise | null;
}

export interface BankAllocation {
  transactionType: string | null;
  instrumentNumber: string | null;
  instrumentDate: CalendarDate | null;
  /** When the bank booked the entry; null until then. */
  bankDate: CalendarDate | null;
  amount: Paise | null;
}

/** Goods that move, one row for each batch. */
export interface StockEntry {
  itemName: string;
  itemId: string | null;
  godown: string | null;
  batch: string | null;
  /** `in`, `out`, or `counted`: a physical stock voucher says how much there is. */
  direction: 'in' | 'out' | 'counted';
  /**
   * In ten-thousandths of the unit, negative for `out`; null if unreadable. A line without a quantity has 0, or null if
   * `direction` is `counted`.
   */
  quantity: bigint | null;
  unit: string | null;
  /** Rupees for one unit, in ten-thousandths. */
  rate: bigint | null;
  /** Debit positive, so positive for goods that come in; null if Tally gives no readable amount. */
  amount: Paise | null;
  /** The number that this voucher shares with the note by which the goods moved. */
  trackingNumber: string | null;
}
