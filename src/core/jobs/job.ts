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

/** What a face gives a job besides the request: configuration, log, progress callback, cancel signal. */
export interface JobContext {
  config: Config;
  logger: Logger;
  signal: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /**
   * The program that runs the job (`cli`, `vscode`); part of the sessions' `application_name`, which names the holder of a
   * lock.
   */
  program: string;
  /**
   * If set, the job does not release the embedded warehouse at its end, but passes the releasing function here. The
   * server stops after the last release.
   */
  leaveLater?: (leave: () => Promise<void>) => void;
  /**
   * The open embedded warehouse that several runs share. Without it each run opens and releases the embedded warehouse itself,
   * which takes time.
   */
  embedded?: Embedded;
}

/** Reported at every phase change and at least at every 100th invoice. */
export interface Progress {
  phase: 'preparing' | 'reading' | 'writing' | 'exporting';
  /** The embedded warehouse is being created, which takes some seconds, but only once. Meanwhile Tally gets no request. */
  makesWarehouse?: boolean;
  /** Only in a check: what the job waits for. `silent-tally`: Tally has not answered for some seconds. */
  checks?: 'tally' | 'silent-tally' | 'warehouse';
  /** Invoices read so far, in a sync also those of older days. */
  invoices: number;
  /** All vouchers Tally has sent so far, in range or not. */
  vouchers: number;
  /** Only in an export: the rows that are in the files so far. `total` and `fraction` then count these rows. */
  rows?: number;
  /** The number of invoices to be read in all, if Tally's voucher index gives it. */
  total?: number;
  /** 0 … 1, by the voucher index or by the bytes of Tally's answer or of a file; absent if neither is known. */
  fraction?: number;
  /**
   * Only while reading: the latest date of the vouchers read. Absent for ranges whose dates may be earlier than the
   * dates shown before, such as the older days of a sync.
   */
  date?: CalendarDate;
  /** Only in a sync of several companies: how many have ended. `invoices` and `vouchers` then count all companies. */
  companies?: { ended: number; total: number };
}

export interface BackfillRequest {
  from: CalendarDate;
  to: CalendarDate;
  dayByDay?: boolean;
  dryRun?: boolean;
  /** The absolute path of a Day Book that was exported on Tally's screen. It is read instead of Tally. */
  file?: string;
  /** Several such files of one company, in any order: Day Books, and files with the masters that they use. */
  files?: string[];
}

export interface ClearAndReloadRequest extends Omit<BackfillRequest, 'file' | 'files'> {
  /**
   * Accepts a result that is empty or has shrunk implausibly, that Tally's list does not prove, or that comes from a Tally
   * without a licence.
   */
  force?: boolean;
}

/** The invoices of one type that Tally has on one day. `total` is the signed sum of total_amount in rupees, e.g. `-1180.00`. */
export interface DayTypeTotal {
  date: CalendarDate;
  invoiceType: InvoiceType;
  invoices: number;
  total: string;
}

