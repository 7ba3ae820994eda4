import { randomUUID } from 'node:crypto';
import type { Memento } from 'vscode';
import type { CalendarDate, DateRange } from '../../core/base/calendar.js';
import { nameKey } from '../../core/base/names.js';
import type { ErrorCode } from '../../core/core.js';
import type { LoadOfBooks } from '../jobs/load.js';
import type { TextDocument } from '../pages/textDocuments.js';
import type { GivenRange } from '../settings/booksInUse.js';

/** A run of this or an earlier window, with a row in the view. Only a sync also has a row in the warehouse. Plain data, for storage. */
export interface OwnRun {
  kind: 'ownRun';
  id: string;
  job: 'sync' | 'backfill' | 'clearAndReload' | 'verify' | 'dryRun';
  range?: DateRange | undefined;
  /** The request that runs it again. */
  again: { load: LoadOfBooks } | { verify: GivenRange };
  inDemo: boolean;
  /** The warehouse, as `placeKey` names it: without a secret. */
  place: string;
  /** When it began, ISO 8601. */
  at: string;
  status: 'running' | 'ok' | 'warning' | 'error' | 'cancelled';
  percent?: number | undefined;
  durationMs: number;
  outcome?: Outcome;
  isDismissed?: boolean;
}

/** How a run ended. */
export interface Outcome {
  status: Exclude<OwnRun['status'], 'running'>;
  /** A few words for the row. */
  short: string;
  /** The error, if there is one, and the warnings: what may need attention. */
  concerns: string[];
  company?: { id: string; name: string };
  /** The days that the concerns name, oldest first. Absent if they do not name days. */
  days?: CalendarDate[];
  runId?: string;
  errorCode?: ErrorCode;
  /** The whole account: a comparison, the report of a dry run, what a load did, or the error. */
  document: TextDocument;
  /** The document has only the concerns, because newer reports are kept. */
  isShortened?: true;
}

/** The company of a run as Tally named it, else as it was asked for. Undefined: the configured or open one. */
export function companyOfRun({ outcome, again }: OwnRun): string | undefined {
  return outcome?.company?.name ?? askedCompany({ again });
}

/** The company that a run was asked for by name. Undefined: the configured or open one. */
export const askedCompany = ({ again }: Pick<OwnRun, 'again'>): string | undefined =>
  'load' in again ? again.load.books.company : again.verify.company;

export const isOfCompany = (company: string | null | undefined, other: string | undefined): boolean =>
  other !== undefined && company != null && nameKey(company) === nameKey(other);

const mostKept = 20;
/** The most reports that are kept. A report may be long, and each change writes all of them. */
const reportsKept = 5;

/** The runs of this window and the ended runs of earlier windows of the workspace, newest first. */
export class RunHistory {
  private runs: OwnRun[];
  private readonly cancels = new Map<OwnRun, AbortController>();

  constructor(
    private readonly state: Memento,
    private readonly changed: (change: 'progress' | 'rows') => void,
  ) {
    this.runs = state.get<OwnRun[]>('runs', []);
  }

  /** The runs on one warehouse. */
  of(inDemo: boolean, place: string): OwnRun[] {
    return this.runs.filter((run) => run.inDemo === inDemo && run.place === place);
  }

  /** The documents of ended runs, earlier windows included. An editor tab that VS Code restores shows its document again. */
  documents(): TextDocument[] {
    return this.runs.flatMap(({ outcome }) => (outcome ? [outcome.document] : []));
  }

  /** Whether a load is running. The menus then offer no other load. */
  get isLoading(): boolean {
    return this.runs.some(({ status, job }) => status === 'running' && job !== 'verify' && job !== 'dryRun');
  }

  begin(given: Pick<OwnRun, 'job' | 'range' | 'again' | 'inDemo' | 'place'>): { run: OwnRun; signal: AbortSignal } {
    const at = new Date().toISOString();
    const run: OwnRun = { ...given, kind: 'ownRun', id: randomUUID(), at, status: 'running', durationMs: 0 };
    const cancel = new AbortController();
    this.cancels.set(run, cancel);
    this.runs.unshift(run);
    this.changed('rows');
    return { run, signal: cancel.signal };
  }

  progress(run: OwnRun, percent: number | undefined): void {
    if (run.percent === percent) return;
    run.percent = percent;
    this.changed('progress');
  }

  end(run: OwnRun, outcome: Outcome): void {
    Object.assign(run, { status: outcome.status, outcome, durationMs: Date.now() - Date.parse(run.at) });
    this.cancels.delete(run);
    // A sync is also a row of etl_logs, so an earlier one that ended well need not be kept here. etl_logs lacks warnings, so
    // other syncs are kept until the next sync of the same company into the same warehouse.
    const isReplaced = (one: OwnRun): boolean =>
      one.status === 'ok' || (isSameCompany(one, run) && one.place === run.place && one.inDemo === run.inDemo);
    if (run.job === 'sync')
      this.runs = this.runs.filter((one) => one === run || one.job !== 'sync' || isOn(one) || !isReplaced(one));
    this.keep();
  }

  cancel(run: OwnRun): void {
    this.cancels.get(run)?.abort();
  }

  /** Removes a run from the group Needs Attention. Its row among the runs stays. */
  dismiss(run: OwnRun): void {
    run.isDismissed = true;
    this.keep();
  }

  private keep(): void {
    const ended = this.runs.filter((run) => !isOn(run)).slice(0, mostKept);
    const withReport = ended.filter(hasReport).slice(0, reportsKept);
    for (const run of ended.filter((one) => hasReport(one) && !withReport.includes(one)))
      run.outcome = shortened(run.outcome!);
    this.runs = this.runs.filter((run) => isOn(run) || ended.includes(run));
    void this.state.update('runs', ended).then(undefined, () => undefined);
    this.changed('rows');
  }
}

/** A run without a company may be a run of any company. */
function isSameCompany(one: OwnRun, other: OwnRun): boolean {
  const [a, b] = [companyOfRun(one), companyOfRun(other)];
  return a === undefined || b === undefined || isOfCompany(a, b);
}

/** The outcome with only its concerns as its document. */
const shortened = (outcome: Outcome): Outcome => ({
  ...outcome,
  document: { ...outcome.document, text: outcome.concerns.join('\n'), actions: [] },
  isShortened: true,
});

const isOn = ({ status }: OwnRun): boolean => status === 'running';

/** Whether a run has a comparison or the report of a dry run. Only its stored document has that text. */
export const hasReport = ({ job, outcome }: OwnRun): boolean =>
  (job === 'verify' || job === 'dryRun') &&
  (outcome?.document.text ?? '') !== '' &&
  outcome?.status !== 'cancelled' &&
  outcome?.isShortened === undefined &&
  outcome?.errorCode === undefined;
