import { t } from '@vscode/l10n';
import { nameKey } from '../base/names.js';
import type { Config } from '../base/config.js';
import { endOf, failureOf, type Failure } from '../base/companyEnd.js';
import { asEtlError, cancelled, EtlError } from '../base/errors.js';
import type { Logger } from '../base/logger.js';
import { tallyKey } from '../base/tallyAddress.js';
import { companiesOfName, type Company, findCompany, listCompanies, nameInTally } from '../tally/requests/companies.js';
import { openTally } from './books/books.js';
import type { JobContext, JobResult, Progress } from './job.js';
import { EndedEarly } from './load/result.js';
import type { Remark } from './remark.js';
import { sync } from './sync.js';
import type { Embedded } from '../warehouse/embedded/embedded.js';
import { withSharedEmbedded } from './warehouseSession.js';

/** A company to sync; or every company that is open in its Tally, if the configuration names none. */
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
  error?: Failure;
  durationMs: number;
}

export interface SyncAllResult<Said = string> {
  command: 'sync';
  all: true;
  companies: CompanySync<Said>[];
  leftOut: LeftOut[];
  durationMs: number;
}

/**
 * A company that is not synced from this Tally, because another Tally also has it open, and both would load it into the same
 * warehouse.
 */
export interface LeftOut {
  company: string;
  url: string;
  warehouse: string;
  /** The address of the Tally from which it is synced. */
  syncedFrom: string;
}

/** One company of a target before its sync, or the error that prevents the sync. */
interface Planned {
  target: SyncTarget;
  company: string | null;
  /** The company as Tally lists it; only for targets that name no company. */
  open?: Company;
  error?: EtlError;
}

/**
 * Runs `sync` for several companies: at most `parallel` at a time, and one at a time for each Tally, which serves one request
 * after the other (docs/tally.md §2). A target without a company stands for every company that is open in its Tally and that no
 * other target names. If such targets find one company in several Tallies, and it goes into one warehouse, the company is
 * synced from the first Tally only: a second run would find it locked. A company that fails does not stop the others. The
 * result has the companies in the order of the targets; `onEnded` is called for each as it ends. Throws `cancelled` if
 * cancelled before the first company has begun. After that, each company that was not synced has the error `cancelled` in the
 * result.
 */
export async function syncAll(
  { targets, parallel }: SyncAllRequest,
  context: JobContext,
  describe: (remark: Remark) => string,
  onEnded?: (row: CompanySync<Remark>) => void,
): Promise<SyncAllResult<Remark>> {
  const started = performance.now();
  context.onProgress?.({ phase: 'preparing', invoices: 0, vouchers: 0 });
  const { planned, leftOut } = oncePerWarehouse(await plan(targets, parallel, context));
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
  return { command: 'sync', all: true, companies, leftOut, durationMs: Math.round(performance.now() - started) };
}

async function syncOne(
  { target, company, error: unplanned }: Planned,
  context: JobContext,
  describe: (remark: Remark) => string,
  onProgress: (progress: Progress) => void,
): Promise<CompanySync<Remark>> {
  const { config, warehouse } = target;
  const { result, error, durationMs } = await endOf(context.signal, () => {
    if (unplanned) throw unplanned;
    const logger = loggerOf(company ?? config.tallyUrl, context.logger);
    return sync({ ...context, config, logger, onProgress }, describe);
  });
  if (error?.code === 'unexpected') context.logger.debug(error.stack ?? error.message);
  return {
    ...{ company: result?.company.name ?? company, url: config.tallyUrl, warehouse },
    ...(error ? { error: failureOf(error instanceof EndedEarly ? error.inWords(describe) : error) } : { result }),
    durationMs,
  };
}

/**
 * The companies of the targets, in the order of the targets. If a Tally does not list its companies, one entry has the error.
 */
async function plan(targets: readonly SyncTarget[], parallel: number, context: JobContext): Promise<Planned[]> {
  const planned: Planned[][] = targets.map((target) => [{ target, company: target.config.company?.trim() ?? null }]);
  const open = targets.flatMap(({ config }, at) => (config.company === undefined ? [at] : []));
  await inTurns(open, parallel, async (at) => {
    const target = targets[at]!;
    const named = targets.flatMap(({ config: { tallyUrl, company, dbUrl } }) =>
      tallyKey({ tallyUrl }) === tallyKey(target.config) && company !== undefined ? [{ company, dbUrl }] : [],
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

/**
 * If several Tallies have the same company open, and it goes into one warehouse, keeps only the company of the first Tally.
 * Parts of a split company share a GUID (docs/tally.md §2), so name and begin of the books must be the same too.
 */
function oncePerWarehouse(all: readonly Planned[]): { planned: Planned[]; leftOut: LeftOut[] } {
  const first = new Map<string, SyncTarget>();
  const leftOut: LeftOut[] = [];
  const planned = all.filter(({ target, open }) => {
    if (open === undefined) return true;
    const key = JSON.stringify([target.config.dbUrl, open.id.toLowerCase(), nameKey(open.name), open.booksFrom]);
    const kept = first.get(key) ?? target;
    first.set(key, kept);
    if (tallyKey(kept.config) === tallyKey(target.config)) return true;
    const { config, warehouse } = target;
    leftOut.push({ company: open.name, url: config.tallyUrl, warehouse, syncedFrom: kept.config.tallyUrl });
    return false;
  });
  return { planned, leftOut };
}

/**
 * The companies that are open in the target's Tally, except those that other targets name. Throws `company-not-open` if no
 * company is open. Also throws it if a company that another target names, with another warehouse, is not open: it may have been
 * renamed, and would then go into this target's warehouse.
 */
async function openCompanies(
  target: SyncTarget,
  named: readonly { company: string; dbUrl: string | undefined }[],
  context: JobContext,
): Promise<Planned[]> {
  const { config } = target;
  const client = openTally({ ...context, config });
  try {
    const companies = await listCompanies(client, context.signal);
    if (companies.length === 0) findCompany(companies);
    // A name may match several open companies. None of them is taken here: the target with this name reports that it is not
    // clear.
    const others = named.map(({ company, dbUrl }) => ({
      company,
      dbUrl,
      open: companiesOfName(companies, company),
    }));
    const missing = others.find(({ open, dbUrl }) => open.length === 0 && dbUrl !== config.dbUrl);
    if (missing) throw mayBeRenamed(missing.company.trim());
    return companies
      .filter((company) => !others.some(({ open }) => open.includes(company)))
      .map((company) => ({
        target: { ...target, config: { ...config, company: nameInTally(company) } },
        open: company,
        company: company.name,
      }));
  } finally {
    await client.close();
  }
}

const mayBeRenamed = (company: string): EtlError =>
  new EtlError(
    'company-not-open',
    t(
      '“{company}” has a warehouse of its own and is not open under this name. One of the companies that are open here may be “{company}” with another name.',
      { company },
    ),
    t('Open “{company}” in Tally or correct its name in the list, or name each company of this Tally in the list.', {
      company,
    }),
  );

/**
 * Gives each company a signal of its own: Node.js takes many listeners on one signal for a leak, and warns on standard error.
 */
const withOwnSignal = (context: JobContext): JobContext => ({
  ...context,
  signal: AbortSignal.any([context.signal]),
});

/** Calls `work` for the items in their order, at most `parallel` at a time. */
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
