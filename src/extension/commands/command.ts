import type { ExtensionContext, LogOutputChannel, OutputChannel } from 'vscode';
import type { DemoCompany } from '../demoCompany.js';
import type { Questions } from '../input/questions.js';
import type { Runner } from '../jobs/runner.js';
import type { Notifier } from '../notices/notifier.js';
import type { CoveragePanel } from '../pages/coveragePanel.js';
import type { InvoicesPanel } from '../pages/invoicesPanel.js';
import type { SummaryPanel } from '../pages/summaryPanel.js';
import type { TextDocuments } from '../pages/textDocuments.js';
import type { BooksInUse } from '../settings/booksInUse.js';
import type { Configuration } from '../settings/configuration.js';
import type { SqlClients } from '../sql/sqlClients.js';
import type { Milestones } from '../view/milestones.js';
import type { RunHistory } from '../view/runHistory.js';
import type { StatusBar } from '../view/statusBar.js';
import type { WarehouseState } from '../view/warehouseState.js';
import type { WarehouseTree } from '../view/warehouseTree.js';

/** What the commands work with, from activation to deactivation. */
export interface Parts {
  context: ExtensionContext;
  log: LogOutputChannel;
  dryRunChannel: OutputChannel;
  configuration: Configuration;
  books: BooksInUse;
  runner: Runner;
  notifier: Notifier;
  questions: Questions;
  demo: DemoCompany;
  milestones: Milestones;
  statusBar: StatusBar;
  history: RunHistory;
  warehouse: WarehouseState;
  tree: WarehouseTree;
  documents: TextDocuments;
  coverage: CoveragePanel;
  invoices: InvoicesPanel;
  summary: SummaryPanel;
  sqlClients: SqlClients;
  biTools: SqlClients;
  /** Another warehouse is in use: nothing is known of it yet. */
  warehouseSwitched: () => void;
}

/** A command: what it asks, and what it then does. Retry does the second alone, so it asks nothing again. */
export interface Command<Request = unknown, Argument = unknown> {
  /** Undefined: the user left. `argument` is what the command was called with, `selected` all that the Explorer has selected. */
  ask?(parts: Parts, argument: Argument, selected?: unknown): Promise<Request | undefined> | Request | undefined;
  run(parts: Parts, request: Request): Promise<void> | void;
}

/** Never throws: what goes wrong is logged and shown. */
export async function perform<Request, Argument>(
  parts: Parts,
  command: Command<Request, Argument>,
  argument: Argument,
  selected?: unknown,
): Promise<void> {
  const { notifier } = parts;
  const run = (request: Request): Promise<void> => notifier.attempt(() => command.run(parts, request));
  if (!command.ask) return run(undefined as Request);
  await notifier.attempt(async () => {
    const request = await command.ask!(parts, argument, selected);
    if (request !== undefined) await run(request);
  });
}
