import * as vscode from 'vscode';
import type { DemoServer, DemoServerOptions } from '../../../src/demo/server.js';
import type { DemoCompany } from '../../../src/extension/demoCompany.js';
import type { Runner } from '../../../src/extension/jobs/runner.js';
import type { CoveragePanel } from '../../../src/extension/pages/coveragePanel.js';
import type { InvoicesPanel } from '../../../src/extension/pages/invoicesPanel.js';
import type { SummaryPanel } from '../../../src/extension/pages/summaryPanel.js';
import type { Schedule } from '../../../src/extension/schedule/schedule.js';
import type { Configuration } from '../../../src/extension/settings/configuration.js';
import type { SqlClients } from '../../../src/extension/sql/sqlClients.js';
import type { ShownRun } from '../../../src/extension/view/statusBar.js';
import type { TreeNode } from '../../../src/extension/view/treeNodes.js';
import { freshDatabase } from '../../support/postgres.js';
import { useTally } from '../../support/useTally.js';
import { Driver, extensionId, setSetting } from './drive.js';

/** The parts of the extension that its `activate` returns and these tests use. */
interface Parts {
  demo: DemoCompany;
  runner: Runner;
  tree: {
    view: vscode.TreeView<TreeNode>;
    getChildren(node?: TreeNode): Promise<TreeNode[]>;
    getTreeItem(node: TreeNode): vscode.TreeItem;
  };
  warehouse: { get(): Promise<unknown>; forget(): void };
  statusBar: { item: vscode.StatusBarItem; begin(name: string): ShownRun };
  schedule: Schedule;
  coverage: CoveragePanel;
  invoices: InvoicesPanel;
  summary: SummaryPanel;
  sqlClients: SqlClients;
  configuration: Configuration;
  biTools: SqlClients;
}

export const parts = (): Thenable<Parts> => vscode.extensions.getExtension<Parts>(extensionId)!.activate();

/** Stores a warehouse URL for all folders, or with '' removes it, without the questions of Set Warehouse URL. */
export async function storeWarehouseUrl(url: string): Promise<void> {
  await (await parts()).configuration.keep('DB_URL', url, 'user');
}

/** A user in front of VS Code, with a Tally and, for each test, an empty warehouse. */
export interface Desk {
  driver: Driver;
  tally: DemoServer;
  databaseUrl: string;
}

/** A desk for the tests of a `describe`; `prepare` comes before each of them. */
export function useDesk(options: DemoServerOptions, prepare?: (desk: Desk) => Promise<void>): Desk {
  const desk = { tally: useTally({ keepsWorking: false, ...options }) } as Desk;
  beforeEach(async () => {
    desk.driver = new Driver();
    desk.databaseUrl = await freshDatabase();
    desk.tally.behave({ fault: { kind: 'none' }, onRequest: undefined });
    await setSetting('url', desk.tally.url);
    await storeWarehouseUrl(desk.databaseUrl);
    await prepare?.(desk);
    desk.driver.messages.length = 0;
    desk.driver.progresses.length = 0;
  });
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    // A visible view would ask the warehouse after each of these settings. A test that needs the view shows it again.
    await vscode.commands.executeCommand('workbench.view.explorer');
    await storeWarehouseUrl('');
    for (const name of ['url', 'company', 'companies']) await setSetting(name, undefined);
    desk.driver.release();
  });
  return desk;
}

/** A row of the tree as it is drawn. */
export interface Row {
  label: string;
  description: string;
  item: vscode.TreeItem;
  node: TreeNode;
  children: Row[];
}

/** The whole tree as it is drawn once the warehouse has answered. */
export async function rows(node?: TreeNode): Promise<Row[]> {
  const { tree, warehouse } = await parts();
  if (node === undefined) await warehouse.get();
  return Promise.all(
    (await tree.getChildren(node)).map(async (child) => {
      const item = tree.getTreeItem(child);
      return {
        label: typeof item.label === 'string' ? item.label : '',
        description: typeof item.description === 'string' ? item.description : '',
        item,
        node: child,
        children: await rows(child),
      };
    }),
  );
}

export const rowsOf = async (group: 'Needs Attention' | 'Warehouse' | 'Checkpoints' | 'Recent Runs'): Promise<Row[]> =>
  (await rows()).find(({ label }) => label === group)?.children ?? [];

/** Returns what `setContext` sets while `work` runs, since VS Code has no function that reads it. */
export async function contextKeys(work: () => Promise<unknown>): Promise<Record<string, unknown>> {
  const { commands } = vscode;
  const original = Object.getOwnPropertyDescriptor(commands, 'executeCommand')!;
  const execute = commands.executeCommand.bind(commands);
  const keys: Record<string, unknown> = {};
  const spy = (command: string, ...rest: unknown[]): unknown => {
    if (command === 'setContext') keys[String(rest[0])] = rest[1];
    return execute(command, ...rest);
  };
  Object.defineProperty(commands, 'executeCommand', { ...original, value: spy });
  try {
    await work();
  } finally {
    Object.defineProperty(commands, 'executeCommand', original);
  }
  return keys;
}

export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`In vain waited until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
