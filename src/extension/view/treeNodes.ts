import { type DateRange, earlier, later, today } from '../../core/base/calendar.js';
import type { Checkpoint, CompanySummary, LoggedRun, MonthSummary, RejectCount, YearSummary } from '../../core/core.js';
import type { CommandId } from '../commands/commandIds.js';
import { companyOf } from '../commands/companyOf.js';
import { messages } from '../messages.js';
import type { Books } from '../settings/booksInUse.js';
import { isStoppedDemo } from './companyInView.js';
import type { LoadedView } from './warehouseState.js';

/** A row of the view. That of a year or month is a range of books, so that a command takes it as it takes a range. */
export type TreeNode =
  | GroupNode
  | CompanyNode
  | PeriodNode
  | CheckpointNode
  | { kind: 'rejects'; rejects: RejectCount[] }
  | RunNode
  | { kind: 'more' }
  | { kind: 'none'; text: string }
  | { kind: 'remedy'; title: string; icon: string; command: CommandId | 'workbench.trust.manage' };

export interface GroupNode {
  kind: 'group';
  group: 'warehouse' | 'checkpoints' | 'runs' | 'attention';
  children: TreeNode[];
}
export interface CompanyNode extends Books {
  kind: 'company';
  summary: CompanySummary;
  isInView: boolean;
  isStoppedDemo: boolean;
}
export interface PeriodNode extends Books, DateRange {
  kind: 'year' | 'month';
  companyId: string;
  name: string;
  figures: YearSummary | MonthSummary;
  months: PeriodNode[];
}
export interface CheckpointNode {
  kind: 'checkpoint';
  checkpoint: Checkpoint;
  overlapDays: number;
  isStoppedDemo: boolean;
}
export interface RunNode {
  kind: 'run';
  run: LoggedRun;
}

/** The groups of a warehouse that has something. */
export function rootsOf(view: LoadedView): GroupNode[] {
  const words = messages.tree;
  const group = (name: GroupNode['group'], children: TreeNode[], none?: string): GroupNode[] =>
    children.length > 0 || none !== undefined
      ? [{ kind: 'group', group: name, children: children.length > 0 ? children : [{ kind: 'none', text: none! }] }]
      : [];
  return [
    ...group('attention', view.rejects.length > 0 ? [{ kind: 'rejects', rejects: view.rejects }] : []),
    ...group('warehouse', companiesOf(view), words.nothingLoaded()),
    ...group('checkpoints', checkpointsOf(view), words.noCheckpoints()),
    ...group('runs', runsOf(view), words.noRuns()),
  ];
}

/** The company of the view first, the stopped demo's last. */
function companiesOf({ companies, company, inDemo }: LoadedView): CompanyNode[] {
  const nodes = companies.map((summary): CompanyNode => ({
    ...{ kind: 'company', summary, inDemo, company: companyOf({ companyId: summary.id, companyName: summary.name }) },
    ...{ isInView: summary.id === company?.id, isStoppedDemo: isStoppedDemo(summary.id, inDemo) },
  }));
  const rank = (node: CompanyNode): number => (node.isInView ? 0 : node.isStoppedDemo ? 2 : 1);
  return nodes.sort((a, b) => rank(a) - rank(b));
}

/** The financial years of a company, newest first. */
export const yearsOf = (node: CompanyNode): PeriodNode[] =>
  node.summary.years.map((year) => ({
    ...periodOf(node, 'year', year, year.name),
    months: year.months.map((month) => periodOf(node, 'month', month, messages.tree.month(month.from))),
  }));

/** What a command on the row loads: from the beginning of the books, up to today. */
function periodOf(
  { summary, inDemo, company }: CompanyNode,
  kind: PeriodNode['kind'],
  figures: YearSummary | MonthSummary,
  name: string,
): PeriodNode {
  const from = later(figures.from, summary.booksFrom ?? figures.from);
  const to = later(from, earlier(figures.to, today()));
  return { ...{ kind, name, figures, inDemo, company, from, to, companyId: summary.id }, months: [] };
}

const checkpointsOf = ({ checkpoints, overlapDays, inDemo, company }: LoadedView): CheckpointNode[] =>
  checkpoints
    .map((checkpoint): CheckpointNode => ({
      ...{ kind: 'checkpoint', checkpoint, overlapDays },
      isStoppedDemo: isStoppedDemo(checkpoint.companyId, inDemo),
    }))
    .sort((a, b) => Number(b.checkpoint.companyId === company?.id) - Number(a.checkpoint.companyId === company?.id));

const runsOf = ({ runs, hasMore }: LoadedView): TreeNode[] => [
  ...runs.map((run): RunNode => ({ kind: 'run', run })),
  ...(hasMore ? [{ kind: 'more' as const }] : []),
];
