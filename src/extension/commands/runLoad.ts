import type { CalendarDate, Config, JobResult } from '../../core/core.js';
import { asEtlError } from '../../core/base/errors.js';
import type { LoadAnswer } from '../jobs/jobMessages.js';
import { isDryRun, type Load, type LoadOfBooks, sync } from '../jobs/load.js';
import type { Button } from '../notices/buttons.js';
import { asSentence, errorText } from '../notices/errorWords.js';
import { messages } from '../messages.js';
import type { Books, GivenInvoices } from '../settings/booksInUse.js';
import type { LineAction } from '../pages/textDocuments.js';
import { isStoppedDemo } from '../view/companyInView.js';
import { ownRunTitle } from '../view/ownRunWords.js';
import type { Outcome, OwnRun } from '../view/runHistory.js';
import { progressText, resultText } from '../view/runWords.js';
import type { LastSync } from '../view/statusBarWords.js';
import { shortCounts, withWrappedLines } from '../view/warehouseWords.js';
import type { Parts } from './command.js';
import { recordedRun, type RecordedRun } from './recordedRun.js';
import { saveDryRun } from './saveDryRun.js';
import { settlePlaces } from './settlePlaces.js';

/**
 * Runs a load for a row. If the row is of the demo company and the demo does not run, the message says so, and not that
 * Tally is unreachable or the company not open.
 */
export async function runLoadOfRow(
  parts: Parts,
  { companyId, companyName }: { companyId: string | null; companyName: string | null },
  asked: LoadOfBooks,
): Promise<void> {
  try {
    await runLoad(parts, asked);
  } catch (thrown) {
    const { code } = asEtlError(thrown);
    const isAway = code === 'tally-unreachable' || code === 'company-not-open';
    if (!isAway || companyId === null || !isStoppedDemo(companyId, parts.books.now().inDemo)) throw thrown;
    parts.notifier.logError(thrown);
    parts.notifier.offer('error', messages.demo.isDemo(companyName ?? companyId), ['Start Demo Company', 'Show Log']);
  }
}

/** Runs a load under a progress notification and shows how it ended. Does nothing if the user leaves a question. */
export async function runLoad(parts: Parts, { load, books }: LoadOfBooks): Promise<void> {
  if (!books.inDemo && !(await settlePlaces(parts))) return;
  const config = await parts.books.configOf(books);
  const answer = await recordedLoad(parts, { load, books }, config, ({ onPercent, signal }) =>
    parts.runner.run(load.job, load.request, config, {
      title: messages.of(titleOf(load), books.inDemo),
      text: progressText,
      ...{ onPercent, signal },
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

/** The buttons of the closing message. Show Summary is offered only if invoices were read. */
const closingButtons = ({ rejected, invoices }: JobResult): Button[] => [
  ...(rejected > 0 ? (['Show Rejected Vouchers'] as const) : []),
  ...(invoices > 0 ? (['Show Summary'] as const) : []),
  'Show Log',
];

/** Syncs the user's own company, and shows progress in the status bar only. Throws EtlError. */
export async function runQuietSync(parts: Parts): Promise<void> {
  const books = { inDemo: false };
  const config = await parts.books.configOf(books);
  const answer = await recordedLoad(parts, { load: sync, books }, config, ({ onPercent, signal }) =>
    parts.runner.runQuietly('sync', undefined, config, {
      signal,
      onProgress: (_, percent) => {
        onPercent(percent);
      },
    }),
  );
  parts.log[resultText(answer).worrying ? 'warn' : 'info'](answer.text);
}

/**
 * Records a load, as `recordedRun` does. `tell` gets how a sync ended, also if it failed, but not if another run had
 * locked the company. By default the status bar shows it.
 */
export async function recordedLoad(
  parts: Parts,
  asked: LoadOfBooks,
  config: Config,
  work: (recorded: RecordedRun) => Promise<LoadAnswer>,
  tell: (last: LastSync) => void = (last) => {
    showLastSync(parts, asked.books, last);
  },
): Promise<LoadAnswer> {
  const { load, books } = asked;
  const at = new Date().toISOString();
  const remember = (state: 'ok' | 'error' | 'cancelled', company: string | null, error: string | null): void => {
    if (load.job === 'sync') tell({ state, at, company, error });
  };
  const job: OwnRun['job'] = isDryRun(load) ? 'dryRun' : load.job;
  const range = load.request && { from: load.request.from, to: load.request.to };
  try {
    const given = { job, range, again: { load: asked }, inDemo: books.inDemo };
    const answer = await recordedRun(parts, given, config, work, (answer) => outcomeOf(answer, job, books.inDemo));
    const { company, notProven } = answer.result;
    remember(notProven === null ? 'ok' : 'error', company.name, notProven);
    return answer;
  } catch (thrown) {
    const error = asEtlError(thrown);
    if (error.code === 'cancelled') remember('cancelled', null, null);
    else if (error.code !== 'locked') remember('error', null, errorText(error)); // a locked sync did not take place
    throw thrown;
  }
}

/** Shows a sync in the status bar, if it was of the books in use: the demo's while the demo runs. */
export function showLastSync(parts: Parts, { inDemo }: Books, last: LastSync): void {
  if (inDemo === parts.books.now().inDemo) parts.statusBar.showLast(last);
}

function outcomeOf(answer: LoadAnswer, job: OwnRun['job'], inDemo: boolean): Outcome {
  const { result, text } = answer;
  const { company, warnings, notProven, runId } = result;
  const days = [...new Set([...(result.doubtfulDays ?? []), ...result.holes.map(({ date }) => date)])].sort();
  return {
    status: resultText(answer).worrying ? 'warning' : 'ok',
    short: shortCounts({ ...result, rows: result.invoices }),
    concerns: [...(notProven === null ? [] : [notProven]), ...warnings].map(asSentence),
    ...{ company, runId, days },
    document: {
      ...{
        title: ownRunTitle({ job, range: result }),
        key: runId,
        text: `${result.dryRun ? text : withWrappedLines(text)}\n`,
      },
      actions: result.dryRun ? [] : days.slice(0, mostDays).map((day) => showDay(day, company, inDemo)),
    },
  };
}

/** The most days with a link, so that a report does not begin with a long list. The view's row opens the whole span. */
const mostDays = 5;

/** A link in the report of a run to the invoices of a day that the run warns of. */
function showDay(day: CalendarDate, { id, name }: JobResult['company'], inDemo: boolean): LineAction {
  const given: GivenInvoices = { from: day, to: day, inDemo, companyId: id, company: name };
  return { line: 0, command: { title: messages.tree.showDay(day), command: 'tally.showInvoices', arguments: [given] } };
}

function titleOf(load: Load): string {
  if (load.job === 'sync') return messages.syncTitle();
  if (load.job === 'clearAndReload') return messages.reloadTitle(load.request);
  return isDryRun(load) ? messages.dryRunTitle(load.request) : messages.backfillTitle(load.request);
}
