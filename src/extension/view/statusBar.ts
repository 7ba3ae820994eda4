import * as vscode from 'vscode';
import { messages } from '../messages.js';
import { type LastSync, statusBarRunning, statusBarText, statusBarTooltip } from './warehouseWords.js';

/** A run that the status bar shows until it has ended. */
export interface ShownRun {
  progress: (percent: number | undefined) => void;
  end: () => void;
}

/** The last sync, or the run that is on; hidden until there is one or the other to tell. */
export class StatusBar implements vscode.Disposable {
  readonly item = vscode.window.createStatusBarItem('tally.sync', vscode.StatusBarAlignment.Left);
  private readonly running = new Map<ShownRun, string>();
  private last: LastSync | 'never' | undefined;
  private place = '';

  constructor() {
    this.item.name = messages.statusBarName();
    this.item.command = 'tally.warehouse.focus';
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

  /** Which company and warehouse it is about. */
  showPlace(place: string): void {
    this.place = place;
    this.redraw();
  }

  /** Undefined: it is not known, as after a change of the warehouse. */
  showLast(last: LastSync | 'never' | undefined): void {
    this.last = last;
    this.redraw();
  }

  redraw(): void {
    const failed = this.last !== undefined && this.last !== 'never' && this.last.state === 'error';
    // The newest of several runs.
    const running = [...this.running.values()].at(-1);
    this.item.backgroundColor =
      failed && running === undefined ? new vscode.ThemeColor('statusBarItem.warningBackground') : undefined;
    if (running !== undefined) {
      this.item.text = running;
      this.item.tooltip = this.withPlace(messages.statusBarRunning());
    } else if (this.last !== undefined) {
      this.item.text = statusBarText(this.last, Date.now());
      this.item.tooltip = this.withPlace(statusBarTooltip(this.last));
    } else {
      this.item.hide();
      return;
    }
    this.item.show();
  }

  private withPlace(text: string): string {
    return this.place === '' ? text : `${text}\n${this.place}`;
  }

  dispose(): void {
    this.item.dispose();
  }
}
