import * as vscode from 'vscode';
import { placeWords } from '../settings/placeWords.js';
import { messages } from '../messages.js';
import { Redraws } from './redraws.js';
import type { RunHistory } from './runHistory.js';
import { itemOf } from './treeItems.js';
import { hasSeveralCompanies, rootsOf, type TreeNode, yearsOf } from './treeNodes.js';
import type { WarehouseState, WarehouseView } from './warehouseState.js';

/** The view of the extension. VS Code requests its rows only while it is visible, and only then it asks the warehouse. */
export class WarehouseTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly view: vscode.TreeView<TreeNode>;
  /** The view's title in package.json. */
  private readonly name: string;
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  /** The view has rows of the warehouse or of runs, not a welcome view or remedies. */
  private hasRows = false;
  /** The answer that the rows show; undefined after `refresh`. */
  private shown: WarehouseView | undefined;
  private refreshes = 0;
  /** Whether the runs belong to several companies. */
  private hasSeveral = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly redraws = new Redraws(() => {
    if (this.view.visible) this.changed.fire(undefined);
  });

  constructor(
    private readonly state: WarehouseState,
    private readonly history: RunHistory,
  ) {
    this.view = vscode.window.createTreeView('tally.warehouse', { treeDataProvider: this, showCollapseAll: true });
    this.name = this.view.title ?? '';
    state.onDidForget(() => void this.refresh());
    // While the view was hidden, its rows were not updated.
    this.view.onDidChangeVisibility(this.redraw);
  }

  /** Makes VS Code request the rows again if the view is visible: "5 min ago" grows old. */
  readonly redraw = (): void => {
    clearTimeout(this.timer); // VS Code loses a click between two quick redraws, so a planned one is dropped
    this.timer = undefined;
    this.redraws.redraw();
  };

  /** As redraw, but at most once a second, because a run reports progress more often. */
  redrawSoon(): void {
    this.timer ??= setTimeout(this.redraw, 1000);
  }

  /** Opens the view and sets the focus into it. */
  async focus(): Promise<void> {
    await vscode.commands.executeCommand('tally.warehouse.focus');
  }

  /**
   * While VS Code waits for new rows it has none, and a command on a row gets no row. So existing rows stay until the
   * warehouse has answered, even if a run redraws them meanwhile.
   */
  private async refresh(): Promise<void> {
    if (this.hasRows && this.view.visible) await this.state.get();
    this.shown = undefined;
    this.refreshes++;
    this.redraw();
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node === undefined) return this.redraws.during(() => this.roots());
    if (node.kind === 'group') return node.children;
    if (node.kind === 'company') return yearsOf(node);
    return node.kind === 'year' ? node.months : [];
  }

  getTreeItem = (node: TreeNode): vscode.TreeItem => itemOf(node, this.hasSeveral);

  dispose(): void {
    clearTimeout(this.timer);
    this.view.dispose();
    this.changed.dispose();
  }

  private async roots(): Promise<TreeNode[]> {
    const { refreshes } = this;
    const view = this.shown ?? (await this.state.get());
    if (refreshes === this.refreshes) this.shown = view;
    this.hasRows = false;
    this.view.description = view.heading;
    // VS Code shows no description of a view that is alone in its container, and cuts off a long title: where there are rows,
    // company and warehouse are the message. Beside a message VS Code shows no welcome view.
    const isWelcome = view.state === 'empty' || view.state === 'notConfigured';
    this.view.title = isWelcome && view.heading !== '' ? view.heading : this.name;
    this.view.message = messageOf(view);
    // A welcome view cannot show a reason, so the message shows it, and the remedies are rows.
    if (view.state === 'unreachable')
      return [
        ...(view.ignoresDotEnv ? [placeWords.manageTrust()] : []),
        ...messages.tree.remedies(view.isInDotEnv),
      ].map((remedy) => ({
        kind: 'remedy',
        ...remedy,
      }));
    const own = this.history.of(view.inDemo, view.place);
    const roots = rootsOf(view, own);
    this.hasSeveral = hasSeveralCompanies(view, own);
    this.hasRows = roots.length > 0;
    return roots;
  }
}

/** Lets long words break after `/`, `@` and `:`. VS Code breaks a message only at blanks, and cuts off a long address. */
const breakable = (text: string): string =>
  text.replace(/\S{30,}/g, (word) => word.replace(/[/@:]+(?=[^/@:])/g, '$&\u200b'));

function messageOf(view: WarehouseView): string {
  if (view.state === 'unreachable') return breakable(view.reason);
  if (view.state !== 'loaded') return '';
  return view.ignoresDotEnv ? `${view.heading} · ${placeWords.dotEnvIgnored()}` : view.heading;
}
