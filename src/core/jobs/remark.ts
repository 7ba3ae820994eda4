import type { CalendarDate, DateRange } from '../base/calendar.js';
import type { Doubt } from '../invoice/invoice.js';
import type { LackingMasters } from '../tally/requests/masters.js';
import type { BillsReport, VoucherReport } from '../tally/requests/requests.js';
import type { KeptMasters } from '../warehouse/records/mastersInUse.js';

/**
 * A message of a run beside its counts, as a code and figures: plain data that can be passed between threads. Dates are
 * `YYYY-MM-DD`, counts are numbers. report/remarks puts each remark into words; jobs never use those words.
 */
export type Remark =
  | VoucherRemark
  | RangeRemark
  | BooksRemark
  | ListRemark
  | CoverageRemark
  | AbsenceRemark
  | ComparisonRemark
  | BalanceRemark
  | ReloadRemark
  | ExportRemark
  | WarehouseRemark;

/** Vouchers that a person should look at. */
export type VoucherRemark =
  /** Vouchers with the same doubt, or deleted invoices, which were left out. `examples` has the first few. */
  | { code: 'doubt'; doubt: Doubt | 'deleted'; isFile: boolean; count: number; examples: Example[] }
  /** Invoices of a file that are older than the warehouse's versions of them. The warehouse keeps its own. */
  | { code: 'older-in-file'; invoices: number }
  /** Invoices that the warehouse has already, classed by masters that the file lacks. The warehouse keeps its own. */
  | { code: 'poorer-in-file'; invoices: number }
  | { code: 'came-twice'; vouchers: number; isFile: boolean }
  /** No voucher of the files could be loaded. */
  | { code: 'all-rejected'; vouchers: number };

/** A voucher by its number, else by its GUID; `date` is null if the voucher has no readable date. */
export interface Example {
  invoice: string;
  date: CalendarDate | null;
}

/** The range differs from the requested or the expected one. */
export type RangeRemark =
  | { code: 'cut-at-today'; to: CalendarDate; today: CalendarDate }
  /** `booksTo` is null if no later part of a split company is known. */
  | { code: 'cut-at-books'; company: string; booksFrom: CalendarDate; booksTo: CalendarDate | null; cut: DateRange }
  /** A sync compared an earlier part of a split company. */
  | { code: 'books-ended'; company: string; to: CalendarDate }
  | { code: 'checkpoint-ahead'; checkpoint: CalendarDate; today: CalendarDate; from: CalendarDate };

/** Remarks about a company and its masters. */
export type BooksRemark =
  | ({ code: 'masters-lacking' } & LackingMasters)
  | { code: 'file-masters-lacking'; kinds: ('voucherTypes' | 'ledgers' | 'groups')[] }
  /** Vouchers whose GUID is another company's; `guid` is the first of these. */
  | { code: 'file-foreign'; vouchers: number; guid: string; company: string }
  /**
   * Tally's counter of changes has moved back; `now` is null if Tally gives none. `days` is the number of days that will be
   * read again.
   */
  | { code: 'counter-went-back'; was: number; now: number | null; days: number }
  | { code: 'education' }
  /** Tally did not give some masters of the stream `ledger`. */
  | { code: 'ledger-masters-lacking'; lacking: LackingLedgerMasters[] }
  /**
   * Openings that are not known. `no-first-day`: Tally does not give the first day of the books. `education`: a Tally without a
   * licence does not accept that day. `not-given`: Tally gave no value.
   */
  | {
      code: 'openings-unknown';
      reason: 'no-first-day' | 'education' | 'not-given';
      ledgers: number;
      bills: number;
      stockItems: number;
    }
  | { code: 'natures-unknown'; groups: string[] }
  /** Masters without a GUID, which therefore have no row in the warehouse. */
  | { code: 'masters-without-id'; masters: number }
  /** Tally's lists lack masters that are in use, so no master of these kinds was removed. */
  | { code: 'masters-kept'; kept: KeptMasters[] };

/**
 * A kind of masters of the stream `ledger` that Tally did not give. `refusal` is Tally's message; null if Tally gave an empty
 * list.
 */
export interface LackingLedgerMasters {
  kind: 'ledger-openings' | 'groups' | 'stock-openings' | 'stock-items' | 'units' | 'cost-centres';
  refusal: string | null;
}

/** The invoices of a day (with the stream `ledger` all its vouchers) that Tally lists and that did not come. */
export interface Hole {
  date: CalendarDate;
  invoices: number;
}

/** Remarks about Tally's list of vouchers, and what it proves. `refusal` is Tally's own message. */
export type ListRemark =
  | { code: 'file-without-list' }
  | { code: 'list-refused'; refusal: string }
  /** Vouchers came that the list leaves out. */
  | { code: 'unlisted'; invoices: number }
  /** Somebody worked in Tally while a first load read parts of the range. */
  | { code: 'changed-while-read' }
  /** Reports left out vouchers that Tally lists. The vouchers that came were compared (`isCompared`) or loaded. */
  | { code: 'left-out'; holes: Hole[]; isCompared: boolean }
  /** Nothing shows that the list holds all of `range`. */
  | { code: 'list-unproven'; range: DateRange; isCompared: boolean }
  /** As `list-unproven`, for a year whose loaded days a sync compares. */
  | { code: 'year-unproven'; range: DateRange }
  /** Tally gave no list of a year whose loaded days a sync compares. */
  | { code: 'year-not-listed'; range: DateRange; refusal: string | null }
  /** Tally gave no ledgers or no groups, so the days that were loaded before cannot be compared. */
  | { code: 'history-not-compared' };

