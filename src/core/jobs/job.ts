import type { CalendarDate, DateRange } from '../base/calendar.js';
import type { Failure } from '../base/companyEnd.js';
import type { Config } from '../base/config.js';
import type { ErrorCode } from '../base/errors.js';
import type { InvoiceType } from '../invoice/invoice.js';
import type { Logger } from '../base/logger.js';
import type { Company } from '../tally/requests/companies.js';
import type { Embedded } from '../warehouse/embedded/embedded.js';
import type { LedgerTable } from '../warehouse/read/exportLedger.js';
import type { TypeTotal, WarehouseDay } from '../warehouse/read/calendar.js';
import type { WarehouseShape } from '../warehouse/postgres/shape.js';
import type { Checkpoint } from '../warehouse/records/checkpoints.js';
import type {
  CountAndTotal,
  Counts,
  DayCounts,
  Difference,
  DifferenceCounts,
  Differences,
  FieldDifference,
  LedgerCounts,
  MissingInvoice,
  VerifiedDay,
} from '../warehouse/read/comparison.js';
import type { InvoiceAmounts, InvoicePage, ListedInvoice, NetTotals } from '../warehouse/read/invoiceList.js';
import type { InvoiceFilter, InvoiceOrder, RegisterFilter } from '../warehouse/read/registerFilter.js';
import type { WholeInvoice } from '../warehouse/read/wholeInvoice.js';
import type { RejectCount, StoredReject } from '../warehouse/records/rejects.js';
import type { TableCount } from '../warehouse/records/removeCompany.js';
import type { LoggedRun } from '../warehouse/records/runLogs.js';
import type { BalanceComparisons } from './balances/balanceComparison.js';
import type { Hole } from './remark.js';

export type {
  InvoiceType,
  Checkpoint,
  Company,
  LoggedRun,
  Counts,
  DayCounts,
  Hole,
  MissingInvoice,
  RejectCount,
  StoredReject,
  TableCount,
  TypeTotal,
  WarehouseDay,
};
export type { InvoiceAmounts, InvoiceFilter, InvoiceOrder, ListedInvoice, NetTotals, RegisterFilter, WholeInvoice };
export type { CountAndTotal, Difference, DifferenceCounts, Differences, FieldDifference, VerifiedDay };

/** What a face hands to a job. Data goes in here, progress comes back by the callback, cancellation by the signal. */
export interface JobContext {
  config: Config;
  logger: Logger;
  signal: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /** Who runs the job, for the lock's holder: `cli`, `vscode`. */
  program: string;
  /**
   * Is given what the job would do at its end: leave the embedded warehouse, whose server then stops unless another program uses
   * it.
   */
  leaveLater?: (leave: () => Promise<void>) => void;
  /** The open embedded warehouse that several runs share. Without it each run opens a session of its own, and takes time to leave. */
  embedded?: Embedded;
}

/** Reported at every phase change and at least at every 100th invoice. */
export interface Progress {
  phase: 'preparing' | 'reading' | 'writing' | 'exporting';
  /** The embedded warehouse is being made, which takes seconds once: nothing has been asked of Tally meanwhile. */
  makesWarehouse?: boolean;
  /** Of a check alone: what it waits for. `silent-tally`: Tally, which has not answered for some seconds. */
  checks?: 'tally' | 'silent-tally' | 'warehouse';
  /** Invoices of the range read so far. */
  invoices: number;
  /** All vouchers Tally has sent so far, in range or not. */
  vouchers: number;
  /** Of an export alone: rows of the warehouse that are in its files so far; `total` and `fraction` are of these. */
  rows?: number;
  /** Invoices to be read in all, where Tally's voucher index says it. */
  total?: number;
  /** 0 … 1, by the voucher index or by the bytes of Tally's answer; absent when neither is known. */
  fraction?: number;
  /** The latest date of the invoices read; absent while days before it are read again. */
  date?: CalendarDate;
  /** Only in a sync of several companies: how many have ended. `invoices` and `vouchers` then count all companies. */
  companies?: { ended: number; total: number };
}

