import type { DateRange } from '../../core/base/calendar.js';
import type { LoggedRun } from '../../core/core.js';
import type { OwnRun } from './runHistory.js';

/** The runs of this window that need attention: those that failed or warn, and that no later run has settled. */
export const concernsOf = (own: readonly OwnRun[], logged: readonly LoggedRun[]): OwnRun[] =>
  own.filter(
    (run) =>
      (run.status === 'error' || run.status === 'warning') &&
      run.job !== 'dryRun' &&
      run.outcome!.errorCode !== 'locked' &&
      run.outcome!.concerns.length > 0 &&
      run.isDismissed !== true &&
      !isLogged(
        run,
        logged.filter(({ status }) => status === 'error'),
      ) &&
      !own.some((later) => settles(later, run)),
  );

/** The latest sync of each company, where it failed: gone with the next one that does not. */
export function failedSyncs(logged: readonly LoggedRun[]): LoggedRun[] {
  const latest = new Map<string | null, LoggedRun>();
  // Newest first. One that failed before Tally named the company is settled by any later sync.
  for (const run of logged)
    if (run.command === 'sync' && !latest.has(run.companyId) && (run.companyId !== null || latest.size === 0))
      latest.set(run.companyId, run);
  return [...latest.values()].filter(({ status }) => status === 'error');
}

/** Whether the warehouse has a row of this run of the window: an error does not say which. */
export function isLogged({ job, at, durationMs, outcome }: OwnRun, logged: readonly LoggedRun[]): boolean {
  if (job !== 'sync') return false;
  const [begin, end] = [Date.parse(at) - clockMs, Date.parse(at) + durationMs + clockMs];
  const isWithin = (time: number): boolean => time >= begin && time <= end;
  return logged.some(({ runId, runAt }) => runId === outcome?.runId || isWithin(Date.parse(runAt)));
}

/** etl_logs has whole seconds. */
const clockMs = 1000;

/** A later run of the same days, which has its own warnings. What a comparison found is settled by a comparison or a reload alone. */
const settles = (later: OwnRun, run: OwnRun): boolean =>
  later.at > run.at &&
  (later.status === 'ok' || later.status === 'warning') &&
  later.job !== 'dryRun' &&
  (run.job !== 'verify' || later.job === 'verify' || later.job === 'clearAndReload') &&
  (run.outcome?.company === undefined || run.outcome.company.id === later.outcome?.company?.id) &&
  (run.range === undefined || (later.range !== undefined && covers(later.range, run.range)));

const covers = (outer: DateRange, inner: DateRange): boolean => outer.from <= inner.from && outer.to >= inner.to;
