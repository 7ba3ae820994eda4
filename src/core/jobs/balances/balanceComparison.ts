import type { DateRange } from '../../base/calendar.js';
import type { UnbalancedVouchers } from '../../warehouse/read/unbalancedVouchers.js';

// Amounts are rupees as text, quantities have four decimals. Balances and bills are debit positive, as in the tables.

/**
 * When a difference began: with the opening balance, or on one of these days. Null: not looked for, or Tally answered for other
 * days.
 */
export type Since = 'opening' | DateRange | null;

/** The figures of a ledger, debits and credits both positive. These two are null if Tally gives only balances. */
export interface LedgerSides {
  opening: string;
  debits: string | null;
  credits: string | null;
  closing: string;
}

export interface LedgerDifference {
  ledger: string;
  tally: LedgerSides;
  warehouse: LedgerSides;
  since: Since;
}

/** The balances and totals of the ledgers, in Tally and by the warehouse's openings and entries. */
export interface LedgerComparison extends DateRange {
  /** True if the openings were compared too; otherwise Tally's openings count on both sides. */
  openings: boolean;
  /** True if debits and credits were compared too; otherwise Tally gives only balances. */
  totals: boolean;
  /** How many ledgers were compared. */
  compared: number;
  differences: number;
  /** The first differences by name, at most the requested number. */
  listed: LedgerDifference[];
  /** Ledgers with amounts in a foreign currency, which cannot be compared. */
  foreign: string[];
  /** Ledgers that were not compared: Tally gives no balance, or the warehouse has no opening balance. */
  untold: string[];
}

/** The open amount of a bill on each side; `0.00` if the bill is settled or absent there. */
export interface BillDifference {
  ledger: string;
  reference: string;
  tally: string;
  warehouse: string;
  since: Since;
  /** The bill was open when the books began, so its opening may be what differs. */
  wasOpen?: true;
}

/** The bills that are open at the end of a day, by ledger and reference. */
export interface BillComparison {
  on: string;
  compared: number;
  differences: number;
  /** The first differences by ledger and reference, at most the requested number. */
  listed: BillDifference[];
  /** Bills that differ and cannot be compared: in a foreign currency, or with an amount that could not be read. */
  notCompared: { ledger: string; reference: string; reason: 'foreign' | 'unreadable' }[];
}

/** Why an item was not compared (compareStock.ts). */
export type StockReason = 'counted' | 'tracked' | 'units' | 'unreadable';

export interface StockDifference {
  item: string;
  unit: string | null;
  tally: { opening: string; closing: string };
  warehouse: { opening: string; closing: string };
  since: Since;
}

/** The quantity of each stock item before and after a range; values are never compared. */
export interface StockComparison extends DateRange {
  /** As in LedgerComparison. */
  openings: boolean;
  compared: number;
  differences: number;
  /** The first differences by item, at most the requested number. */
  listed: StockDifference[];
  notCompared: { item: string; reason: StockReason }[];
}

/**
 * The vouchers of the range whose entries in the warehouse do not add up to 0. Tally is not asked. If a voucher does not add up in
 * Tally, a load keeps it as it is and warns (ledger/mapLedgerVoucher). Types that book nothing have no entries.
 */
export interface VoucherComparison extends DateRange, UnbalancedVouchers {}

export interface BalanceComparisons {
  ledger?: LedgerComparison;
  bills?: BillComparison;
  stock?: StockComparison;
  vouchers?: VoucherComparison;
}
