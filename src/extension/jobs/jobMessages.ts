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

/** The jobs that the worker runs, with their requests and answers. Plain data only, because they cross threads. */
export interface Jobs {
  sync: { request: undefined; answer: LoadAnswer };
  backfill: { request: BackfillRequest; answer: LoadAnswer };
  clearAndReload: { request: ClearAndReloadRequest; answer: LoadAnswer };
  verify: { request: VerifyRequest; answer: VerifyAnswer };
  /** Everything that the view shows, in one answer. */
  status: { request: { limit: number; ofEach?: boolean }; answer: Status & { summary: WarehouseSummary } };
  summary: { request: undefined; answer: WarehouseSummary };
  /** Null: nothing was loaded yet. */
  yearFigures: { request: YearFiguresRequest; answer: YearDetails | null };
  calendar: { request: CalendarRequest; answer: WarehouseCalendar };
  invoices: { request: InvoicesRequest; answer: InvoiceList };
  /** Null: the warehouse no longer has the invoice. */
  invoice: { request: InvoiceRequest; answer: TitledInvoice | null };
  /** A text about rejected vouchers: the whole list; with `ofRun`, those of a run that rejected `ofRun` vouchers. */
  rejects: { request: RejectsRequest & { ofRun?: number }; answer: string };
  resetCheckpoint: { request: { companyId: string; stream: string; lastDate: CalendarDate }; answer: undefined };
  exportRange: { request: ExportRequest; answer: { result: ExportResult; place: string; text: string } };
  /** The companies of the warehouse, and the one that is meant if nobody names one. */
  exportableCompanies: { request: undefined; answer: ExportableCompanies };
  removeCompany: { request: RemoveCompanyRequest; answer: { result: RemoveCompanyResult; text: string } };
  /** Lasts until it is cancelled. The message `opened` has the address and the password. */
  openForSqlClients: { request: OpenRequest; answer: undefined };
  /** Ends the lasting access of BI tools. The next access has another password. */
  endBiToolsAccess: { request: undefined; answer: undefined };
  check: { request: undefined; answer: CheckItem[] };
  /** The part of a check that is about the warehouse. */
  checkWarehouse: { request: undefined; answer: CheckItem[] };
  companies: { request: undefined; answer: Company[] };
  describeFiles: { request: { files: string[] }; answer: ExportDescription };
}
export type JobName = keyof Jobs;

/** The worker makes the texts, so that the host does not load the core. */
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
  /** The title of each column that has a value. */
  titles: Record<string, string>;
}

export type LogLevel = keyof Logger;

/** Host to worker. Only the message `run` has the config, which holds the warehouse URL. */
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
  /** Keep the server of the embedded warehouse running after the answer, for the next job. */
  stays: boolean;
}

/** Worker to host. `answer` or `failure` is the last message of a job. `left` is the answer to `leave`. */
export type FromWorker = { type: 'log'; level: LogLevel; message: string } | { type: 'left' } | OfJob;

/** A message about the job with this number. */
export type OfJob = { id: number } & (
  | { type: 'progress'; progress: Progress }
  /** The warehouse is open to SQL clients. No other message has their password. */
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
