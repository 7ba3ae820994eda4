import * as vscode from 'vscode';
import type { Config } from '../core/base/config.js';
import type { BookOptions } from '../demo/book/book.js';
import { demoCompanyName, demoRange } from '../demo/demoNames.js';
import { startDemoThread } from '../demo/startDemoThread.js';
import { demoConfiguration } from './settings/configuration.js';
import { messages } from './messages.js';
import type { RangePreset } from './input/ranges.js';

/** A running demo Tally. `config` has its address and the demo's own warehouse. */
export interface RunningDemo {
  company: string;
  config: Config;
  close: () => Promise<void>;
}

/** The demo company of this window; it lasts until it is stopped or the window closes. */
export class DemoCompany {
  running: RunningDemo | undefined;
  /** The options of the demo's books. Tests choose fewer invoices. */
  book: BookOptions = {};
  private starting: Promise<RunningDemo> | undefined;

  /** Starts the demo if it is not running. A second call while it starts waits for the same start. */
  start(): Promise<RunningDemo> {
    if (this.running) return Promise.resolve(this.running);
    this.starting ??= this.launch().finally(() => (this.starting = undefined));
    return this.starting;
  }

  /** The range of the demo's books, which is offered first while the demo runs. */
  presets(): RangePreset[] {
    return this.running ? [{ label: messages.presets.demo(), range: demoRange }] : [];
  }

  async stop(): Promise<void> {
    const demo = this.running ?? (await this.starting);
    this.running = undefined;
    await showDemoRunning(false);
    await demo?.close();
  }

  private async launch(): Promise<RunningDemo> {
    const thread = await startDemoThread({ book: this.book });
    const { url } = thread;
    const company = demoCompanyName;
    let config: Config;
    try {
      config = demoConfiguration(url, company);
    } catch (error) {
      await thread.close();
      throw error;
    }
    this.running = { company, config, close: () => thread.close() };
    await showDemoRunning(true);
    return this.running;
  }
}

/** Sets the context key by which package.json offers Stop Demo Company only while the demo runs. */
async function showDemoRunning(running: boolean): Promise<void> {
  await vscode.commands.executeCommand('setContext', 'tally.demoRunning', running);
}