export interface BackfillRequest {
  from: CalendarDate;
  to: CalendarDate;
  dayByDay?: boolean;
  dryRun?: boolean;
  /** The absolute path of a Day Book that was exported on Tally's screen, to be read in Tally's stead. */
  file?: string;
  /** Several such files of one company, in any order: Day Books, and the masters that explain them. */
  files?: string[];
}

export interface ClearAndReloadRequest extends Omit<BackfillRequest, 'file' | 'files'> {
  /** Accepts a result that is empty or has shrunk implausibly. */
  force?: boolean;
}

/** What Tally has of one invoice type on one day; `total` is the signed sum of total_amount in rupees, e.g. `-1180.00`. */
export interface DayTypeTotal {
  date: CalendarDate;
  invoiceType: InvoiceType;
  invoices: number;
  total: string;
}

/**
 * The result JSON of docs/contract.md; keys below `days` are additions. A job says its remarks as data (`Remark`); core.ts
 * puts them into words.
 */
export interface JobResult<Said = string> extends Counts {
  command: 'sync' | 'backfill' | 'clear-and-reload';
  company: { name: string; id: string };
  from: CalendarDate;
  to: CalendarDate;
  dryRun: boolean;
  dayByDay: boolean;
  report: 'Day Book' | 'Voucher Register' | 'Voucher Collection';
  /** The vouchers of Tally's answer, of any kind, and the span of their dates. */
  answered: { vouchers: number; from: CalendarDate | null; to: CalendarDate | null };
  /** Of `invoices`: optional vouchers, which are loaded and are in no register, view or summary. Absent in a dry run. */
  optional?: number;
  missing: number;
  rejected: number;
  warnings: Said[];
  /** The dates of the invoices that the warnings name, oldest first; absent where they name none. */
  doubtfulDays?: CalendarDate[];
  durationMs: number;
  days: DayCounts[];
  runId: string;
  byType: DayTypeTotal[];
  /** At most the first 100; `missing` is the whole count. */
  missingInvoices: MissingInvoice[];
  /** Why the run is not proven (exit code 6), or null: the range was covered as far as can be told. */
  notProven: Said | null;
  /** How many vouchers of each day Tally lists and its reports left out: invoices, with the stream `ledger` all vouchers. */
  holes: Hole[];
  /**
   * What Tally lists of the range, and how many of its invoices were loaded before and not read again; null: it gave no list, or
   * none that proves anything.
   */
  index: { vouchers: number; invoices: number; unchanged: number } | null;
  /**
   * After a sync that held what had been loaded against Tally's list: how many invoices, and how many days before its own range
   * it read again.
   */
  older?: { invoices: number; daysReadAgain: number };
  /** With the stream `ledger`: the vouchers of every type, invoices among them. */
  ledger?: LedgerCounts;
  /** After a sync: the date its checkpoint stands at, null where it could not be set. */
  checkpoint?: CalendarDate | null;
  /**
   * Of a dry run that could compare: what would be inserted (`missing-here`), updated (`different`), removed or kept
   * (`gone-in-tally`); at most 100 of each are listed.
   */
  differences?: Differences;
  /** The files that were read in Tally's stead. */
  files?: string[];
  /** `compared`: counts are against the warehouse; else a dry run without one, and why. */
  warehouse: { state: 'compared' } | { state: 'empty' | 'unreachable'; reason: Said };
}

export interface VerifyRequest {
  from: CalendarDate;
  to: CalendarDate;
  /** The most differences to list; default 100. */
  limit?: number;
  /**
   * Compare ids and totals by day and type, and field by field only the days that differ in them: seconds, where reading all takes as
   * long as a load. It proves less: a field that is in no total is not compared.
   */
  totals?: boolean;
}

