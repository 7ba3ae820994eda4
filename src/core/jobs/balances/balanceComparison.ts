import type { DateRange } from '../../base/calendar.js';
import type { UnbalancedVouchers } from '../../warehouse/read/unbalancedVouchers.js';

// Amounts are rupees as text, quantities have four decimals. Balances and bills are debit positive, as in the tables.

/** Since when a difference stands: from the opening balance on, or from a day of these. Null: not looked for. */
export type Since = 'opening' | DateRange | null;

/** What was booked on a ledger, debits and credits both positive. Null where Tally gives balances alone. */
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

/** The balances and totals of each ledger, by Tally and by the warehouse's openings and entries. */
export interface LedgerComparison extends DateRange {
  /** The openings were compared too; else those of Tally count on both sides. */
  openings: boolean;
  /** Debits and credits were compared too; else Tally gives balances alone. */
  totals: boolean;
  /** How many ledgers were compared. */
  compared: number;
  differences: number;
  /** At most as many as asked for, by name. */
  listed: LedgerDifference[];
  /** Ledgers with amounts in a foreign currency, which cannot be compared. */
  foreign: string[];
  /** Ledgers of which one side has no balance that can be compared. */
  untold: string[];
}

/** What is open of a bill on each side; `0.00` where nothing is. */
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
  /** At most as many as asked for, by ledger and reference. */
  listed: BillDifference[];
  /** Bills that differ and cannot be compared: in a foreign currency, or with an amount that could not be read. */
  notCompared: { ledger: string; reference: string; reason: 'foreign' | 'unreadable' }[];
}

/** Why the quantity of an item cannot be told from its movements. */
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
  /** As of ledgers. */
  openings: boolean;
  compared: number;
  differences: number;
  /** At most as many as asked for, by item. */
  listed: StockDifference[];
  notCompared: { item: string; reason: StockReason }[];
}

/**
 * The vouchers of the range whose entries do not add up to 0 in the warehouse. Tally is not asked. A load keeps such a voucher of
 * Tally's, with a warning (ledger/mapLedgerVoucher); vouchers of types that book nothing have no entries.
 */
export interface VoucherComparison extends DateRange, UnbalancedVouchers {}

export interface BalanceComparisons {
  ledger?: LedgerComparison;
  bills?: BillComparison;
  stock?: StockComparison;
  vouchers?: VoucherComparison;
}
