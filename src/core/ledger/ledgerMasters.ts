import type { CalendarDate } from '../base/calendar.js';
import type { Paise } from '../base/decimal.js';

/**
 * The masters of the stream `ledger`, each a row of its table. A value that Tally does not give, or that cannot be read, is
 * null and never 0. Amounts are debit positive.
 */
export interface LedgerMasters {
  ledgers: LedgerRow[];
  openingBills: OpeningBill[];
  voucherTypes: VoucherTypeRow[];
  /** Undefined, like the kinds below: Tally did not give this kind, and its rows in the warehouse stay. */
  groups: GroupRow[] | undefined;
  stockItems: StockItemRow[] | undefined;
  units: UnitRow[] | undefined;
  costCentres: CostCentreRow[] | undefined;
}

/** The nature of a group: where its ledgers belong in the balance sheet, or in the profit and loss. */
export type Nature = 'asset' | 'liability' | 'income' | 'expense';

export interface GroupRow {
  groupId: string;
  name: string;
  /** Null for a primary group. */
  parentName: string | null;
  /** The names from the primary group down to this one: `Current Assets > Sundry Debtors`. */
  path: string;
  primaryName: string;
  /** Null for a group that the user made. */
  reservedName: string | null;
  /** The nearest reserved group: the group itself or one above it; null if there is none. */
  reservedGroup: string | null;
  nature: Nature | null;
  affectsGrossProfit: boolean | null;
  sortPosition: number | null;
}

export interface LedgerRow {
  ledgerId: string;
  name: string;
  /** Null if the group is not known. */
  groupId: string | null;
  /** Null for `Profit & Loss A/c`, the ledger that Tally makes: it has no group. */
  groupName: string | null;
  isBillwise: boolean | null;
  currency: string | null;
  /** The first day of the books; null if Tally does not give it. */
  openingDate: CalendarDate | null;
  openingBalance: Paise | null;
  /**
   * In ten-thousandths of the foreign currency; null for rupees. If set, the rupees of `openingBalance` are Tally's valuation.
   */
  openingForeignAmount: bigint | null;
}

/** A bill that was open when the books began. */
export interface OpeningBill {
  ledgerId: string;
  /** The number of the bill within its ledger, from 1. */
  billNo: number;
  ledgerName: string;
  reference: string;
  billDate: CalendarDate | null;
  dueDate: CalendarDate | null;
  creditPeriod: string | null;
  isAdvance: boolean | null;
  amount: Paise | null;
}

export interface StockItemRow {
  itemId: string;
  name: string;
  groupName: string | null;
  baseUnit: string | null;
  openingDate: CalendarDate | null;
  /** In ten-thousandths of the unit. */
  openingQuantity: bigint | null;
  openingValue: Paise | null;
}

export interface UnitRow {
  unitId: string;
  name: string;
  isSimple: boolean | null;
  /** A compound unit has the bigger unit here, and the smaller one in `additionalUnit`. Both are null for a simple unit. */
  baseUnit: string | null;
  additionalUnit: string | null;
  /** How many smaller units make one bigger unit, in ten-thousandths. */
  conversion: bigint | null;
}

export interface VoucherTypeRow {
  voucherTypeId: string;
  name: string;
  parentName: string | null;
  baseType: string | null;
}

export interface CostCentreRow {
  costCentreId: string;
  name: string;
  parentName: string | null;
  category: string | null;
}
