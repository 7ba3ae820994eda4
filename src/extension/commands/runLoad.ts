import type { Progress as Notification } from 'vscode';
import type { BackfillRequest, ClearAndReloadRequest, Config, JobResult, Progress } from '../../core/core.js';
import { asEtlError } from '../../core/base/errors.js';
import type { Button } from '../notices/buttons.js';
import { errorText } from '../notices/errorWords.js';
import { messages } from '../messages.js';
import { progressText, resultText } from '../view/runWords.js';
import type { Session } from '../session.js';
import type { ShownRun } from '../view/statusBar.js';
import { saveDryRun } from './saveDryRun.js';

export type Load =
  | { job: 'sync'; request: undefined }
  | { job: 'backfill'; request: BackfillRequest }
  | { job: 'clearAndReload'; request: ClearAndReloadRequest };

/** Whose books are loaded: the demo's or the user's, and which company if not the one that is set. */
export interface Books {
  inDemo: boolean;
  company?: string | undefined;
}

export const sync: Load = { job: 'sync', request: undefined };

/** Runs a load under a progress notification and says how it ended. */
export async function runLoad(session: Session, load: Load, books: Books): Promise<void> {
  const { inDemo, company } = books;
  const config = await session.configFor(inDemo);
  const title = messages.of(titleOf(load), inDemo);
  const notes = progressNotes();
  const { result, text } = await onRecord(session, load, inDemo, (shown) =>
    session.run(load.job, load.request, inCompany(config, company), title, (progress, notification) => {
      shown.progress(percentOf(progress));
      notes(progress, notification);
    }),
  );
  const closing = resultText(result);
  const severity = closing.worrying ? 'warning' : 'info';
  session.log[closing.worrying ? 'warn' : 'info'](result.dryRun ? closing.text : text);
  if (result.dryRun) {
    const report = `${text}\n`;
    session.dryRunChannel.replace(report);
    session.dryRunChannel.show(true);
    const save = (): Promise<void> => saveDryRun(session, result, report);
    session.offer(severity, closing.text, ['Show Dry Run', 'Save…'], { 'Save…': save });
  } else session.offer(severity, closing.text, closingButtons(result));
}

/** A backfill leaves no row in the view: the calendar is where its invoices can be seen. */
const closingButtons = ({ rejected, invoices }: JobResult): Button[] => [
  ...(rejected > 0 ? (['Show Rejects'] as const) : []),
  ...(invoices > 0 ? (['Show Coverage'] as const) : []),
  'Show Log',
];

/** Syncs the user's own books without a word on the screen but the status bar's. Throws EtlError. */
export async function runScheduledSync(session: Session): Promise<void> {
  const config = await session.configFor(false);
  const { result, text } = await onRecord(session, sync, false, (shown) =>
    session.runQuietly('sync', undefined, config, (progress) => {
      shown.progress(percentOf(progress));
    }),
  );
  session.log[resultText(result).worrying ? 'warn' : 'info'](text);
}

export const inCompany = (config: Config, company: string | undefined): Config =>
  company === undefined ? config : { ...config, company };

/** Shows a run in the status bar while it is on, and afterwards what it has left in the warehouse. */
async function onRecord<A extends { result: JobResult }>(
  session: Session,
  load: Load,
  inDemo: boolean,
  work: (shown: ShownRun) => Promise<A>,
): Promise<A> {
  const shown = session.statusBar.begin(nameOf(load));
  const at = new Date().toISOString();
  const remember = (state: 'ok' | 'error' | 'cancelled', company: string | null, error: string | null): void => {
    // The bar tells of the warehouse that is in force: the demo's while it runs.
    if (load.job === 'sync' && inDemo === (session.demo.running !== undefined))
      session.statusBar.showLast({ state, at, company, error });
  };
  try {
    const answer = await work(shown);
    const { company, notProven } = answer.result;
    remember(notProven === null ? 'ok' : 'error', company.name, notProven);
    return answer;
  } catch (thrown) {
    const error = asEtlError(thrown);
    if (error.code === 'cancelled') remember('cancelled', null, null);
    else if (error.code !== 'locked') remember('error', null, errorText(error)); // refused: it did not take place
    throw thrown;
  } finally {
    shown.end();
    session.warehouse.forget();
  }
}

const isDryRun = (load: Load): boolean => load.request?.dryRun === true;

function titleOf(load: Load): string {
  switch (load.job) {
    case 'sync':
      return messages.syncTitle();
    case 'backfill':
      return isDryRun(load) ? messages.dryRunTitle(load.request) : messages.backfillTitle(load.request);
    case 'clearAndReload':
      return messages.reloadTitle(load.request);
  }
}

const nameOf = (load: Load): string => messages.running[isDryRun(load) ? 'dryRun' : load.job]();

/** 0 … 100, undefined where Tally does not say how long its answer is. */
export const percentOf = ({ fraction }: Progress): number | undefined =>
  fraction === undefined ? undefined : Math.min(100, Math.floor(fraction * 100));

/** Turns the core's progress into the notification's text and its bar, which only ever moves on. */
export function progressNotes(): (
  progress: Progress,
  notification: Notification<{ message?: string; increment?: number }>,
) => void {
  let shown = 0;
  return (progress, notification) => {
    const percent = percentOf(progress);
    const increment = Math.max(0, (percent ?? 0) - shown);
    shown += increment;
    notification.report({ message: progressText(progress, percent), increment });
  };
}