/** The result JSON of docs/contract.md. A job gives its remarks as data (`Remark`); core.ts puts them into words. */
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
  /**
   * How many of `invoices` are optional vouchers, which are loaded but are in no register, view or summary. Absent in a dry
   * run, and in a sync that read nothing because nothing had changed.
   */
  optional?: number;
  missing: number;
  rejected: number;
  warnings: Said[];
  /** The dates of the invoices that the warnings name, oldest first; absent if they name none. */
  doubtfulDays?: CalendarDate[];
  durationMs: number;
  days: DayCounts[];
  runId: string;
  byType: DayTypeTotal[];
  /** At most the first 100; `missing` is the whole count. */
  missingInvoices: MissingInvoice[];
  /** Why the run is not proven (exit code 6); null if nothing speaks against it. */
  notProven: Said | null;
  /**
   * Per day: the number of vouchers that are in Tally's list but in no report. Only invoices, or with the stream `ledger` all
   * vouchers.
   */
  holes: Hole[];
  /**
   * The number of vouchers and of invoices in Tally's list of the range. `unchanged` is the number of these invoices that had
   * not changed and were not read again. Null if Tally gave no list, or if its list proves nothing.
   */
  index: { vouchers: number; invoices: number; unchanged: number } | null;
  /** After a sync that compared loaded days with Tally's list: the invoices compared, and the older days read again. */
  older?: { invoices: number; daysReadAgain: number };
  /** With the stream `ledger`: the vouchers of every type, invoices among them. */
  ledger?: LedgerCounts;
  /** After a sync: the date of its checkpoint; null if no sync has set one yet. */
  checkpoint?: CalendarDate | null;
  /**
   * Only after a dry run, unless the warehouse could not be reached: what would be inserted (`missing-here`) or updated
   * (`different`), and what Tally no longer has (`gone-in-tally`): a clear-and-reload removes these rows, a backfill
   * keeps them. At most 100 of each are listed.
   */
  differences?: Differences;
  /** The files that were read instead of Tally. */
  files?: string[];
  /** `empty`, `unreachable`: a dry run that could not compare, and the reason. */
  warehouse: { state: 'compared' } | { state: 'empty' | 'unreachable'; reason: Said };
}

export interface VerifyRequest {
  from: CalendarDate;
  to: CalendarDate;
  /** The most differences to list; default 100. */
  limit?: number;
  /**
   * Compare ids and totals by day and type, and field by field only the days that differ in them. This takes seconds; reading
   * everything takes as long as a load. It proves less: a field that is in no total is not compared.
   */
  totals?: boolean;
}

/**
 * The result of `verify`. The exit code is 6 if there is a difference or the comparison is not proven. `vouchers`, `ledger`,
 * `bills` and `stock` come with the stream `ledger`. Each of the last three is absent if it was not compared; a warning or
 * `openingsNotCompared` then says why.
 */
export interface VerifyResult<Said = string> extends BalanceComparisons {
  command: 'verify';
  company: { name: string; id: string };
  from: CalendarDate;
  to: CalendarDate;
  report: JobResult['report'];
  answered: JobResult['answered'];
  index: JobResult['index'];
  /**
   * The number of invoices of the range in Tally and in the warehouse. Those that the warehouse has marked as missing are left
   * out.
   */
  invoices: { tally: number; warehouse: number };
  /** How many of each kind there are. */
  differences: DifferenceCounts;
  /** The differences by date, at most `limit`. */
  listed: Difference[];
  /** Every day and type that at least one side has, oldest day first. */
  days: VerifiedDay[];
  /**
   * Only in a comparison by totals: the days that were compared by ids and totals, and not field by field, oldest first. Empty
   * if all days had to be compared field by field.
   */
  byTotals?: DateRange[];
  /** Why everything was compared field by field although totals were requested. Not a warning, because that proves more. */
  notByTotals?: Said;
  /**
   * Set if days before the range were never loaded: openings and bills were then not compared. Not a warning, because it is the
   * user's choice not to load them.
   */
  openingsNotCompared?: Said;
  /** The number of vouchers that could not be read. They are not compared, and do not count as differences. */
  rejected: number;
  warnings: Said[];
  notProven: Said | null;
  durationMs: number;
  runId: string;
}

/**
 * The content of an export: the invoices (with their lines in a second file), one register, or one view or function of the
 * stream `ledger`.
 */
export type ExportContent = 'invoices' | 'sales_register' | 'purchase_register' | 'invoice_register' | LedgerContent;
export type LedgerContent = LedgerTable;
export type ExportFormat = 'csv' | 'xlsx' | 'parquet';

