import type {
  ComparisonText,
  BackfillRequest,
  CalendarRequest,
  CalendarDate,
  CheckItem,
  ClearAndReloadRequest,
  Company,
  Config,
  ErrorCode,
  ExportableCompanies,
  ExportDescription,
  ExportRequest,
  ExportResult,
  InvoiceList,
  InvoiceRequest,
  InvoicesRequest,
  JobResult,
  Logger,
  OpenRequest,
  Progress,
  ReaderAccess,
  RejectsRequest,
  RemoveCompanyRequest,
  RemoveCompanyResult,
  Status,
  VerifyRequest,
  VerifyResult,
  WarehouseCalendar,
  WarehouseSummary,
  WholeInvoice,
  YearDetails,
  YearFiguresRequest,
} from '../../core/core.js';

/** The jobs that the worker runs: what each is asked and what it answers. Plain data only, it crosses threads. */
export interface Jobs {
  sync: { request: undefined; answer: LoadAnswer };
  backfill: { request: BackfillRequest; answer: LoadAnswer };
  clearAndReload: { request: ClearAndReloadRequest; answer: LoadAnswer };
  verify: { request: VerifyRequest; answer: VerifyAnswer };
  /** All that the view shows, by one thread. */
  status: { request: { limit: number; ofEach?: boolean }; answer: Status & { summary: WarehouseSummary } };
  summary: { request: undefined; answer: WarehouseSummary };
  /** Null: nothing was loaded yet. */
  yearFigures: { request: YearFiguresRequest; answer: YearDetails | null };
  calendar: { request: CalendarRequest; answer: WarehouseCalendar };
  invoices: { request: InvoicesRequest; answer: InvoiceList };
  /** Null: the warehouse has it no longer. */
  invoice: { request: InvoiceRequest; answer: TitledInvoice | null };
  /** What could not be read: of every company, or for the details of a run which had `ofRun` of them. */
  rejects: { request: RejectsRequest & { ofRun?: number }; answer: string };
  resetCheckpoint: { request: { companyId: string; stream: string; lastDate: CalendarDate }; answer: undefined };
  exportRange: { request: ExportRequest; answer: { result: ExportResult; place: string; text: string } };
  /** Which companies the warehouse has, and the one that is meant. */
  exportableCompanies: { request: undefined; answer: ExportableCompanies };
  removeCompany: { request: RemoveCompanyRequest; answer: { result: RemoveCompanyResult; text: string } };
  /** Lasts until it is cancelled; the way in comes as `opened`. */
  openForSqlClients: { request: OpenRequest; answer: undefined };
  /** Takes the lasting access of BI tools back. */
  endBiToolsAccess: { request: undefined; answer: undefined };
  check: { request: undefined; answer: CheckItem[] };
  /** The part of a check that is about the warehouse. */
  checkWarehouse: { request: undefined; answer: CheckItem[] };
  companies: { request: undefined; answer: Company[] };
  describeFiles: { request: { files: string[] }; answer: ExportDescription };
}
export type JobName = keyof Jobs;

/** The text is made in the worker, so that the host need not load the core. */
export interface LoadAnswer {
  result: JobResult;
  /** The one sentence that says what happened. */
  closing: string;
  /** Plain text of several lines: the report of a dry run, else the account of the run. */
  text: string;
}

export interface VerifyAnswer extends ComparisonText {
  result: VerifyResult;
}

export interface TitledInvoice extends WholeInvoice {
  /** What the columns that have a value are called. */
  titles: Record<string, string>;
}

export type LogLevel = keyof Logger;

/** Host to worker. The config holds the warehouse URL: it travels in this message alone. */
export type ToWorker =
  | { [N in JobName]: Order<N> }[JobName]
  | { type: 'cancel'; id: number }
  /** No job follows, so the embedded warehouse is not kept open any longer. */
  | { type: 'leave' };

export interface Order<N extends JobName = JobName> {
  type: 'run';
  /** The number of the job in its thread. */
  id: number;
  job: N;
  request: Jobs[N]['request'];
  config: Config;
  logLevels: LogLevel[];
  /** Stay in the embedded warehouse after the answer, so that its server goes on for the next job. */
  stays: boolean;
}

/** Worker to host. `answer` or `failure` is the last message of a job. `left` is the answer to `leave`. */
export type FromWorker = { type: 'log'; level: LogLevel; message: string } | { type: 'left' } | OfJob;

/** What a worker says of the job with this number. */
export type OfJob = { id: number } & (
  | { type: 'progress'; progress: Progress }
  /** The warehouse is open to SQL clients. Holds a password: it travels in this message alone. */
  | { type: 'opened'; access: ReaderAccess }
  | { type: 'answer'; answer: Jobs[JobName]['answer'] }
  | {
      type: 'failure';
      code: ErrorCode;
      message: string;
      hint: string;
      setting: string | undefined;
      warnings: readonly string[];
      trace: string;
    }
);
