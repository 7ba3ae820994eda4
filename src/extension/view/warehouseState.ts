import { setTimeout } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { CompanySummary, Status } from '../../core/core.js';
import { errorText } from '../notices/errorWords.js';
import { companyInView } from './companyInView.js';
import type { Runner } from '../jobs/runner.js';
import type { Notifier } from '../notices/notifier.js';
import { dotEnvSetting } from '../../core/base/dotEnv.js';
import type { BooksInUse } from '../settings/booksInUse.js';
import { placeWords } from '../settings/placeWords.js';
import { placeKey } from '../settings/warehouseUrl.js';

/**
 * The warehouse, as the view and the status bar show it. `empty`: it has nothing, or does not exist yet. `notConfigured`:
 * the same, and no source sets Tally's address, a company or a warehouse.
 */
export type WarehouseView = Headed &
  ((OfBooks & { state: 'notConfigured' | 'empty' }) | UnreachableState | LoadedState);

interface UnreachableState {
  state: 'unreachable';
  reason: string;
  /** Whether the wrong value stands in the folder's .env. */
  isInDotEnv: boolean;
}

export type LoadedView = Headed & LoadedState;

/** The warehouse of a view: whether it is the demo's, and its `placeKey`. */
export interface OfBooks {
  inDemo: boolean;
  place: string;
}

interface LoadedState extends Status, OfBooks {
  state: 'loaded';
  companies: CompanySummary[];
  /** The company that the view shows first; undefined: nothing is loaded of any company. */
  company: CompanySummary | undefined;
  overlapDays: number;
  hasMore: boolean;
}

interface Headed {
  /** Company and warehouse; '' if the settings cannot be read. */
  heading: string;
  /** Whether the folder's `.env` is ignored, because the workspace is not trusted. */
  ignoresDotEnv: boolean;
}

const pageSize = 20;

/** Several settings may change in a row, and each change makes the cache stale. After this pause the warehouse is asked. */
const settleMs = 50;

/** The cached state of the warehouse. `get` asks the warehouse at its first call, and again only after `forget`. */
export class WarehouseState implements vscode.Disposable {
  /** Fired when the cache is stale: whoever shows the state asks again. */
  private readonly forgot = new vscode.EventEmitter<void>();
  readonly onDidForget = this.forgot.event;
  private readonly loaded = new vscode.EventEmitter<WarehouseView>();
  readonly onDidLoad = this.loaded.event;
  private view: Promise<WarehouseView> | undefined;
  private asking = new AbortController();
  private shown = pageSize;

  constructor(
    private readonly books: BooksInUse,
    private readonly runner: Runner,
    private readonly notifier: Notifier,
  ) {}

  /** Never throws: if the warehouse does not answer, the state is `unreachable`. */
  get(): Promise<WarehouseView> {
    return (this.view ??= this.load());
  }

  forget(): void {
    this.asking.abort(); // an answer to an earlier question is no longer needed
    this.asking = new AbortController();
    this.view = undefined;
    this.forgot.fire();
  }

  /** Adds one page of older runs. */
  more(): void {
    this.shown += pageSize;
    this.forget();
  }

  dispose(): void {
    this.forgot.dispose();
    this.loaded.dispose();
  }

  private async load(): Promise<WarehouseView> {
    const { signal } = this.asking;
    await setTimeout(settleMs);
    const view = signal.aborted ? undefined : await this.ask(signal);
    if (view === undefined || signal.aborted) return this.get();
    await vscode.commands.executeCommand('setContext', 'tally.warehouseState', view.state);
    await vscode.commands.executeCommand('setContext', 'tally.ignoresDotEnv', view.ignoresDotEnv);
    this.loaded.fire(view);
    return view;
  }

  /** Returns undefined if the answer is no longer wanted. */
  private async ask(signal: AbortSignal): Promise<WarehouseView | undefined> {
    let shown: Headed = { heading: '', ignoresDotEnv: false };
    try {
      const { inDemo } = this.books.now();
      const config = await this.books.configOf({ inDemo });
      shown = { heading: placeWords.ofBooks(config), ignoresDotEnv: config.origin?.ignoresDotEnv ?? false };
      const of: OfBooks = { inDemo, place: placeKey(config.dbUrl) };
      const answer = await this.runner.runQuietly('status', { limit: this.shown + 1, ofEach: true }, config, {
        signal,
      });
      const { checkpoints, runs, latestOfEach, rejects, summary } = answer;
      const companies = summary.companies.filter(({ years }) => years.length > 0);
      if (companies.length + checkpoints.length + runs.length + rejects.length === 0)
        return { ...shown, ...of, state: (await this.books.areChosen()) ? 'empty' : 'notConfigured' };
      const company = companyInView(summary, inDemo);
      return {
        ...shown,
        heading: placeWords.ofBooks({ ...config, company: config.company ?? company?.name }),
        ...{ state: 'loaded', ...of, checkpoints, rejects, companies, company, overlapDays: config.overlapDays },
        ...{ runs: runs.slice(0, this.shown), latestOfEach: latestOfEach ?? [], hasMore: runs.length > this.shown },
      };
    } catch (thrown) {
      if (signal.aborted) return undefined;
      const error = this.notifier.logError(thrown);
      return { ...shown, state: 'unreachable', reason: errorText(error), isInDotEnv: error.setting === dotEnvSetting };
    }
  }
}