export interface ExportRequest {
  from: CalendarDate;
  to: CalendarDate;
  /**
   * The absolute path of the file. With the content `invoices`, the lines go into a second file: `books-lines.csv`
   * beside `books.csv`.
   */
  path: string;
  content?: ExportContent;
  /** Default: by the ending of the path, `.xlsx` or `.parquet`; CSV for any other ending. */
  format?: ExportFormat;
  /** A company's name, in any case, or its GUID. Default: the configured company, else the only one in the warehouse. */
  company?: string;
  /** Whether a CSV file begins with a byte order mark, by which Excel recognizes UTF-8; default true. */
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
  /** A company's name, in any case, or its GUID. Default: every company of the warehouse. */
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
  /** A company's name, in any case, or its GUID. */
  company: string;
  /** Only counts the rows that would be removed. */
  dryRun?: boolean;
}

export interface RemoveCompanyResult {
  command: 'remove-company';
  company: { name: string; id: string };
  dryRun: boolean;
  /** For each table that has rows of the company: how many were removed, or would be. */
  tables: TableCount[];
  durationMs: number;
}

/** The checkpoint of each company and stream, the latest runs (newest first), and the number of rejects of each company. */
export interface Status {
  checkpoints: Checkpoint[];
  runs: LoggedRun[];
  /** The latest run of each company, newest first, if it was requested. */
  latestOfEach?: LoggedRun[];
  rejects: RejectCount[];
  /** Whether the tables are plain, partitioned or distributed; absent if there are none yet. */
  shape?: WarehouseShape;
  /** The folder of the embedded warehouse, if that is used. */
  dataDir?: string;
}

/** The figures of a period by the register of invoices: exact rupees, net of notes. Sales and purchases are never added up. */
export interface SummaryFigures {
  invoices: number;
  /** Optional vouchers: they are loaded, but in no register. The other counts and sums leave them out. */
  optional: number;
  /** Sales less credit notes. */
  netSales: string;
  /** Purchases less debit notes. */
  netPurchases: string;
  daysLoaded: number;
  /** The days of the period, from the beginning of the books up to today, that were never loaded. */
  daysNotLoaded: number;
  /** Loaded days that Tally's list does not, or no longer, prove complete. */
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
  /** The first day of the company's books; null if Tally did not give it. */
  booksFrom: CalendarDate | null;
  /** The last loaded day; null if there is none. */
  upTo: CalendarDate | null;
  years: YearSummary[];
}

/** The companies of the warehouse, the most recently loaded one first. */
export interface WarehouseSummary {
  companies: CompanySummary[];
  /** The id of the configured company; null if the warehouse does not have it. */
  configuredId: string | null;
}

/** The days of one company in the warehouse, oldest first. `company` is null if no company can be shown. */
export interface WarehouseCalendar {
  companies: { id: string; name: string }[];
  company: { id: string; name: string } | null;
  /** The first day of the company's books; null if Tally did not give it. */
  booksFrom: CalendarDate | null;
  days: WarehouseDay[];
}

/** One page of the invoices of a range, and the totals of all invoices that match the filter. */
export interface InvoiceList extends InvoicePage {
  companies: { id: string; name: string }[];
  /** Null if no company can be shown. */
  company: { id: string; name: string } | null;
  /** The requested range, else the last financial year that has an invoice; null if there is none. */
  range: DateRange | null;
  /** Days of the range, up to today, that were never loaded. */
  neverLoaded: number;
}

/**
 * The vouchers that could not be read, those of the latest run first, at most as many as requested. `companies` has the number
 * for each company.
 */
export interface Rejects {
  rejects: StoredReject[];
  companies: RejectCount[];
}

/**
 * The parts of a check, in the order in which they are checked. A part is left out if an earlier part leaves nothing to check.
 */
export type CheckPart = 'tally' | 'company' | 'masters' | 'vouchers' | 'report' | 'warehouse' | 'schema' | 'rights';

/** The result for one part of the setup. If it is not `ok`, `message` says what is wrong, and `remedy` what to do. */
export interface CheckItem {
  part: CheckPart;
  ok: boolean;
  message: string;
  remedy?: string;
  /** The part is fine, but the message says something that the user should know. */
  caution?: true;
  /** The code of the error with which a load would end, if there is one. */
  code?: ErrorCode;
}
