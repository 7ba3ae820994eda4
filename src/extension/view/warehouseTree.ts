import * as vscode from 'vscode';
import { placeWords } from '../settings/placeWords.js';
import { messages } from '../messages.js';
import { Redraws } from './redraws.js';
import type { RunHistory } from './runHistory.js';
import { itemOf } from './treeItems.js';
import { hasSeveralCompanies, rootsOf, type TreeNode, yearsOf } from './treeNodes.js';
import type { WarehouseState, WarehouseView } from './warehouseState.js';

/** The view of the extension. It asks for the warehouse when VS Code wants its rows, which it does only when visible. */
export class WarehouseTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly view: vscode.TreeView<TreeNode>;
  /** As package.json has it. */
  private readonly name: string;
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  /** What the warehouse has is on the screen. */
  private hasRows = false;
  /** What the rows are of, until there is something newer. */
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
    // While it was hidden nothing was asked.
    this.view.onDidChangeVisibility(this.redraw);
  }

  /** Asks for the rows again where they can be seen: "5 min ago" grows old. */
  readonly redraw = (): void => {
    clearTimeout(this.timer); // a click that meets a second redraw is lost
    this.timer = undefined;
    this.redraws.redraw();
  };

  /** As redraw, at most once a second: a run tells its progress more often. */
  redrawSoon(): void {
    this.timer ??= setTimeout(this.redraw, 1000);
  }

  /** Opens the view and sets the focus into it. */
  async focus(): Promise<void> {
    await vscode.commands.executeCommand('tally.warehouse.focus');
  }

  /**
   * While VS Code waits for new rows it knows none, and a command on a row gets no row. So rows that can be acted on stay until the
   * warehouse has answered, also where a run redraws them meanwhile.
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
    // A welcome view cannot say a reason: the remedies are rows.
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

/** VS Code breaks lines of a message at blanks alone, and cuts a long address off. */
const breakable = (text: string): string =>
  text.replace(/\S{30,}/g, (word) => word.replace(/[/@:]+(?=[^/@:])/g, '$&\u200b'));

function messageOf(view: WarehouseView): string {
  if (view.state === 'unreachable') return breakable(view.reason);
  if (view.state !== 'loaded') return '';
  return view.ignoresDotEnv ? `${view.heading} · ${placeWords.dotEnvIgnored()}` : view.heading;
}