/**
 * What `verify` found: exit code 6 where a difference was found or the comparison is not proven. `vouchers`, `ledger`, `bills` and
 * `stock` come with the stream `ledger`; one of the last three is absent where it was not compared, which a warning then says.
 */
export interface VerifyResult<Said = string> extends BalanceComparisons {
  command: 'verify';
  company: { name: string; id: string };
  from: CalendarDate;
  to: CalendarDate;
  report: JobResult['report'];
  answered: JobResult['answered'];
  index: JobResult['index'];
  /** Invoices of the range in Tally and in the warehouse (those that it knows as gone in Tally are left out). */
  invoices: { tally: number; warehouse: number };
  /** How many of each kind there are. */
  differences: DifferenceCounts;
  /** At most as many as asked for, by date. */
  listed: Difference[];
  /** Every day and type that either side has, oldest first. */
  days: VerifiedDay[];
  /**
   * Of a comparison by totals alone: the days that were compared by ids and totals and not field by field, oldest first; none where
   * all had to be compared field by field.
   */
  byTotals?: DateRange[];
  /** Why all was compared field by field although totals were asked for. No warning: that proves more. */
  notByTotals?: Said;
  /** Why openings and bills were left out, where the days before were never loaded. No warning: that is the user's choice. */
  openingsNotCompared?: Said;
  /** Vouchers that could not be read: they are no difference, and not compared. */
  rejected: number;
  warnings: Said[];
  notProven: Said | null;
  durationMs: number;
  runId: string;
}

/** The content of an export: the invoices and, in a second file, their lines; one register; or of the ledger one view or function. */
export type ExportContent = 'invoices' | 'sales_register' | 'purchase_register' | 'invoice_register' | LedgerContent;
export type LedgerContent = LedgerTable;
export type ExportFormat = 'csv' | 'xlsx' | 'parquet';

export interface ExportRequest {
  from: CalendarDate;
  to: CalendarDate;
  /** The absolute path of the file; that of the lines stands beside it, as `books-lines.csv` beside `books.csv`. */
  path: string;
  content?: ExportContent;
  /** Absent: by the path's ending, `.xlsx`, `.parquet` or anything else. */
  format?: ExportFormat;
  /** A name, in any case, or GUID; absent: the configured company, else the only one that the warehouse has. */
  company?: string;
  /** A CSV file begins with the mark by which Excel knows UTF-8; default true. */
  byteOrderMark?: boolean;
  /** Only for `invoice_register`: which invoices, and in which order. */
  filter?: RegisterFilter;
  order?: InvoiceOrder;
}

export interface ExportedFile {
  path: string;
  table: ExportContent | 'lines';
  rows: number;
  bytes: number;
}

export interface ExportResult<Said = string> {
  command: 'export';
  company: { name: string; id: string };
  from: CalendarDate;
  to: CalendarDate;
  content: ExportContent;
  format: ExportFormat;
  files: ExportedFile[];
  warnings: Said[];
  durationMs: number;
}

export interface PartitionedExportRequest {
  /** The absolute path of the folder, which is created if it is missing. */
  folder: string;
  /** A name, in any case, or GUID; absent: every company of the warehouse. */
  company?: string;
}

/** A company's files: how many months were written, left unchanged and deleted, and how much all its files contain. */
export interface CompanyFiles {
  /** The absolute path of the company's folder. */
  folder: string;
  written: number;
  unchanged: number;
  removed: number;
  invoices: number;
  lines: number;
  bytes: number;
}

/** How the export of one company ended: with its files or with an error. */
export type PartitionedCompany = { company: { name: string; id: string } } & (
  | (CompanyFiles & { error?: undefined })
  | ({ error: Failure } & { [field in keyof CompanyFiles]?: undefined })
);

export interface PartitionedExportResult<Said = string> {
  command: 'export';
  folder: string;
  companies: PartitionedCompany[];
  warnings: Said[];
  durationMs: number;
}

