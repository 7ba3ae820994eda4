import { type DateRange, earlier, later, today } from '../../core/base/calendar.js';
import { nameKey } from '../../core/base/names.js';
import type { Checkpoint, CompanySummary, LoggedRun, MonthSummary, RejectCount, YearSummary } from '../../core/core.js';
import type { CommandId } from '../commands/commandIds.js';
import { companyOf } from '../commands/companyOf.js';
import { messages } from '../messages.js';
import type { GivenInvoices } from '../settings/booksInUse.js';
import type { Books } from '../settings/booksInUse.js';
import { concernsOf, failedSyncs, isLogged, withoutRowsOfOwnRuns } from './attention.js';
import { isStoppedDemo } from './companyInView.js';
import { companyOfRun, type OwnRun } from './runHistory.js';
import type { LoadedView, WarehouseView } from './warehouseState.js';

/** A row of the view. The row of a year or month has the form of a given range, so that commands accept it as one. */
export type TreeNode =
  | GroupNode
  | CompanyNode
  | PeriodNode
  | CheckpointNode
  | { kind: 'rejects'; rejects: RejectCount[] }
  | RunNode
  | OwnRun
  | ConcernNode
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
/** A run that needs attention. It has another row among the runs. If its concerns name days, it has their range. */
export interface ConcernNode extends Partial<GivenInvoices> {
  kind: 'concern';
  of: OwnRun | RunNode;
}

/** The data of an empty warehouse, beside which runs of this window are shown. */
const nothing = {
  ...{ state: 'loaded' as const, companies: [], company: undefined, checkpoints: [], runs: [], rejects: [] },
  ...{ overlapDays: 0, hasMore: false },
};

/** The groups of a warehouse; none if it and `own` are empty. `own`: the runs of `RunHistory`, newest first. */
export function rootsOf(shown: Exclude<WarehouseView, { state: 'unreachable' }>, own: OwnRun[]): GroupNode[] {
  if (shown.state !== 'loaded' && own.length === 0) return [];
  const loaded: LoadedView = shown.state === 'loaded' ? shown : { ...shown, ...nothing };
  const view = { ...loaded, runs: withoutRowsOfOwnRuns(loaded.runs, own) };
  const words = messages.tree;
  const group = (name: GroupNode['group'], children: TreeNode[], none?: string): GroupNode[] =>
    children.length > 0 || none !== undefined
      ? [{ kind: 'group', group: name, children: children.length > 0 ? children : [{ kind: 'none', text: none! }] }]
      : [];
  return [
    ...group('attention', attentionOf(view, own)),
    ...group('warehouse', companiesOf(view), words.nothingLoaded()),
    ...group('checkpoints', checkpointsOf(view), words.noCheckpoints()),
    ...group('runs', runsOf(view, own), words.noRuns()),
  ];
}

/** Whether the runs of a view belong to several companies, so that each row must name its company. */
export function hasSeveralCompanies(view: WarehouseView, own: readonly OwnRun[]): boolean {
  const logged = view.state === 'loaded' ? view.runs.flatMap(({ companyName }) => companyName ?? []) : [];
  return new Set([...logged, ...own.flatMap((run) => companyOfRun(run) ?? [])].map(nameKey)).size > 1;
}

/** The companies: that of the view first, the stopped demo's last. */
function companiesOf({ companies, company, inDemo }: LoadedView): CompanyNode[] {
  const nodes = companies.map((summary): CompanyNode => ({
    ...{ kind: 'company', summary, inDemo, company: companyOf({ companyId: summary.id, companyName: summary.name }) },
    ...{
      isInView: summary.id === company?.id || companies.length === 1,
      isStoppedDemo: isStoppedDemo(summary.id, inDemo),
    },
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

/** The row of a year or month. The range for its commands is cut to the days from the books' first day to today. */
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

/** `runs` has only the newest rows of all companies. `latestOfEach` adds the latest run of a company if it is older. */
function attentionOf({ rejects, runs, latestOfEach = [] }: LoadedView, own: OwnRun[]): TreeNode[] {
  const known = [...runs, ...latestOfEach.filter(({ id }) => !runs.some((run) => run.id === id))];
  return [
    ...failedSyncs(known).map((run): ConcernNode => ({ kind: 'concern', of: { kind: 'run', run } })),
    ...(rejects.length > 0 ? [{ kind: 'rejects' as const, rejects }] : []),
    ...concernsOf(own, known).map((run): ConcernNode => ({ kind: 'concern', of: run, ...daysOf(run) })),
  ];
}

/** The range of the days that the concerns of a run name. */
function daysOf({ inDemo, outcome }: OwnRun): GivenInvoices | undefined {
  const { company, days = [] } = outcome ?? {};
  const [from, to] = [days[0], days.at(-1)];
  if (!company || from === undefined || to === undefined) return undefined;
  const { id: companyId, name } = company;
  return { from, to, inDemo, companyId, company: companyOf({ companyId, companyName: name }) };
}

/** The runs of the log and of this window: running ones first, then the ended ones, newest first. */
function runsOf({ runs, hasMore }: LoadedView, own: OwnRun[]): TreeNode[] {
  const rows = [
    ...own.filter((run) => !isLogged(run, runs)).map((run) => ({ node: run, at: Date.parse(run.at) })),
    ...runs.map((run) => ({ node: { kind: 'run' as const, run }, at: Date.parse(run.runAt) })),
  ];
  const isOn = ({ node }: (typeof rows)[number]): number => Number(node.kind === 'ownRun' && node.status === 'running');
  rows.sort((a, b) => isOn(b) - isOn(a) || b.at - a.at);
  return [...rows.map(({ node }) => node), ...(hasMore ? [{ kind: 'more' as const }] : [])];
}
