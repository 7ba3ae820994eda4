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

/** The parts of the extension that commands use, from activation to deactivation. */
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
  /** Call this when another warehouse comes into use: what is shown and cached of the old one is dropped. */
  warehouseSwitched: () => void;
}

/** A command: `ask` questions the user, `run` does the work. Retry calls `run` alone, so nothing is asked again. */
export interface Command<Request = unknown, Argument = unknown> {
  /** Undefined: the user left. `argument`: the argument of the command. `selected`: all rows selected in the Explorer. */
  ask?(parts: Parts, argument: Argument, selected?: unknown): Promise<Request | undefined> | Request | undefined;
  run(parts: Parts, request: Request): Promise<void> | void;
}

/** Runs a command. Never throws: errors are logged and shown. */
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
