import type { CalendarDate, DateRange } from '../base/calendar.js';
import type { Doubt } from '../invoice/invoice.js';
import type { LackingMasters } from '../tally/requests/masters.js';
import type { BillsReport, VoucherReport } from '../tally/requests/requests.js';
import type { KeptMasters } from '../warehouse/records/mastersInUse.js';

/**
 * What a run has to say beside its counts, as a code and figures: plain data that crosses threads. Dates are
 * `YYYY-MM-DD`, counts are numbers. report/remarks puts each into words; jobs never look at those words.
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
  /** Invoices with a doubt about each, or deleted ones, which were left out. `examples` are the first few. */
  | { code: 'doubt'; doubt: Doubt | 'deleted'; isFile: boolean; count: number; examples: Example[] }
  /** Invoices of a file that are older than those of the warehouse, which were kept. */
  | { code: 'older-in-file'; invoices: number }
  /** The warehouse has the same invoices, classed by masters that the file lacks; it keeps its own. */
  | { code: 'poorer-in-file'; invoices: number }
  | { code: 'came-twice'; vouchers: number; isFile: boolean }
  /** No voucher of the files could be loaded. */
  | { code: 'all-rejected'; vouchers: number };

/** A voucher by its number, else by its GUID; `date` is null where it has none that can be read. */
export interface Example {
  invoice: string;
  date: CalendarDate | null;
}

/** The range is not the one that was asked for, or not the one that is expected. */
export type RangeRemark =
  | { code: 'cut-at-today'; to: CalendarDate; today: CalendarDate }
  /** `booksTo` is null where no later part of a split company is known. */
  | { code: 'cut-at-books'; company: string; booksFrom: CalendarDate; booksTo: CalendarDate | null; cut: DateRange }
  /** A sync compared an earlier part of a split company. */
  | { code: 'books-ended'; company: string; to: CalendarDate }
  | { code: 'checkpoint-ahead'; checkpoint: CalendarDate; today: CalendarDate; from: CalendarDate };

/** What could not be known of a company and its masters. */
export type BooksRemark =
  | ({ code: 'masters-lacking' } & LackingMasters)
  | { code: 'file-masters-lacking'; kinds: ('voucherTypes' | 'ledgers' | 'groups')[] }
  /** `guid` is the first of the vouchers whose GUID is another company's. */
  | { code: 'file-foreign'; vouchers: number; guid: string; company: string }
  /** Tally's counter of changes has gone back; `now` is null where Tally gives none. `days` are to be read again. */
  | { code: 'counter-went-back'; was: number; now: number | null; days: number }
  | { code: 'education' }
  /** Tally did not give some masters of the stream `ledger`. */
  | { code: 'ledger-masters-lacking'; lacking: LackingLedgerMasters[] }
  /** Openings that are null. `no-first-day`: Tally does not say when the books begin. */
  | {
      code: 'openings-unknown';
      reason: 'no-first-day' | 'education' | 'not-given';
      ledgers: number;
      bills: number;
      stockItems: number;
    }
  | { code: 'natures-unknown'; groups: string[] }
  /** Masters that have no GUID, and so no row. */
  | { code: 'masters-without-id'; masters: number }
  /** Tally's lists lack masters that are in use, so none of these kinds was removed. */
  | { code: 'masters-kept'; kept: KeptMasters[] };

/** Masters of the stream `ledger` that Tally refused, with its own words; null for an empty list. */
export interface LackingLedgerMasters {
  kind: 'ledger-openings' | 'groups' | 'stock-openings' | 'stock-items' | 'units' | 'cost-centres';
  refusal: string | null;
}

/** Invoices of a day that Tally lists and no report brought. */
export interface Hole {
  date: CalendarDate;
  invoices: number;
}

