import type { ExtensionContext, LogOutputChannel, OutputChannel } from 'vscode';
import type { DemoCompany } from '../demoCompany.js';
import type { Runner } from '../jobs/runner.js';
import type { Notifier } from '../notices/notifier.js';
import type { CoveragePanel } from '../pages/coveragePanel.js';
import type { TextDocuments } from '../pages/textDocuments.js';
import type { BooksInUse } from '../settings/booksInUse.js';
import type { SqlClients } from '../sql/sqlClients.js';
import type { Milestones } from '../view/milestones.js';
import type { StatusBar } from '../view/statusBar.js';
import type { WarehouseState } from '../view/warehouseState.js';
import type { WarehouseTree } from '../view/warehouseTree.js';

/** What the commands work with, from activation to deactivation. */
export interface Parts {
  context: ExtensionContext;
  log: LogOutputChannel;
  dryRunChannel: OutputChannel;
  books: BooksInUse;
  runner: Runner;
  notifier: Notifier;
  demo: DemoCompany;
  milestones: Milestones;
  statusBar: StatusBar;
  warehouse: WarehouseState;
  tree: WarehouseTree;
  documents: TextDocuments;
  coverage: CoveragePanel;
  sqlClients: SqlClients;
  /** Another warehouse is in use: nothing is known of it yet. */
  warehouseSwitched: () => void;
}
