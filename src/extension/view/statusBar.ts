import * as vscode from 'vscode';
import type { CommandId } from '../commands/commandIds.js';
import { messages } from '../messages.js';
import {
  type BarFacts,
  type LastSync,
  lastSyncOf,
  statusBarRunning,
  statusBarText,
  statusBarTooltip,
} from './statusBarWords.js';
import type { WarehouseView } from './warehouseState.js';
import { errorOf } from './warehouseWords.js';

/** A run that the status bar shows until it has ended. */
export interface ShownRun {
  progress: (percent: number | undefined) => void;
  end: () => void;
}

/** The item Tally: what the warehouse has, or the running job. Hidden until there is something to show. */
export class StatusBar implements vscode.Disposable {
  readonly item = vscode.window.createStatusBarItem('tally.sync', vscode.StatusBarAlignment.Left);
  private readonly running = new Map<ShownRun, string>();
  private company: BarFacts['company'];
  private last: LastSync | undefined;
  /** Company and warehouse, for the tooltip. */
  private place = '';
  /** The `place` of the warehouse that was shown last; undefined: none was shown. */
  private warehouse: string | undefined;
  /** When VS Code syncs next by itself. */
  nextSync: () => number | undefined = () => undefined;

  constructor(private readonly demo: () => BarFacts['demo']) {
    this.item.name = messages.statusBarName();
    this.item.command = 'tally.showMenu' satisfies CommandId;
  }

  begin(name: string): ShownRun {
    const run: ShownRun = {
      progress: (percent) => {
        this.running.set(run, statusBarRunning(name, percent));
        this.redraw();
      },
      end: () => {
        this.running.delete(run);
        this.redraw();
      },
    };
    run.progress(undefined);
    return run;
  }

  showLast(last: LastSync): void {
    this.last = last;
    this.redraw();
  }

  /**
   * Shows the answer of the warehouse. Undefined: nothing is known, as after a change of the warehouse. If the warehouse
   * does not answer, only the tooltip's place changes, at the next redraw.
   */
  show(view: WarehouseView | undefined): void {
    this.place = view?.heading ?? '';
    if (view?.state === 'unreachable') return;
    const isOther = this.warehouse !== undefined && view?.place !== this.warehouse;
    if (view === undefined || isOther) this.last = undefined;
    this.warehouse = view?.place;
    const loaded = view?.state === 'loaded' ? view : undefined;
    this.company = loaded?.company ?? (loaded || view?.state === 'empty' ? 'nothing' : undefined);
    const sync = loaded?.runs.find(({ command }) => command === 'sync');
    this.last = lastSyncOf(
      this.last,
      sync && { state: sync.status, at: sync.runAt, company: sync.companyName, error: errorOf(sync) },
    );
    this.redraw();
  }

  redraw(): void {
    // If several runs are running, the newest one is shown.
    const running = [...this.running.values()].at(-1);
    const facts = { company: this.company, last: this.last, demo: this.demo(), nextSync: this.nextSync() };
    const text = running ?? statusBarText(facts, Date.now());
    if (text === undefined) {
      this.item.hide();
      return;
    }
    this.item.text = text;
    this.item.tooltip = this.withPlace(running === undefined ? statusBarTooltip(facts) : messages.statusBarRunning());
    this.item.backgroundColor =
      running === undefined && this.last?.state === 'error'
        ? new vscode.ThemeColor('statusBarItem.warningBackground')
        : undefined;
    this.item.show();
  }

  private withPlace(text: string): string {
    return this.place === '' ? text : `${text}\n${this.place}`;
  }

  dispose(): void {
    this.item.dispose();
  }
}
