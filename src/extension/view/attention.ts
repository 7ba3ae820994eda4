import type { DateRange } from '../../core/base/calendar.js';
import type { LoggedRun } from '../../core/core.js';
import { askedCompany, companyOfRun, isOfCompany, type OwnRun } from './runHistory.js';

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
      !own.some((later) => settles(later, run)) &&
      !logged.some((later) => settlesAsLogged(later, run)),
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

/**
 * The warehouse's rows without those that a run of this window describes better. If a sync failed before Tally named its company,
 * its row has no company, but the run of this window knows which company was asked for.
 */
export function withoutNameless(logged: readonly LoggedRun[], own: readonly OwnRun[]): LoggedRun[] {
  const rest = [...logged];
  for (const run of own) {
    if (run.status !== 'error' || run.outcome?.company !== undefined || askedCompany(run) === undefined) continue;
    const at = rest.findIndex((row) => row.companyId === null && row.status === 'error' && isLogged(run, [row]));
    if (at >= 0) rest.splice(at, 1);
  }
  return rest;
}

/** Whether the warehouse has a row of this run of the window: an error does not say which. */
export function isLogged(run: OwnRun, logged: readonly LoggedRun[]): boolean {
  const { job, at, durationMs, outcome } = run;
  if (job !== 'sync') return false;
  const [begin, end] = [Date.parse(at) - clockMs, Date.parse(at) + durationMs + clockMs];
  const isWithin = (time: number): boolean => time >= begin && time <= end;
  const company = companyOfRun(run);
  // The times alone do not decide: the next company of a Sync All begins within the same second.
  const mayBe = ({ companyName }: LoggedRun): boolean =>
    companyName === null || company === undefined || isOfCompany(companyName, company);
  return logged.some((row) => row.runId === outcome?.runId || (isWithin(Date.parse(row.runAt)) && mayBe(row)));
}

/** etl_logs has whole seconds. */
const clockMs = 1000;

/** A later run of the same days, which has its own warnings, or failed in its turn. What a comparison found is settled by a comparison or a reload alone. */
const settles = (later: OwnRun, run: OwnRun): boolean =>
  later.at > run.at &&
  (later.status === 'ok' || later.status === 'warning' || (later.status === 'error' && later.job === run.job)) &&
  later.job !== 'dryRun' &&
  (run.job !== 'verify' || later.job === 'verify' || later.job === 'clearAndReload') &&
  (companyOfRun(run) === undefined || isOfCompany(companyOfRun(later), companyOfRun(run))) &&
  (run.range === undefined || (later.range !== undefined && covers(later.range, run.range)));

/** Whether a later sync of the company, perhaps by another program, settles the run. If it failed, it has an entry of its own. */
const settlesAsLogged = (later: LoggedRun, run: OwnRun): boolean =>
  run.job === 'sync' &&
  run.status === 'error' &&
  later.command === 'sync' &&
  later.status !== 'cancelled' &&
  isOfCompany(later.companyName, askedCompany(run)) &&
  Date.parse(later.runAt) > Date.parse(run.at) + run.durationMs;

const covers = (outer: DateRange, inner: DateRange): boolean => outer.from <= inner.from && outer.to >= inner.to;
