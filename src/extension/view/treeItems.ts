import * as vscode from 'vscode';
import type { OwnCommand } from '../commands/runCommand.js';
import { messages } from '../messages.js';
import { companyTooltip, figuresText, figuresTooltip } from './companyWords.js';
import { concernText, ownRunDescription, ownRunTooltip } from './ownRunWords.js';
import { companyOfRun, hasReport, type OwnRun } from './runHistory.js';
import type {
  CheckpointNode,
  CompanyNode,
  ConcernNode,
  GroupNode,
  PeriodNode,
  RunNode,
  TreeNode,
} from './treeNodes.js';
import {
  checkpointDescription,
  checkpointTooltip,
  commandName,
  loggedConcern,
  rejectsDescription,
  runDescription,
  runTooltip,
} from './warehouseWords.js';

const markdown = (text: string): vscode.MarkdownString => new vscode.MarkdownString(text);
const themeIcon = (name: string, color?: string): vscode.ThemeIcon =>
  new vscode.ThemeIcon(name, color === undefined ? undefined : new vscode.ThemeColor(color));
const warning = (): vscode.ThemeIcon => themeIcon('warning', 'problemsWarningIcon.foreground');

const item = (id: string, label: string, more: Partial<vscode.TreeItem> & { command?: OwnCommand }): vscode.TreeItem =>
  Object.assign(new vscode.TreeItem(label), { id, ...more });

/** A row as VS Code draws it. `withCompany`: a run's row names its company. `contextValue` has words, for `viewItem =~ /\bword\b/`. */
export function itemOf(node: TreeNode, withCompany: boolean): vscode.TreeItem {
  switch (node.kind) {
    case 'group':
      return groupItem(node);
    case 'company':
      return companyItem(node);
    case 'year':
    case 'month':
      return periodItem(node);
    case 'checkpoint':
      return checkpointItem(node);
    case 'run':
      return runItem(node, withCompany);
    case 'ownRun':
      return ownRunItem(node, withCompany);
    case 'concern':
      return concernItem(node, withCompany);
    case 'rejects':
      return item('rejects', messages.tree.rejects(), {
        description: rejectsDescription(node.rejects),
        tooltip: messages.tree.rejectsTooltip(),
        iconPath: warning(),
        command: { command: 'tally.showRejects', title: messages.tree.showRejects() },
        contextValue: 'rejects',
      });
    case 'more':
      return item('more', messages.tree.more(), {
        iconPath: themeIcon('ellipsis'),
        command: { command: 'tally.loadMore', title: messages.tree.more() },
      });
    case 'none':
      return item(`none ${node.text}`, '', { description: node.text });
    case 'remedy': {
      const command = { command: node.command, title: node.title };
      return item(node.command, node.title, { iconPath: themeIcon(node.icon), command });
    }
  }
}

const groupItem = ({ group }: GroupNode): vscode.TreeItem =>
  item(group, messages.tree.groups[group](), {
    collapsibleState: vscode.TreeItemCollapsibleState.Expanded,
    contextValue: 'group',
  });

function companyItem({ summary, isInView, isStoppedDemo }: CompanyNode): vscode.TreeItem {
  const figures = figuresText(summary);
  return item(`company ${summary.id}`, summary.name, {
    description: isStoppedDemo ? `${messages.tree.demoCompany()} · ${figures}` : figures,
    tooltip: markdown(companyTooltip(summary)),
    iconPath: themeIcon('organization'),
    collapsibleState: isInView ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed,
    contextValue: 'company',
  });
}

function periodItem({ kind, companyId, name, figures, months }: PeriodNode): vscode.TreeItem {
  const icon =
    figures.daysLoaded === 0
      ? themeIcon('circle-outline')
      : figures.daysNotProven > 0
        ? warning()
        : figures.daysNotLoaded > 0
          ? themeIcon('circle-large-outline')
          : themeIcon('pass', 'testing.iconPassed');
  return item(`${kind} ${companyId} ${figures.from}`, name, {
    description: figuresText(figures),
    tooltip: markdown(figuresTooltip(name, figures)),
    iconPath: icon,
    collapsibleState:
      months.length > 0 ? vscode.TreeItemCollapsibleState.Collapsed : vscode.TreeItemCollapsibleState.None,
    contextValue: ['period', kind, ...(figures.daysLoaded > 0 ? ['loaded'] : [])].join(' '),
  });
}

