// What the tree, the status bar and the details of a run say. Pure: `now` comes in.
import { t } from '@vscode/l10n';
import type { Checkpoint, LoggedRun, RejectCount } from '../../core/core.js';
import { dateText, dayCount, rangeText, voucherCount } from '../../core/base/countWords.js';
import { formatCount, formatDuration, formatTime } from '../../core/base/format.js';
import { inEditorWords } from '../notices/errorWords.js';
import { localTime } from '../language/language.js';

/** `just now`, `5 min ago`, `3 h ago`, `yesterday`, `12 days ago`; `then` is ISO 8601. A clock that differs is now. */
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
/** The command of a run as the editor names it; one of a newer version by its own name. */
export const commandName = (command: string): string => commandNames[command]?.() ?? command;

/** The company stands first only where there are several: it pushes the date out of a narrow side bar. */
export const checkpointLabel = ({ stream, companyName }: Checkpoint, several: boolean): string =>
  several ? `${stream} · ${companyName}` : stream;

export function checkpointDescription(
  { lastDate, updatedAt, companyName }: Checkpoint,
  several: boolean,
  overlapDays: number,
  now: number,
): string {
  const parts = [
    dateText(lastDate),
    timeAgo(updatedAt, now),
    t('overlap {overlap}', { overlap: dayCount(overlapDays) }),
  ];
  return (several ? parts : [...parts, companyName]).join(' · ');
}

/** Markdown. */
export function checkpointTooltip(checkpoint: Checkpoint, overlapDays: number, now: number): string {
  return table(t('Checkpoint of {stream}', { stream: checkpoint.stream }), [
    [t('Company'), checkpoint.companyName],
    [t('Loaded up to'), dateText(checkpoint.lastDate)],
    [t('Last moved'), `${localTime(checkpoint.updatedAt)} (${timeAgo(checkpoint.updatedAt, now)})`],
    [t('Overlap'), t('{overlap}, read again by each sync for late edits', { overlap: dayCount(overlapDays) })],
  ]);
}

export const runTitle = (run: LoggedRun): string => [commandName(run.command), rangeOf(run)].filter(Boolean).join(' ');

/** How it ended and when comes first: a narrow side bar cuts off the rest, which the tooltip has too. */
export function runDescription(run: LoggedRun, now: number): string {
  const what = run.status === 'ok' ? shortCounts(run) : statusWords[run.status]();
  return [what, timeAgo(run.runAt, now), rangeOf(run), formatDuration(run.durationMs)].filter(Boolean).join(' · ');
}

/** Markdown. */
export function runTooltip(run: LoggedRun, now: number): string {
  const error = errorOf(run);
  const range = rangeOf(run);
  return table(`${commandName(run.command)}: ${statusWords[run.status]()}`, [
    ...(range === '' ? [] : [[t('Range'), range] as const]),
    ...(run.companyName === null ? [] : [[t('Company'), run.companyName] as const]),
    [t('Started'), `${localTime(run.runAt)} (${timeAgo(run.runAt, now)})`],
    [t('Took'), formatDuration(run.durationMs)],
    ...allCounts(run),
    ...(error === null ? [] : [[t('Error'), error] as const]),
  ]);
}

/** `3 vouchers could not be read`; the companies only where there are several. */
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

/** Everything on record about a run, as a plain text document; `rejected` is what is known of its rejects. */
export function runDetails(run: LoggedRun, rejected?: string): string {
  const rows: (readonly [string, string])[] = [
    [t('Status'), statusWords[run.status]()],
    [t('Company'), run.companyName ?? t('not known: the run ended before Tally said')],
    [t('Company id'), run.companyId ?? '-'],
    [t('Stream'), run.stream],
    [t('Command'), run.command],
    [t('Range'), rangeOf(run) || t('not known: the run ended before it was settled')],
    [t('Started'), `${formatTime(new Date(run.runAt), 'second')} (${run.runAt})`],
    [t('Took'), formatDuration(run.durationMs)],
  ];
  const error = errorOf(run);
  const lines = inColumns(rows, allCounts(run));
  return [
    runTitle(run),
    '',
    ...lines,
    '',
    ...(error === null ? [] : [`${t('Error')} ${run.errorCode ?? ''}`.trimEnd(), error, '']),
    t('Run {runId}, row {row} of etl_logs', { runId: run.runId, row: run.id }),
    ...(rejected === undefined
      ? []
      : ['', t('What could not be read:'), rejected, t('What Tally sent is shown by Tally: Show Rejected Vouchers.')]),
    '',
  ].join('\n');
}