/** Tally's list of vouchers, and what it proves. `refusal` is Tally's own error in words. */
export type ListRemark =
  | { code: 'file-without-list' }
  | { code: 'list-refused'; refusal: string }
  /** Vouchers came that the list leaves out. */
  | { code: 'unlisted'; invoices: number }
  /** Somebody worked in Tally while a first load read parts of the range. */
  | { code: 'changed-while-read' }
  /** Reports left out what Tally lists; what came was compared (`isCompared`) or loaded. */
  | { code: 'left-out'; holes: Hole[]; isCompared: boolean }
  /** Nothing shows that the list holds all of `range`. */
  | { code: 'list-unproven'; range: DateRange; isCompared: boolean }
  /** The same of a year whose loaded days a sync compares. */
  | { code: 'year-unproven'; range: DateRange }
  /** Tally gave no list of such a year. */
  | { code: 'year-not-listed'; range: DateRange; refusal: string | null }
  /** Without ledgers or groups what was loaded before cannot be compared. */
  | { code: 'history-not-compared' };

/** How the dates of the answers stand to the range. */
export type CoverageRemark =
  | NothingCovered
  | { code: 'partly-answered'; served: DateRange; asked: DateRange; report: VoucherReport }
  | { code: 'gap-between-files'; gap: DateRange }
  | { code: 'file-partly'; held: DateRange; asked: DateRange };

/** Nothing of an answer lies in the range: an error, unless the range is replaced by force. */
export type NothingCovered =
  | { code: 'nothing-answered'; report: VoucherReport; asked: DateRange }
  | { code: 'other-period'; report: VoucherReport; served: DateRange; asked: DateRange; vouchers: number }
  | { code: 'file-without-dates'; asked: DateRange }
  | { code: 'file-of-other-days'; held: DateRange; asked: DateRange };

/**
 * A part of the history: invoices that the warehouse has of it, those of them that Tally does not list, vouchers that it lists.
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

/** What a comparison cannot tell. */
export type ComparisonRemark =
  /** Without Tally's list an invoice that is gone may have moved to another date. */
  | { code: 'maybe-redated' }
  | { code: 'loaded-meanwhile'; invoices: number }
  /** A comparison by totals was asked for, and all was compared field by field instead. */
  | { code: 'not-by-totals'; reason: NotByTotals }
  /** The answer reached over `reached` only (null: nothing of the range), and the warehouse has invoices beyond. */
  | { code: 'unreached'; invoices: number; range: DateRange; reached: DateRange | null };

/**
 * Why days cannot be compared by totals. `unproven`: Tally's digests were not found right within a week. `report-set`: TALLY_REPORT
 * names a report. `not-given`: Tally does not give them, or not in a known form. `not-comparable`: the first days whose totals
 * differed had no difference.
 */
export type NotByTotals = 'unproven' | 'report-set' | 'not-given' | 'not-comparable';

/** What stands on the books and is compared by `verify`. */
export type Balances = 'ledgers' | 'bills' | 'stock' | 'all';

/** Why balances were not compared, or not from the first day of the books on. */
export type BalanceRemark =
  /** Days of the range were not loaded with the stream `ledger`. */
  | { code: 'ledger-not-loaded'; days: number }
  /**
   * `days` before the range were not loaded with the stream; 0: the warehouse does not have the openings; null: Tally does not give the
   * first day of the books. The comparison begins with the range, by Tally's own openings, and bills are not compared.
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

/** What speaks against the result of a clear-and-reload. */
export type ReloadRemark =
  | { code: 'accepted-by-force'; reason: Remark }
  /** `refusal` is the message of the error that the reload would end with. */
  | { code: 'reload-refused'; refusal: string };

export type ExportRemark =
  | { code: 'nothing-to-export'; range: DateRange }
  | { code: 'never-loaded'; range: DateRange; days: number }
  /** The same of the stream `ledger`; a balance needs all days from the first of the books on. */
  | { code: 'ledger-never-loaded'; range: DateRange; days: number }
  /** The manifest of a company's monthly files cannot be read, so all files were written again. */
  | { code: 'manifest-unreadable'; file: string }
  /** Folders of companies that the warehouse does not have. */
  | { code: 'folders-of-others'; folders: string[] };

/** Why a dry run could not compare; `failure` is the error in words. */
export type WarehouseRemark =
  | { code: 'no-warehouse' }
  | { code: 'no-tables' }
  | { code: 'warehouse-unreachable'; failure: string };

/** Removes repeated remarks. */
export const distinct = (remarks: readonly Remark[]): Remark[] => [
  ...new Map(remarks.map((remark) => [JSON.stringify(remark), remark])).values(),
];
