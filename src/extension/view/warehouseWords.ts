// Texts of the tree, and of the document with a run's details. Pure functions: `now` is an argument.
import { t } from '@vscode/l10n';
import type { Checkpoint, LoggedRun, RejectCount } from '../../core/core.js';
import { dateText, dayCount, rangeText, voucherCount } from '../../core/base/countWords.js';
import { formatCount, formatDuration } from '../../core/base/format.js';
import { inEditorWords } from '../notices/errorWords.js';
import { reasonOf } from './reasonWords.js';
import { markdownTable } from './markdownTable.js';
import { localTime } from '../language/language.js';

/** `just now` (also for the future), `5 min ago`, `3 h ago`, `yesterday`, `12 days ago`. `then` is ISO 8601. */
export function timeAgo(then: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(then)) / 60_000);
  if (minutes < 1) return t('just now');
  if (minutes < 60) return t('{minutes} min ago', { minutes });
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return t('{hours} h ago', { hours });
  const days = Math.floor(hours / 24);
  return days === 1 ? t('yesterday') : t('{count} days ago', { count: formatCount(days) });
}

const commandNames: Record<string, () => string> = {
  sync: () => t('Sync'),
  backfill: () => t('Backfill'),
  'clear-and-reload': () => t('Clear and reload'),
};
/** The editor's name of a run's command; an unknown command, of a newer version, keeps its own name. */
export const commandName = (command: string): string => commandNames[command]?.() ?? command;

/** The checkpoint's date, when it moved, and the overlap. The row's label is the company. */
export const checkpointDescription = ({ lastDate, updatedAt }: Checkpoint, overlapDays: number, now: number): string =>
  [dateText(lastDate), timeAgo(updatedAt, now), t('overlap {overlap}', { overlap: dayCount(overlapDays) })].join(' · ');

/** Markdown. */
export function checkpointTooltip(checkpoint: Checkpoint, overlapDays: number, now: number): string {
  return markdownTable(t('Checkpoint of {company}', { company: checkpoint.companyName }), [
    [t('Loaded up to'), dateText(checkpoint.lastDate)],
    [t('Last moved'), `${localTime(checkpoint.updatedAt)} (${timeAgo(checkpoint.updatedAt, now)})`],
    [t('Overlap'), t('{overlap}, read again by each sync for late edits', { overlap: dayCount(overlapDays) })],
  ]);
}

export const runTitle = (run: LoggedRun): string => [commandName(run.command), rangeOf(run)].filter(Boolean).join(' ');

/** The outcome and the time come first, because a narrow side bar cuts off the end. The tooltip has everything. */
export function runDescription(run: LoggedRun, now: number): string {
  return [howItEnded(run), timeAgo(run.runAt, now), rangeOf(run), formatDuration(run.durationMs)]
    .filter(Boolean)
    .join(' · ');
}

const howItEnded = (run: LoggedRun): string =>
  run.status === 'ok' ? shortCounts(run) : run.status === 'error' ? failedText(run.errorCode) : statusWords.cancelled();

/** `failed: Tally not reachable`. */
export function failedText(errorCode: string | null | undefined): string {
  const reason = reasonOf(errorCode);
  return reason === undefined ? statusWords.error() : t('failed: {reason}', { reason });
}

/** A failed sync that needs attention. */
export const loggedConcern = (run: LoggedRun, now: number): string =>
  [failedText(run.errorCode), ...(run.companyName === null ? [] : [run.companyName]), timeAgo(run.runAt, now)].join(
    ' · ',
  );

/** Markdown. */
export function runTooltip(run: LoggedRun, now: number): string {
  const error = errorOf(run);
  const range = rangeOf(run);
  return markdownTable(`${commandName(run.command)}: ${statusWords[run.status]()}`, [
    ...(error === null ? [] : [[t('Error'), error] as const]),
    ...(range === '' ? [] : [[t('Range'), range] as const]),
    ...(run.companyName === null ? [] : [[t('Company'), run.companyName] as const]),
    [t('Started'), `${localTime(run.runAt)} (${timeAgo(run.runAt, now)})`],
    [t('Took'), formatDuration(run.durationMs)],
    ...allCounts(run),
  ]);
}

/** `3 vouchers could not be read`, with the count of each company if there are several. */
export function rejectsDescription(rejects: readonly RejectCount[]): string {
  const total = rejects.reduce((sum, company) => sum + company.rejects, 0);
  const all =
    total === 1
      ? t('1 voucher could not be read')
      : t('{vouchers} could not be read', { vouchers: voucherCount(total) });
  if (rejects.length < 2) return all;
  const each = rejects.map(({ rejects: n, companyName: company }) =>
    t('{count} of {company}', { count: formatCount(n), company }),
  );
  return `${all}: ${each.join(', ')}`;
}

