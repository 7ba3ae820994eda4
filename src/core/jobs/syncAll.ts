import { nameKey } from '../base/names.js';
import type { Config } from '../base/config.js';
import { asEtlError, cancelled, type ErrorCode, type EtlError } from '../base/errors.js';
import type { Logger } from '../base/logger.js';
import { findCompany, listCompanies, nameInTally } from '../tally/requests/companies.js';
import { openTally } from './books/books.js';
import type { JobContext, JobResult, Progress } from './job.js';
import type { Remark } from './remark.js';
import { sync } from './sync.js';
import type { Embedded } from '../warehouse/embedded/embedded.js';
import { withSharedEmbedded } from './warehouseSession.js';

/** A company to sync. If its configuration names none: every company that is open in its Tally. */
export interface SyncTarget {
  config: Config;
  /** The name of the warehouse in the result, without user and password. */
  warehouse: string;
}

export interface SyncAllRequest {
  targets: readonly SyncTarget[];
  /** The most companies at a time, at least 1. */
  parallel: number;
}

/** How the sync of one company ended: with a result or with an error. */
export interface CompanySync<Said = string> {
  /** The name in Tally, else in the list; null if none was given and Tally named no open company. */
  company: string | null;
  url: string;
  warehouse: string;
  result?: JobResult<Said>;
  error?: { code: ErrorCode; message: string; hint: string };
  durationMs: number;
}

export interface SyncAllResult<Said = string> {
  command: 'sync';
  all: true;
  companies: CompanySync<Said>[];
  durationMs: number;
}

/** A target before it runs, with its company, or with the error for which it cannot run. */
interface Planned {
  target: SyncTarget;
  company: string | null;
  error?: EtlError;
}

/**
 * Runs `sync` for several companies: at most `parallel` at a time, and one at a time for each Tally, which serves one request
 * after the other (docs/tally.md §2). A target without a company stands for every company that is open in its Tally and that no
 * other target names. A company that fails does not stop the others. The result has the companies in the order of the targets;
 * `onEnded` is called for each as it ends. Throws `cancelled` if cancelled before the first company has begun. After that, each
 * company that was not synced has the error `cancelled` in the result.
 */
export async function syncAll(
  { targets, parallel }: SyncAllRequest,
  context: JobContext,
  describe: (remark: Remark) => string,
  onEnded?: (row: CompanySync<Remark>) => void,
): Promise<SyncAllResult<Remark>> {
  const started = performance.now();
  context.onProgress?.({ phase: 'preparing', invoices: 0, vouchers: 0 });
  const planned = await plan(targets, parallel, context);
  const progress = progressOfAll(planned.length, context);
  const companies: CompanySync<Remark>[] = [];
  const runAll = (embedded?: Embedded): Promise<void> =>
    inTurns(byTally(planned), parallel, async (ofOneTally) => {
      for (const at of ofOneTally) {
        const running = { ...withOwnSignal(context), ...(embedded && { embedded }) };
        const row = await syncOne(planned[at]!, running, describe, progress.of(at));
        companies[at] = row;
        progress.ended();
        onEnded?.(row);
      }
    });
  // All companies have the same data folder, because only the environment sets it.
  const inEmbedded = planned.find(({ target, error }) => target.config.dbUrl === undefined && !error);
  if (inEmbedded) await withSharedEmbedded({ ...context, config: inEmbedded.target.config }, runAll);
  else await runAll();
  return { command: 'sync', all: true, companies, durationMs: Math.round(performance.now() - started) };
}

async function syncOne(
  { target, company, error }: Planned,
  context: JobContext,
  describe: (remark: Remark) => string,
  onProgress: (progress: Progress) => void,
): Promise<CompanySync<Remark>> {
  const started = performance.now();
  const { config, warehouse } = target;
  const about = { company, url: config.tallyUrl, warehouse };
  const took = (): { durationMs: number } => ({ durationMs: Math.round(performance.now() - started) });
  try {
    if (context.signal.aborted) throw cancelled();
    if (error) throw error;
    const logger = loggerOf(company ?? config.tallyUrl, context.logger);
    const result = await sync({ ...context, config, logger, onProgress }, describe);
    return { ...about, company: result.company.name, result, ...took() };
  } catch (thrown) {
    const failure = asEtlError(thrown);
    if (failure.code === 'unexpected') context.logger.debug(failure.stack ?? failure.message);
    const { code, message, hint } = failure;
    return { ...about, error: { code, message, hint }, ...took() };
  }
}