export interface RemoveCompanyRequest {
  /** A name, in any case, or GUID. */
  company: string;
  /** Counts what would be removed. */
  dryRun?: boolean;
}

export interface RemoveCompanyResult {
  command: 'remove-company';
  company: { name: string; id: string };
  dryRun: boolean;
  /** The rows that were removed, or that would be, of each table that has any. */
  tables: TableCount[];
  durationMs: number;
}

/** How far each sync has come, the latest runs on record, newest first, and the companies that have rejects. */
export interface Status {
  checkpoints: Checkpoint[];
  runs: LoggedRun[];
  /** The latest run of each company, newest first, where it was asked for. */
  latestOfEach?: LoggedRun[];
  rejects: RejectCount[];
  /** Whether the tables are plain, partitioned or distributed; absent if there are none yet. */
  shape?: WarehouseShape;
  /** The folder of the embedded warehouse, where that is used. */
  dataDir?: string;
}

/** Figures of a period as the register of invoices has them: exact rupees, net of notes. Sales and purchases have no common sum. */
export interface SummaryFigures {
  invoices: number;
  /** Optional vouchers, which were loaded and are in no register: they are not counted, nor are their amounts. */
  optional: number;
  /** Sales less credit notes. */
  netSales: string;
  /** Purchases less debit notes. */
  netPurchases: string;
  daysLoaded: number;
  /** Days since the beginning of the books, up to today, that were never loaded. */
  daysNotLoaded: number;
  /** Loaded days of which Tally's list proves nothing, or no longer. */
  daysNotProven: number;
}

export interface MonthSummary extends SummaryFigures, DateRange {}

/** A financial year, `2024-25`, with its months up to today, oldest first. */
export interface YearSummary extends SummaryFigures, DateRange {
  name: string;
  months: MonthSummary[];
}

/** A company with its financial years, newest first. */
export interface CompanySummary extends SummaryFigures {
  id: string;
  name: string;
  /** ISO 8601. */
  lastLoadedAt: string;
  /** The first day of its books; null: Tally did not say. */
  booksFrom: CalendarDate | null;
  /** The last loaded day; null: none is. */
  upTo: CalendarDate | null;
  years: YearSummary[];
}

/** What the warehouse has: the company that was loaded last comes first. */
export interface WarehouseSummary {
  companies: CompanySummary[];
  /** The id of the configured company, where the warehouse has it. */
  configuredId: string | null;
}

/** What the warehouse has of one company, day by day, oldest first; `company` is null where it has none. */
export interface WarehouseCalendar {
  companies: { id: string; name: string }[];
  company: { id: string; name: string } | null;
  /** The first day of its books, as far as Tally said it. */
  booksFrom: CalendarDate | null;
  days: WarehouseDay[];
}

/** Some invoices of a range of one company, and what all that the filter lets through come to. */
export interface InvoiceList extends InvoicePage {
  companies: { id: string; name: string }[];
  /** Null where the warehouse has none. */
  company: { id: string; name: string } | null;
  /** The range asked for, else the last financial year that has an invoice; null where there is none. */
  range: DateRange | null;
  /** Days of the range, up to today, that were never loaded. */
  neverLoaded: number;
}

/**
 * The vouchers that could not be read, those of the latest run first: at most as many as asked for, and how many of each company
 * there are.
 */
export interface Rejects {
  rejects: StoredReject[];
  companies: RejectCount[];
}

/** What a check looks at, in this order. A part is left out where the parts before it leave nothing to look at. */
export type CheckPart = 'tally' | 'company' | 'masters' | 'vouchers' | 'report' | 'warehouse' | 'schema' | 'rights';

/** One part of the setup: fine, or what is wrong (`message`) and what to do (`remedy`). */
export interface CheckItem {
  part: CheckPart;
  ok: boolean;
  message: string;
  remedy?: string;
  /** Fine, and yet the message says something that is worth knowing. */
  caution?: true;
  /** Where it is an error that a load would end with: its code. */
  code?: ErrorCode;
}