/** How far the dates of the answers cover the range. */
export type CoverageRemark =
  | NothingCovered
  | { code: 'partly-answered'; served: DateRange; asked: DateRange; report: VoucherReport }
  | { code: 'gap-between-files'; gap: DateRange }
  | { code: 'file-partly'; held: DateRange; asked: DateRange };

/**
 * No voucher of the answers lies in the range. This is an error, except in a clear-and-reload: there guardRange
 * decides, unless the reload is forced.
 */
export type NothingCovered =
  | { code: 'nothing-answered'; report: VoucherReport; asked: DateRange }
  | { code: 'other-period'; report: VoucherReport; served: DateRange; asked: DateRange; vouchers: number }
  | { code: 'file-without-dates'; asked: DateRange }
  | { code: 'file-of-other-days'; held: DateRange; asked: DateRange };

/**
 * Counts for a range whose loaded days were compared with Tally's list: vouchers that the warehouse has on these days
 * (`had`), how many of these Tally no longer lists (`lost`), and vouchers that Tally lists in the range (`listed`).
 */
export interface Lost {
  had: number;
  lost: number;
  listed: number;
}

/** Invoices of the warehouse that Tally does not have, and why none was marked as missing. */
export type AbsenceRemark =
  /** A Tally without a licence may only hide them. */
  | { code: 'hidden-perhaps'; invoices: number }
  | { code: 'list-incomplete'; invoices: number }
  /** So many at once look like a mistake. */
  | { code: 'implausibly-gone'; invoices: number; parts: (Lost & { range: DateRange })[] };

/** Remarks about the limits of a comparison. */
export type ComparisonRemark =
  /** Without Tally's list an invoice that is gone may have moved to another date. */
  | { code: 'maybe-redated' }
  | { code: 'loaded-meanwhile'; invoices: number }
  /** A comparison by totals was requested, but everything was compared field by field. */
  | { code: 'not-by-totals'; reason: NotByTotals }
  /** The answer covers only `reached` (null: no day of the range), but the warehouse has invoices on other days. */
  | { code: 'unreached'; invoices: number; range: DateRange; reached: DateRange | null };

/**
 * Why days cannot be compared by totals. `unproven`: Tally's digests (counts and sums of ids by day) were not found right
 * within a week. `report-set`: TALLY_REPORT names a report. `not-given`: Tally does not give digests or totals, or not in a
 * known form. `not-comparable`: the first days whose totals differed had no difference.
 */
export type NotByTotals = 'unproven' | 'report-set' | 'not-given' | 'not-comparable';

/** The kinds of balances that `verify` compares. */
export type Balances = 'ledgers' | 'bills' | 'stock' | 'all';

/** Why balances were not compared, or not from the first day of the books on. */
export type BalanceRemark =
  /** Days of the range were not loaded with the stream `ledger`. */
  | { code: 'ledger-not-loaded'; days: number }
  /**
   * The comparison begins with the range, by Tally's own openings, and bills are not compared. `days` before the range were not
   * loaded with the stream; 0: the warehouse does not have the openings; null: Tally does not give the first day of the books.
   */
  | { code: 'openings-not-compared'; range: DateRange; days: number | null }
  /** The warehouse has the openings of ledgers, but not of stock items. */
  | { code: 'stock-openings-not-compared' }
  /** Nothing shows that Tally's figures are of these days. */
  | { code: 'balances-of-other-days'; of: Balances; range: DateRange }
  | { code: 'balances-not-given'; of: 'ledgers' | 'stock'; refusal: string }
  | { code: 'bills-not-given'; reports: BillsReport[]; refusal: string }
  /** Tally's answer is empty, and the warehouse has open bills. */
  | { code: 'bills-empty'; reports: BillsReport[] };

/** Objections to the result of a clear-and-reload. */
export type ReloadRemark =
  | { code: 'accepted-by-force'; reason: Remark }
  /** `refusal` is the message of the error that the reload would end with. */
  | { code: 'reload-refused'; refusal: string };

export type ExportRemark =
  | { code: 'nothing-to-export'; range: DateRange }
  | { code: 'never-loaded'; range: DateRange; days: number }
  /** As `never-loaded`, for the stream `ledger`. A balance needs all days since the first day of the books. */
  | { code: 'ledger-never-loaded'; range: DateRange; days: number }
  /** The manifest of a company's monthly files cannot be read, so all files were written again. */
  | { code: 'manifest-unreadable'; file: string }
  /** Folders of companies that the warehouse does not have. */
  | { code: 'folders-of-others'; folders: string[] };

/** Why a dry run could not compare; `failure` is the message of the error. */
export type WarehouseRemark =
  | { code: 'no-warehouse' }
  | { code: 'no-tables' }
  | { code: 'warehouse-unreachable'; failure: string };

/** Removes repeated remarks. */
export const distinct = (remarks: readonly Remark[]): Remark[] => [
  ...new Map(remarks.map((remark) => [JSON.stringify(remark), remark])).values(),
];