/** All that the log has of a run, as a plain text document. `rejected`: a text about the vouchers that the run rejected. */
export function runDetails(run: LoggedRun, rejected?: string): string {
  const rows: (readonly [string, string])[] = [
    [t('Status'), statusWords[run.status]()],
    [t('Company'), run.companyName ?? t('not known: the run ended before Tally said')],
    [t('Company id'), run.companyId ?? '-'],
    [t('Stream'), run.stream],
    [t('Command'), run.command],
    [t('Range'), rangeOf(run) || t('not known: the run ended before its range was determined')],
    [t('Started'), `${localTime(run.runAt)} (${run.runAt})`],
    [t('Took'), formatDuration(run.durationMs)],
  ];
  const error = errorOf(run);
  const lines = inColumns(rows, allCounts(run));
  return [
    runTitle(run),
    '',
    ...(error === null ? [] : [`${t('Error')} ${run.errorCode ?? ''}`.trimEnd(), ...wrapped(error), '']),
    ...lines,
    '',
    t('Run {runId}, row {row} of etl_logs', { runId: run.runId, row: run.id }),
    ...(rejected === undefined
      ? []
      : ['', t('What could not be read:'), rejected, t('What Tally sent is shown by Tally: Show Rejected Vouchers.')]),
    '',
  ].join('\n');
}

/** Wraps the long lines of a text, for a document beside a side bar. Lines that fit stay as they are. */
export const withWrappedLines = (text: string): string =>
  text
    .split('\n')
    .flatMap((line) => (line.length > 100 ? wrapped(line) : [line]))
    .join('\n');

/** Lines of at most 100 characters; a longer word is a line of its own. */
const wrapped = (text: string): string[] => text.match(/\S.{0,98}\S(?=\s|$)|\S+/g) ?? [];

/** Rows in columns: names, then values or right-aligned numbers. If a name is not ASCII, its width is unknown: no columns. */
function inColumns(rows: (readonly [string, string])[], numbers: (readonly [string, string])[]): string[] {
  const names = [...rows, ...numbers].map(([name]) => name);
  if (!/^[ -~]*$/.test(names.join('')))
    return [...rows, undefined, ...numbers].map((row) => (row === undefined ? '' : row.join(': ')));
  const width = Math.max(...names.map((name) => name.length)) + 2;
  const digits = Math.max(...numbers.map(([, number]) => number.length));
  return [
    ...rows.map(([name, value]) => name.padEnd(width) + value),
    '',
    ...numbers.map(([name, number]) => name.padEnd(width) + number.padStart(digits)),
  ];
}

/** The error of a run, with the editor's names of settings; null if there is none. */
export const errorOf = ({ error }: LoggedRun): string | null => (error === null ? null : inEditorWords(error));

export const statusWords: Record<LoggedRun['status'], () => string> = {
  ok: () => t('done'),
  error: () => t('failed'),
  cancelled: () => t('cancelled'),
};

const rangeOf = ({ from, to }: LoggedRun): string => (from !== null && to !== null ? rangeText({ from, to }) : '');

/** The counts of new, changed, missing and rejected invoices that are not 0. If all are 0: the unchanged ones. */
export function shortCounts(
  run: Pick<LoggedRun, 'rows' | 'inserted' | 'updated' | 'unchanged' | 'missing' | 'rejected'>,
): string {
  const parts = [
    ...(run.inserted > 0 ? [t('{count} new', { count: formatCount(run.inserted) })] : []),
    ...(run.updated > 0 ? [t('{count} changed', { count: formatCount(run.updated) })] : []),
    ...(run.missing > 0 ? [t('{count} missing', { count: formatCount(run.missing) })] : []),
    ...(run.rejected > 0 ? [t('{count} rejected', { count: formatCount(run.rejected) })] : []),
  ];
  if (parts.length > 0) return parts.join(', ');
  return run.rows === 0 ? t('no invoices') : t('{count} unchanged', { count: formatCount(run.unchanged) });
}

/** The number of invoices that were read, and the other counts that are not 0. */
function allCounts(run: LoggedRun): (readonly [string, string])[] {
  const counts: [string, number][] = [
    [t('Inserted'), run.inserted],
    [t('Updated'), run.updated],
    [t('Unchanged'), run.unchanged],
    [t('Missing in Tally'), run.missing],
    [t('Rejected'), run.rejected],
  ];
  const shown = counts.filter(([, count]) => count > 0);
  return [[t('Invoices'), run.rows] as const, ...shown].map(([name, count]) => [name, formatCount(count)]);
}
