// What the tree, the status bar and the details of a run say. Pure: `now` comes in.
import type { Checkpoint, LoggedRun, RejectCount } from '../core/core.js';
import { formatCount, formatCountOf, formatDuration } from '../core/format.js';
import { inEditorWords, rangeText } from './messages.js';

/** `just now`, `5 min ago`, `3 h ago`, `yesterday`, `12 days ago`; `then` is ISO 8601. A clock that differs is now. */
export function timeAgo(then: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(then)) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  return days === 1 ? 'yesterday' : `${formatCount(days)} days ago`;
}

const commandNames: Record<string, string> = {
  sync: 'Sync',
  backfill: 'Backfill',
  'clear-and-reload': 'Clear and reload',
};
/** The command of a run as the editor names it; one of a newer version by its own name. */
export const commandName = (command: string): string => commandNames[command] ?? command;

/** `1 day`, `0 days`. */
const days = (n: number): string => formatCountOf(n, 'day');

/** The company stands first only where there are several: it pushes the date out of a narrow side bar. */
export const checkpointLabel = ({ stream, companyName }: Checkpoint, several: boolean): string =>
  several ? `${stream} · ${companyName}` : stream;

export function checkpointDescription(
  { lastDate, updatedAt, companyName }: Checkpoint,
  several: boolean,
  overlapDays: number,
  now: number,
): string {
  const parts = [lastDate, timeAgo(updatedAt, now), `overlap ${days(overlapDays)}`];
  return (several ? parts : [...parts, companyName]).join(' · ');
}

/** Markdown. */
export function checkpointTooltip(checkpoint: Checkpoint, overlapDays: number, now: number): string {
  return table(`Checkpoint of ${checkpoint.stream}`, [
    ['Company', checkpoint.companyName],
    ['Loaded up to', checkpoint.lastDate],
    ['Last moved', `${localTime(checkpoint.updatedAt)} (${timeAgo(checkpoint.updatedAt, now)})`],
    ['Overlap', `${days(overlapDays)}, read again by each sync for late edits`],
  ]);
}

export const runLabel = (run: LoggedRun): string => [commandName(run.command), rangeOf(run)].filter(Boolean).join(' ');

export function runDescription(run: LoggedRun, now: number): string {
  const what = run.status === 'ok' ? shortCounts(run) : statusWords[run.status];
  return `${what} · ${formatDuration(run.durationMs)} · ${timeAgo(run.runAt, now)}`;
}

/** Markdown. */
export function runTooltip(run: LoggedRun, now: number): string {
  return table(`${runLabel(run)}: ${statusWords[run.status]}`, [
    ...(run.companyName === null ? [] : [['Company', run.companyName] as const]),
    ['Started', `${localTime(run.runAt)} (${timeAgo(run.runAt, now)})`],
    ['Took', formatDuration(run.durationMs)],
    ...allCounts(run),
    ...(run.error === null ? [] : [['Error', inEditorWords(run.error)] as const]),
  ]);
}

/** `3 vouchers could not be read`; the companies only where there are several. */
export function rejectsDescription(rejects: readonly RejectCount[]): string {
  const total = rejects.reduce((sum, company) => sum + company.rejects, 0);
  const each = rejects.map((company) => `${formatCount(company.rejects)} of ${company.companyName}`).join(', ');
  return `${formatCountOf(total, 'voucher')} could not be read${rejects.length > 1 ? `: ${each}` : ''}`;
}

/** Everything on record about a run, as a plain text document; `rejected` is what is known of its rejects. */
export function runDetails(run: LoggedRun, rejected?: string): string {
  const rows: (readonly [string, string])[] = [
    ['Status', statusWords[run.status]],
    ['Company', run.companyName ?? 'not known: the run ended before Tally said'],
    ['Company id', run.companyId ?? '-'],
    ['Stream', run.stream],
    ['Command', run.command],
    ['Range', rangeOf(run) || 'not known: the run ended before it was settled'],
    ['Started', `${localTime(run.runAt)} (${run.runAt})`],
    ['Took', formatDuration(run.durationMs)],
  ];
  const numbers = allCounts(run);
  const width = Math.max(...[...rows, ...numbers].map(([name]) => name.length)) + 2;
  const digits = Math.max(...numbers.map(([, number]) => number.length));
  const lines = (list: (readonly [string, string])[]): string[] =>
    list.map(([name, value]) => `${name.padEnd(width)}${value}`);
  return [
    runLabel(run),
    '',
    ...lines(rows),
    '',
    ...lines(numbers.map(([name, number]) => [name, number.padStart(digits)])),
    '',
    ...(run.error === null ? [] : [`Error ${run.errorCode ?? ''}`.trimEnd(), inEditorWords(run.error), '']),
    `Run ${run.runId}, row ${run.id} of etl_logs`,
    ...(rejected === undefined
      ? []
      : ['', 'What could not be read:', rejected, 'What Tally sent is shown by Tally: Show Rejects.']),
    '',
  ].join('\n');
}

const statusWords: Record<LoggedRun['status'], string> = { ok: 'done', error: 'failed', cancelled: 'cancelled' };

const rangeOf = ({ from, to }: LoggedRun): string => (from !== null && to !== null ? rangeText({ from, to }) : '');

/** What changed; what stayed the same only where nothing did. */
function shortCounts(run: LoggedRun): string {
  const parts = [
    ...(run.inserted > 0 ? [`${formatCount(run.inserted)} new`] : []),
    ...(run.updated > 0 ? [`${formatCount(run.updated)} changed`] : []),
    ...(run.missing > 0 ? [`${formatCount(run.missing)} missing`] : []),
    ...(run.rejected > 0 ? [`${formatCount(run.rejected)} rejected`] : []),
  ];
  if (parts.length > 0) return parts.join(', ');
  return run.rows === 0 ? 'no invoices' : `${formatCount(run.unchanged)} unchanged`;
}

const allCounts = (run: LoggedRun): (readonly [string, string])[] => [
  ['Invoices', formatCount(run.rows)],
  ['Inserted', formatCount(run.inserted)],
  ['Updated', formatCount(run.updated)],
  ['Unchanged', formatCount(run.unchanged)],
  ['Missing in Tally', formatCount(run.missing)],
  ['Rejected', formatCount(run.rejected)],
];

/** `2026-04-01 14:04:05` by this computer's clock: Swedish is the locale that writes it so. */
const localTime = (iso: string): string => new Date(iso).toLocaleString('sv-SE');

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
  if (last === 'never') return '$(database) Tally: never synced';
  const ago = timeAgo(last.at, now);
  if (last.state === 'ok') return `$(check) Tally: synced ${ago}`;
  return last.state === 'error' ? `$(error) Tally: sync failed ${ago}` : `$(circle-slash) Tally: sync cancelled ${ago}`;
}

export function statusBarTooltip(last: LastSync | 'never'): string {
  if (last === 'never') return 'No sync is on record in this warehouse.';
  const company = last.company === null ? '' : ` of “${last.company}”`;
  const head = `Last sync${company}: ${statusWords[last.state]}, started ${localTime(last.at)}.`;
  return last.error === null ? head : `${head}\n${inEditorWords(last.error)}`;
}

export const statusBarRunning = (name: string, percent: number | undefined): string =>
  `$(sync~spin) Tally: ${name}${percent === undefined ? '…' : ` ${percent} %`}`;
