import type { DateRange } from '../../core/base/calendar.js';
import { nameKey } from '../../core/base/names.js';
import type { LoggedRun } from '../../core/core.js';
import { askedCompany, companyOfRun, isOfCompany, type OwnRun } from './runHistory.js';

/**
 * The runs of this window that need attention: failed runs, and runs with warnings, cancelled ones too. Left out are dry
 * runs, runs that another run had locked out, dismissed ones, those with a failed row in the warehouse's log, and those
 * that a later run settles.
 */
export const concernsOf = (own: readonly OwnRun[], logged: readonly LoggedRun[]): OwnRun[] =>
  own.filter(
    (run) =>
      (run.status === 'error' || run.status === 'warning' || run.status === 'cancelled') &&
      run.job !== 'dryRun' &&
      run.outcome!.errorCode !== 'locked' &&
      run.outcome!.concerns.length > 0 &&
      run.isDismissed !== true &&
      !isLogged(
        run,
        logged.filter(({ status }) => status === 'error'),
      ) &&
      !own.some((later) => isSettledBy(run, later)) &&
      !logged.some((later) => isSettledByLogged(run, later)),
  );

/** The failed syncs that no later sync settles. `logged` is newest first. */
export function failedSyncs(logged: readonly LoggedRun[]): LoggedRun[] {
  const settled = new Set<string>();
  const failed: LoggedRun[] = [];
  for (const run of logged.filter(({ command }) => command === 'sync')) {
    if (run.status === 'error' && !settled.has(subjectOf(run))) failed.push(run);
    for (const subject of subjectsSettledBy(run)) settled.add(subject);
  }
  return failed;
}

const subject = (...parts: string[]): string => JSON.stringify(parts);
const anySync = subject('any');

/** The subject of a failed sync: its company, else the asked name at a Tally, else the Tally. Older rows have none of them. */
function subjectOf({ companyId, tallyAddress, askedCompany }: LoggedRun): string {
  if (companyId !== null) return subject('company', companyId);
  if (tallyAddress === null) return anySync;
  return askedCompany === null ? subject('tally', tallyAddress) : subject('asked', tallyAddress, nameKey(askedCompany));
}

/** The subjects whose earlier failures need no entry after this run. A run that failed too has an entry of its own. */
function subjectsSettledBy(run: LoggedRun): string[] {
  const { companyId, companyName, askedCompany, tallyAddress, status } = run;
  if (companyId === null) return status === 'cancelled' ? [anySync] : [anySync, subjectOf(run)];
  const settled = [anySync, subject('company', companyId)];
  if (tallyAddress === null || status === 'cancelled') return settled;
  const names = [companyName, askedCompany].flatMap((name) => (name === null ? [] : nameKey(name)));
  return [...settled, subject('tally', tallyAddress), ...names.map((name) => subject('asked', tallyAddress, name))];
}

/**
 * The rows of the warehouse without those that a run of this window describes better. If a sync failed before Tally named its
 * company, its row has no company, but the run of this window knows which company was asked for.
 */
export function withoutRowsOfOwnRuns(logged: readonly LoggedRun[], own: readonly OwnRun[]): LoggedRun[] {
  const rest = [...logged];
  for (const run of own) {
    if (run.status !== 'error' || run.outcome?.company !== undefined || askedCompany(run) === undefined) continue;
    const at = rest.findIndex((row) => row.companyId === null && row.status === 'error' && isLogged(run, [row]));
    if (at >= 0) rest.splice(at, 1);
  }
  return rest;
}

/** Whether the log has a row of this run, a sync. A failed sync knows no `runId`, so time and company decide too. */
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

/** The tolerance of times, because etl_logs has whole seconds. */
const clockMs = 1000;

/**
 * Whether a later run of the same company, over all days of `run`, settles `run`. The later run may have warnings. It may
 * have failed if it is of the same job, because then it has its own entry. Only a comparison or a reload settles a comparison.
 */
const isSettledBy = (run: OwnRun, later: OwnRun): boolean =>
  later.at > run.at &&
  (later.status === 'ok' || later.status === 'warning' || (later.status === 'error' && later.job === run.job)) &&
  later.job !== 'dryRun' &&
  (run.job !== 'verify' || later.job === 'verify' || later.job === 'clearAndReload') &&
  (companyOfRun(run) === undefined || isOfCompany(companyOfRun(later), companyOfRun(run))) &&
  (run.range === undefined || (later.range !== undefined && covers(later.range, run.range)));

/** Whether a later sync in the log, perhaps another program's, settles a failed sync. A later failure has its own entry. */
const isSettledByLogged = (run: OwnRun, later: LoggedRun): boolean =>
  run.job === 'sync' &&
  run.status === 'error' &&
  later.command === 'sync' &&
  later.status !== 'cancelled' &&
  isOfCompany(later.companyName, askedCompany(run)) &&
  Date.parse(later.runAt) > Date.parse(run.at) + run.durationMs;

const covers = (outer: DateRange, inner: DateRange): boolean => outer.from <= inner.from && outer.to >= inner.to;
