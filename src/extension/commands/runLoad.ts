import type { BackfillRequest, ClearAndReloadRequest, JobResult } from '../../core/core.js';
import { asEtlError } from '../../core/base/errors.js';
import type { Button } from '../notices/buttons.js';
import { errorText } from '../notices/errorWords.js';
import { messages } from '../messages.js';
import { progressText, resultText } from '../view/runWords.js';
import type { Books } from '../settings/booksInUse.js';
import type { Parts } from './command.js';
import type { ShownRun } from '../view/statusBar.js';
import { saveDryRun } from './saveDryRun.js';

export type Load =
  | { job: 'sync'; request: undefined }
  | { job: 'backfill'; request: BackfillRequest }
  | { job: 'clearAndReload'; request: ClearAndReloadRequest };

export interface LoadOfBooks {
  load: Load;
  books: Books;
}

export const sync: Load = { job: 'sync', request: undefined };

/** Runs a load under a progress notification and says how it ended. */
export async function runLoad(parts: Parts, { load, books }: LoadOfBooks): Promise<void> {
  const config = await parts.books.configOf(books);
  const answer = await onRecord(parts, load, books, (shown) =>
    parts.runner.run(load.job, load.request, config, {
      title: messages.of(titleOf(load), books.inDemo),
      text: progressText,
      onPercent: shown.progress,
    }),
  );
  const { result, text } = answer;
  const closing = resultText(answer);
  const severity = closing.worrying ? 'warning' : 'info';
  parts.log[closing.worrying ? 'warn' : 'info'](result.dryRun ? closing.text : text);
  if (result.dryRun) {
    const report = `${text}\n`;
    parts.dryRunChannel.replace(report);
    parts.dryRunChannel.show(true);
    const save = (): Promise<void> => saveDryRun(parts, result, report);
    parts.notifier.offer(severity, closing.text, ['Show Dry Run', 'Save'], { Save: save });
  } else parts.notifier.offer(severity, closing.text, closingButtons(result));
}

/** A backfill leaves no row in the view: the calendar is where its invoices can be seen. */
const closingButtons = ({ rejected, invoices }: JobResult): Button[] => [
  ...(rejected > 0 ? (['Show Rejected Vouchers'] as const) : []),
  ...(invoices > 0 ? (['Show Coverage'] as const) : []),
  'Show Log',
];

/** Syncs the user's own books without a word on the screen but the status bar's. Throws EtlError. */
export async function runScheduledSync(parts: Parts): Promise<void> {
  const books = { inDemo: false };
  const config = await parts.books.configOf(books);
  const answer = await onRecord(parts, sync, books, (shown) =>
    parts.runner.runQuietly('sync', undefined, config, {
      onProgress: (_, percent) => {
        shown.progress(percent);
      },
    }),
  );
  parts.log[resultText(answer).worrying ? 'warn' : 'info'](answer.text);
}

/** Shows a run in the status bar while it is on, and afterwards what it has left in the warehouse. */
async function onRecord<A extends { result: JobResult }>(
  parts: Parts,
  load: Load,
  { inDemo }: Books,
  work: (shown: ShownRun) => Promise<A>,
): Promise<A> {
  const shown = parts.statusBar.begin(messages.running[isDryRun(load) ? 'dryRun' : load.job]());
  const at = new Date().toISOString();
  const remember = (state: 'ok' | 'error' | 'cancelled', company: string | null, error: string | null): void => {
    // The bar tells of the warehouse in use: the demo's while it runs.
    if (load.job === 'sync' && inDemo === parts.books.now().inDemo)
      parts.statusBar.showLast({ state, at, company, error });
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
    parts.warehouse.forget();
  }
}

const isDryRun = (load: Load): boolean => load.request?.dryRun === true;

function titleOf(load: Load): string {
  if (load.job === 'sync') return messages.syncTitle();
  if (load.job === 'clearAndReload') return messages.reloadTitle(load.request);
  return isDryRun(load) ? messages.dryRunTitle(load.request) : messages.backfillTitle(load.request);
}