/** Names, words and numbers in columns; line by line for letters without a fixed width, as of Indian scripts. */
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

/** What a run failed by, in the words of the editor. */
export const errorOf = ({ error }: LoggedRun): string | null => (error === null ? null : inEditorWords(error));

const statusWords: Record<LoggedRun['status'], () => string> = {
  ok: () => t('done'),
  error: () => t('failed'),
  cancelled: () => t('cancelled'),
};

const rangeOf = ({ from, to }: LoggedRun): string => (from !== null && to !== null ? rangeText({ from, to }) : '');

/** What changed; what stayed the same only where nothing did. */
function shortCounts(run: LoggedRun): string {
  const parts = [
    ...(run.inserted > 0 ? [t('{count} new', { count: formatCount(run.inserted) })] : []),
    ...(run.updated > 0 ? [t('{count} changed', { count: formatCount(run.updated) })] : []),
    ...(run.missing > 0 ? [t('{count} missing', { count: formatCount(run.missing) })] : []),
    ...(run.rejected > 0 ? [t('{count} rejected', { count: formatCount(run.rejected) })] : []),
  ];
  if (parts.length > 0) return parts.join(', ');
  return run.rows === 0 ? t('no invoices') : t('{count} unchanged', { count: formatCount(run.unchanged) });
}

const allCounts = (run: LoggedRun): (readonly [string, string])[] => [
  [t('Invoices'), formatCount(run.rows)],
  [t('Inserted'), formatCount(run.inserted)],
  [t('Updated'), formatCount(run.updated)],
  [t('Unchanged'), formatCount(run.unchanged)],
  [t('Missing in Tally'), formatCount(run.missing)],
  [t('Rejected'), formatCount(run.rejected)],
];

function table(title: string, rows: (readonly [string, string])[]): string {
  const lines = rows.map(([name, value]) => `| ${name} | ${escapeMarkdown(value)} |`);
  return [`**${escapeMarkdown(title)}**`, '', '| | |', '|:--|:--|', ...lines].join('\n');
}

/** Names and errors are data: nothing in them may format, link or break out of a table. */
const escapeMarkdown = (text: string): string => text.replace(/\s+/g, ' ').replace(/[!-/:-@[-`{-~]/g, '\\$&');

/** The last sync on record, as the status bar knows it. */
export interface LastSync {
  state: 'ok' | 'error' | 'cancelled';
  /** ISO 8601. */
  at: string;
  company: string | null;
  error: string | null;
}

export function statusBarText(last: LastSync | 'never', now: number): string {
  if (last === 'never') return `$(database) ${t('Tally: never synced')}`;
  const ago = timeAgo(last.at, now);
  if (last.state === 'ok') return `$(check) ${t('Tally: synced {ago}', { ago })}`;
  return last.state === 'error'
    ? `$(error) ${t('Tally: sync failed {ago}', { ago })}`
    : `$(circle-slash) ${t('Tally: sync cancelled {ago}', { ago })}`;
}

export function statusBarTooltip(last: LastSync | 'never'): string {
  if (last === 'never') return t('No sync has run in this warehouse yet.');
  const said = { status: statusWords[last.state](), time: localTime(last.at), company: last.company ?? '' };
  const head =
    last.company === null
      ? t('Last sync: {status}, started {time}.', said)
      : t('Last sync of “{company}”: {status}, started {time}.', said);
  return last.error === null ? head : `${head}\n${inEditorWords(last.error)}`;
}

export const statusBarRunning = (name: string, percent: number | undefined): string =>
  `$(sync~spin) Tally: ${name}${percent === undefined ? '…' : ` ${percent} %`}`;