/** Each company of the targets, in their order. If a Tally does not list its companies, one entry has the error. */
async function plan(targets: readonly SyncTarget[], parallel: number, context: JobContext): Promise<Planned[]> {
  const planned: Planned[][] = targets.map((target) => [{ target, company: target.config.company?.trim() ?? null }]);
  const open = targets.flatMap(({ config }, at) => (config.company === undefined ? [at] : []));
  await inTurns(open, parallel, async (at) => {
    const target = targets[at]!;
    const named = targets.flatMap(({ config }) =>
      tallyKey(config) === tallyKey(target.config) && config.company !== undefined ? [config.company] : [],
    );
    planned[at] = await openCompanies(target, named, withOwnSignal(context)).catch((thrown: unknown) => [
      { target, company: null, error: asEtlError(thrown) },
    ]);
  });
  if (context.signal.aborted) throw cancelled();
  return planned.flat();
}

/** The indexes of the planned companies, grouped by Tally. */
function byTally(planned: readonly Planned[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [at, { target }] of planned.entries()) {
    const key = tallyKey(target.config);
    groups.set(key, [...(groups.get(key) ?? []), at]);
  }
  return [...groups.values()];
}

/** The companies that are open in the target's Tally, except those in `named`. Throws `company-not-open` if none is open. */
async function openCompanies(target: SyncTarget, named: readonly string[], context: JobContext): Promise<Planned[]> {
  const { config } = target;
  const client = openTally({ ...context, config });
  try {
    const companies = await listCompanies(client, context.signal);
    if (companies.length === 0) findCompany(companies);
    const others = named.map((name) => {
      try {
        return findCompany(companies, name);
      } catch {
        return undefined; // the target of that name reports that it is not open
      }
    });
    return companies
      .filter((company) => !others.includes(company))
      .map((company) => ({
        target: { ...target, config: { ...config, company: nameInTally(company) } },
        company: company.name,
      }));
  } finally {
    await client.close();
  }
}

/** A signal for each company: Node.js would take many listeners on one signal for a leak, and warn on standard error. */
const withOwnSignal = (context: JobContext): JobContext => ({
  ...context,
  signal: AbortSignal.any([context.signal]),
});

/** Equal for addresses of the same Tally. All names of this computer count as one. */
export function tallyKey({ tallyUrl }: Pick<Config, 'tallyUrl'>): string {
  const { hostname, port, protocol } = new URL(tallyUrl);
  const isHere = /^(localhost|127\.[\d.]+|\[::1\])$/i.test(hostname);
  return nameKey(`${protocol}//${isHere ? 'localhost' : hostname}:${port}`);
}

/** Does `work` for the items in their order, at most `parallel` at a time. */
async function inTurns<T>(items: readonly T[], parallel: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, worker));
}

/** Reports the sum of what all companies have read, and how many have ended. */
function progressOfAll(total: number, { onProgress }: JobContext) {
  const latest = new Map<number, Progress>();
  let ended = 0;
  const report = ({ phase, makesWarehouse }: Pick<Progress, 'phase' | 'makesWarehouse'>): void => {
    const all = [...latest.values()];
    onProgress?.({
      ...{ phase, ...(makesWarehouse && { makesWarehouse }), companies: { ended, total } },
      invoices: all.reduce((sum, one) => sum + one.invoices, 0),
      vouchers: all.reduce((sum, one) => sum + one.vouchers, 0),
    });
  };
  return {
    of:
      (at: number) =>
      (progress: Progress): void => {
        latest.set(at, progress);
        report(progress);
      },
    ended: (): void => {
      ended += 1;
      report({ phase: 'reading' });
    },
  };
}

/** Puts the company's name before each line. Lines of level info become debug, so that many runs do not fill the log. */
function loggerOf(name: string, logger: Logger): Logger {
  const named =
    (level: keyof Logger) =>
    (message: string): void => {
      logger[level](`${name}: ${message}`);
    };
  return {
    ...{ trace: named('trace'), debug: named('debug'), info: named('debug') },
    ...{ warn: named('warn'), error: named('error') },
  };
}