function checkpointItem({ checkpoint, overlapDays, isStoppedDemo }: CheckpointNode): vscode.TreeItem {
  const now = Date.now();
  const description = checkpointDescription(checkpoint, overlapDays, now);
  const tooltip = checkpointTooltip(checkpoint, overlapDays, now);
  return item(`checkpoint ${checkpoint.companyId} ${checkpoint.stream}`, checkpoint.companyName, {
    description: isStoppedDemo ? `${messages.tree.demoCompany()} · ${description}` : description,
    tooltip: markdown(isStoppedDemo ? `${tooltip}\n\n${messages.tree.demoCheckpoint()}` : tooltip),
    iconPath: themeIcon('milestone'),
    contextValue: 'checkpoint',
  });
}

const runIcons: Record<OwnRun['status'], [icon: string, color?: string]> = {
  running: ['loading~spin'],
  warning: ['warning', 'problemsWarningIcon.foreground'],
  ok: ['pass', 'testing.iconPassed'],
  error: ['error', 'testing.iconFailed'],
  cancelled: ['circle-slash', 'testing.iconSkipped'],
};

function runItem(node: RunNode, withCompany: boolean): vscode.TreeItem {
  const { run } = node;
  const now = Date.now();
  return item(`run ${run.id}`, commandName(run.command), {
    description: described(withCompany, run.companyName, runDescription(run, now)),
    tooltip: markdown(runTooltip(run, now)),
    iconPath: run.status === 'ok' && run.rejected > 0 ? warning() : themeIcon(...runIcons[run.status]),
    command: showDetailsOf(node),
    contextValue: ['run', 'onRecord', run.status, ...(run.error === null ? [] : ['withError'])].join(' '),
  });
}

/** The company comes first, because a narrow side bar cuts off the end. */
const described = (withCompany: boolean, company: string | null | undefined, description: string): string =>
  withCompany && company != null ? `${company} · ${description}` : description;

function ownRunItem(run: OwnRun, withCompany: boolean): vscode.TreeItem {
  const now = Date.now();
  return item(`own ${run.id}`, messages.running[run.job](), {
    description: described(withCompany, companyOfRun(run), ownRunDescription(run, now)),
    tooltip: markdown(ownRunTooltip(run, now)),
    iconPath: themeIcon(...runIcons[run.status]),
    ...(hasText(run) && { command: openReportOf(run) }),
    contextValue: ownRunContext(run),
  });
}

const ownRunContext = (run: OwnRun): string =>
  [
    ...(run.status === 'running' ? ['cancellable'] : ['run', run.status]),
    ...(hasText(run) ? ['withText'] : []),
    ...(hasReport(run) ? ['withReport'] : []),
    ...(run.status === 'error' ? ['withError'] : []),
  ].join(' ');

const showDetailsOf = (node: RunNode): OwnCommand => ({
  ...{ command: 'tally.run.showDetails', title: messages.tree.showDetails(), arguments: [node] },
});
const openReportOf = (run: OwnRun): OwnCommand => ({
  ...{ command: 'tally.run.openReport', title: messages.tree.openReport(), arguments: [run] },
});

/** The report of an older run keeps only its warnings, so it may be empty (RunHistory). */
const hasText = ({ outcome }: OwnRun): boolean => outcome !== undefined && outcome.document.text !== '';

/** A failed sync of the log, which a later sync settles, or a run of this window, which the user can also dismiss. */
function concernItem(node: ConcernNode, withCompany: boolean): vscode.TreeItem {
  const now = Date.now();
  const run = node.of;
  if (run.kind === 'run')
    return item(`concern ${run.run.id}`, commandName(run.run.command), {
      description: loggedConcern(run.run, now),
      tooltip: markdown(runTooltip(run.run, now)),
      iconPath: themeIcon(...runIcons.error),
      ...{ command: showDetailsOf(run), contextValue: 'run onRecord withError' },
    });
  return item(`concern ${run.id}`, messages.running[run.job](), {
    description: described(withCompany, companyOfRun(run), concernText(run, now)),
    tooltip: markdown(ownRunTooltip(run, now)),
    iconPath: run.status === 'cancelled' ? warning() : themeIcon(...runIcons[run.status]),
    ...{
      command: openReportOf(run),
      contextValue: [ownRunContext(run), 'dismissible', ...(node.from === undefined ? [] : ['withDays'])].join(' '),
    },
  });
}
