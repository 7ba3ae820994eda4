import * as vscode from 'vscode';
import type { Checkpoint, LoggedRun, RejectCount } from '../../core/core.js';
import type { OwnCommand } from '../commands/runCommand.js';
import { placeWords } from '../settings/placeWords.js';
import { messages } from '../messages.js';
import type { WarehouseState, WarehouseView } from './warehouseState.js';
import {
  checkpointDescription,
  checkpointLabel,
  checkpointTooltip,
  commandName,
  rejectsDescription,
  runDescription,
  runTooltip,
} from './warehouseWords.js';

export type TreeNode =
  | { kind: 'checkpoints'; checkpoints: CheckpointNode[] }
  | CheckpointNode
  | { kind: 'rejects'; rejects: RejectCount[] }
  | { kind: 'runs'; runs: (RunNode | { kind: 'more' })[] }
  | RunNode
  | { kind: 'more' }
  | { kind: 'none'; text: string }
  | { kind: 'remedy'; title: string; icon: string; command: OwnCommand['command'] };
interface CheckpointNode {
  kind: 'checkpoint';
  checkpoint: Checkpoint;
  overlapDays: number;
  /** There are others, of other companies or streams. */
  several: boolean;
}
interface RunNode {
  kind: 'run';
  run: LoggedRun;
}

/** The view `tally.warehouse`. It asks for the warehouse when VS Code wants its rows, which it does only when visible. */
export class WarehouseTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly view: vscode.TreeView<TreeNode>;
  /** As package.json has it. */
  private readonly name: string;
  private readonly changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.changed.event;
  /** Checkpoints or runs are on the screen. */
  private hasRows = false;

  constructor(private readonly state: WarehouseState) {
    this.view = vscode.window.createTreeView('tally.warehouse', { treeDataProvider: this, showCollapseAll: true });
    this.name = this.view.title ?? '';
    state.onDidForget(() => void this.refresh());
    // While it was hidden nothing was asked.
    this.view.onDidChangeVisibility(this.redraw);
  }

  /** Asks for the rows again where they can be seen: "5 min ago" grows old. */
  readonly redraw = (): void => {
    if (this.view.visible) this.changed.fire(undefined);
  };

  /** While VS Code waits for new rows it knows none, so rows that can be acted on stay until they are there. */
  private async refresh(): Promise<void> {
    if (this.hasRows && this.view.visible) await this.state.get();
    this.redraw();
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node === undefined) return this.roots();
    if (node.kind === 'checkpoints')
      return node.checkpoints.length > 0 ? node.checkpoints : [{ kind: 'none', text: messages.tree.noCheckpoints() }];
    if (node.kind === 'runs')
      return node.runs.length > 0 ? node.runs : [{ kind: 'none', text: messages.tree.noRuns() }];
    return [];
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const { Expanded } = vscode.TreeItemCollapsibleState;
    switch (node.kind) {
      case 'checkpoints':
        return item('checkpoints', messages.tree.checkpoints(), { collapsibleState: Expanded, contextValue: 'group' });
      case 'runs':
        return item('runs', messages.tree.runs(), { collapsibleState: Expanded, contextValue: 'group' });
      case 'checkpoint':
        return checkpointItem(node);
      case 'run':
        return runItem(node);
      case 'rejects':
        return item('rejects', messages.tree.rejects(), {
          description: rejectsDescription(node.rejects),
          tooltip: messages.tree.rejectsTooltip(),
          iconPath: new vscode.ThemeIcon('warning', new vscode.ThemeColor('problemsWarningIcon.foreground')),
          command: { command: 'tally.showRejects', title: messages.tree.showRejects() },
          contextValue: 'rejects',
        });
      case 'more':
        return item('more', messages.tree.more(), {
          iconPath: new vscode.ThemeIcon('ellipsis'),
          command: { command: 'tally.loadMore', title: messages.tree.more() },
        });
      case 'none':
        return item(`none ${node.text}`, '', { description: node.text });
      case 'remedy': {
        const command = { command: node.command, title: node.title };
        return item(node.command, node.title, { iconPath: new vscode.ThemeIcon(node.icon), command });
      }
    }
  }

  dispose(): void {
    this.view.dispose();
    this.changed.dispose();
  }

  private async roots(): Promise<TreeNode[]> {
    const view = await this.state.get();
    this.hasRows = view.state === 'loaded';
    this.view.description = view.place;
    // VS Code shows no description of a view that is alone in its container, and cuts off a long title: where there are rows,
    // company and warehouse are the message. Beside a message VS Code shows no welcome view.
    const isWelcome = view.state === 'empty' || view.state === 'notConfigured';
    this.view.title = isWelcome && view.place !== '' ? view.place : this.name;
    this.view.message = messageOf(view);
    // A welcome view cannot say a reason: the remedies are rows.
    if (view.state === 'unreachable')
      return [...(view.ignoresDotEnv ? [placeWords.manageTrust()] : []), ...messages.tree.remedies()].map((remedy) => ({
        kind: 'remedy',
        ...remedy,
      }));
    if (view.state !== 'loaded') return [];
    const { overlapDays } = view;
    const several = view.checkpoints.length > 1;
    const runs = view.runs.map((run): RunNode => ({ kind: 'run', run }));
    return [
      {
        kind: 'checkpoints',
        checkpoints: view.checkpoints.map((checkpoint) => ({ kind: 'checkpoint', checkpoint, overlapDays, several })),
      },
      ...(view.rejects.length > 0 ? [{ kind: 'rejects' as const, rejects: view.rejects }] : []),
      { kind: 'runs', runs: view.hasMore ? [...runs, { kind: 'more' }] : runs },
    ];
  }
}

function messageOf(view: WarehouseView): string {
  if (view.state === 'unreachable') return view.reason;
  if (view.state !== 'loaded') return '';
  return view.ignoresDotEnv ? `${view.place} · ${placeWords.dotEnvIgnored()}` : view.place;
}

const item = (id: string, label: string, more: Partial<vscode.TreeItem> & { command?: OwnCommand }): vscode.TreeItem =>
  Object.assign(new vscode.TreeItem(label), { id, ...more });

function checkpointItem({ checkpoint, overlapDays, several }: CheckpointNode): vscode.TreeItem {
  const now = Date.now();
  return item(`checkpoint ${checkpoint.companyId} ${checkpoint.stream}`, checkpointLabel(checkpoint, several), {
    description: checkpointDescription(checkpoint, several, overlapDays, now),
    tooltip: new vscode.MarkdownString(checkpointTooltip(checkpoint, overlapDays, now)),
    iconPath: new vscode.ThemeIcon('milestone'),
    contextValue: 'checkpoint',
  });
}

const runIcons: Record<LoggedRun['status'], [icon: string, color: string]> = {
  ok: ['pass', 'testing.iconPassed'],
  error: ['error', 'testing.iconFailed'],
  cancelled: ['circle-slash', 'testing.iconSkipped'],
};

function runItem(node: RunNode): vscode.TreeItem {
  const { run } = node;
  const now = Date.now();
  const [icon, color] = runIcons[run.status];
  return item(`run ${run.id}`, commandName(run.command), {
    description: runDescription(run, now),
    tooltip: new vscode.MarkdownString(runTooltip(run, now)),
    iconPath: new vscode.ThemeIcon(icon, new vscode.ThemeColor(color)),
    command: { command: 'tally.run.showDetails', title: messages.tree.showDetails(), arguments: [node] },
    // Words, for `viewItem =~ /\bword\b/`.
    contextValue: ['run', run.status, ...(run.error === null ? [] : ['withError'])].join(' '),
  });
}
