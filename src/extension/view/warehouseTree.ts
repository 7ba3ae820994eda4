import * as vscode from 'vscode';
import { placeWords } from '../settings/placeWords.js';
import { messages } from '../messages.js';
import type { OwnRun, RunHistory } from './runHistory.js';
import { itemOf } from './treeItems.js';
import { rootsOf, type TreeNode, yearsOf } from './treeNodes.js';
import type { WarehouseState } from './warehouseState.js';

const viewId = 'tally.warehouse';

/** The view of the extension. It asks for the warehouse when VS Code wants its rows, which it does only when visible. */
export class WarehouseTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly view: vscode.TreeView<TreeNode>;
  private readonly changed = new vscode.EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  /** What the warehouse has is on the screen. */
  private hasRows = false;

  constructor(
    private readonly state: WarehouseState,
    private readonly history: RunHistory,
  ) {
    this.view = vscode.window.createTreeView(viewId, { treeDataProvider: this, showCollapseAll: true });
    state.onDidForget(() => void this.refresh());
    // While it was hidden nothing was asked.
    this.view.onDidChangeVisibility(this.redraw);
  }

  /** Asks for the rows again where they can be seen: "5 min ago" grows old. */
  readonly redraw = (): void => {
    if (this.view.visible) this.changed.fire(undefined);
  };

  /** A run of this window is at another percentage: only its row is drawn anew. */
  redrawRun(run: OwnRun): void {
    if (this.view.visible) this.changed.fire(run);
  }

  /** Opens the view and sets the focus into it. */
  async focus(): Promise<void> {
    await vscode.commands.executeCommand(`${viewId}.focus`);
  }

  /** While VS Code waits for new rows it knows none, so rows that can be acted on stay until they are there. */
  private async refresh(): Promise<void> {
    if (this.hasRows && this.view.visible) await this.state.get();
    this.redraw();
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node === undefined) return this.roots();
    if (node.kind === 'group') return node.children;
    if (node.kind === 'company') return yearsOf(node);
    return node.kind === 'year' ? node.months : [];
  }

  getTreeItem = itemOf;

  dispose(): void {
    this.view.dispose();
    this.changed.dispose();
  }

  private async roots(): Promise<TreeNode[]> {
    const view = await this.state.get();
    // VS Code shows no welcome view beside a message, and a welcome view cannot say a reason: the remedies are rows.
    this.view.description = view.heading;
    this.view.message = [
      ...(view.state === 'unreachable' ? [view.reason] : []),
      ...(view.ignoresDotEnv && view.state === 'loaded' ? [placeWords.dotEnvIgnored()] : []),
    ].join(' ');
    this.hasRows = false;
    if (view.state === 'unreachable')
      return [...(view.ignoresDotEnv ? [placeWords.manageTrust()] : []), ...messages.tree.remedies()].map((remedy) => ({
        kind: 'remedy',
        ...remedy,
      }));
    const roots = rootsOf(view, this.history.of(view.inDemo, view.place));
    this.hasRows = roots.length > 0;
    return roots;
  }
}
