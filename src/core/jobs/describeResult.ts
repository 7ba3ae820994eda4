import { formatCount, formatCountOf, formatDuration, formatSpan } from '../format.js';
import { alignTable } from './describeTable.js';
import type { JobResult } from './job.js';

/** What Tally sent, of any kind: `Day Book: 12,034 vouchers, dated 2024-04-01 to 2024-10-13`. */
export function describeAnswer({ report, answered, index }: Pick<JobResult, 'report' | 'answered' | 'index'>): string {
  if (answered.vouchers === 0 && index !== null && index.vouchers > 0 && index.unchanged === index.invoices)
    return `Tally's list of ${formatCountOf(index.vouchers, 'voucher')} shows no change since the last load: no report was asked for`;
  const span =
    answered.from !== null && answered.to !== null ? `, dated ${formatSpan(answered.from, answered.to)}` : '';
  return `${report}: ${formatCountOf(answered.vouchers, 'voucher')}${span}`;
}

/** The warnings of a run and why it is not proven; nothing when there is nothing to say. */
export function describeConcerns(result: JobResult): string[] {
  const lines = result.warnings.map((warning) => `Warning: ${warning}`);
  if (result.notProven !== null) lines.push(`Not proven: ${result.notProven}`);
  else if (result.invoices === 0) lines.push(noInvoice[result.command]);
  return lines;
}

const checkDates = 'Tally has no invoice in this range: check the dates, and that the right company is chosen.';
const noInvoice: Record<JobResult['command'], string> = {
  sync: 'Tally has no invoice of these days: none was entered, or another company is chosen.',
  backfill: checkDates,
  'clear-and-reload': checkDates,
};

const headings: Record<JobResult['command'], string> = {
  sync: 'Sync done',
  backfill: 'Backfill done',
  'clear-and-reload': 'Clear and reload done',
};

/** Where sync stands now; nothing for the jobs that leave the checkpoint alone. */
function describeCheckpoint({ checkpoint, to }: JobResult): string[] {
  if (checkpoint === undefined) return [];
  if (checkpoint === null)
    return ["There is no checkpoint: Tally's answer does not prove the first days. The next sync loads them again."];
  return [`The checkpoint stands at ${checkpoint}${checkpoint < to ? ', the last date proven loaded' : ''}.`];
}

/** That a sync looked back, and what came of it; nothing where it could not. */
function describeOlder({ older }: JobResult): string[] {
  if (older === undefined) return [];
  const { invoices, daysReadAgain: days } = older;
  const changes =
    days === 0
      ? 'no day before these had changed'
      : `${formatCountOf(days, 'day')} before these ${days === 1 ? 'was' : 'were'} read again`;
  return [`Compared with Tally's list: ${formatCountOf(invoices, 'invoice')} of the warehouse; ${changes}.`];
}

/**
 * The closing lines of a run in plain text for a monospaced channel, without a line break at the end; `showRejects` is
 * how the reader's face shows what could not be read.
 */
export function describeResult(result: JobResult, showRejects = 'tally-warehouse rejects'): string {
  const removes = result.command === 'clear-and-reload';
  const counts: [string, number, string][] = [
    ['Inserted', result.inserted, ''],
    ['Updated', result.updated, ''],
    ['Unchanged', result.unchanged, ''],
    ['Removed', result.removed, 'no longer in this range in Tally, taken out of the warehouse'],
    [
      'Missing in Tally',
      result.missing,
      `no longer ${result.older === undefined ? 'in this range in Tally' : 'in Tally'}, kept in the warehouse`,
    ],
    ['Rejected', result.rejected, `could not be read and not loaded; which and why: ${showRejects}`],
  ];
  // What a run nearly always has stands there even when it is zero; the rest only when it happened.
  const shown = counts.filter(([title, count, note]) => count > 0 || note === '' || (removes && title === 'Removed'));
  const table = alignTable(
    [
      ['Invoices', formatCount(result.invoices)],
      ...shown.map(([title, count, note]) => [title, formatCount(count), note]),
    ],
    ['left', 'right', 'left'],
  );
  const days = result.dayByDay ? ', day by day' : '';
  const head = result.dryRun ? 'Dry run, nothing was written' : headings[result.command];
  const closing = [...describeOlder(result), ...describeCheckpoint(result), ...describeConcerns(result)];
  return [
    `${head}: ${result.company.name}, ${formatSpan(result.from, result.to)}${days}, in ${formatDuration(result.durationMs)}`,
    describeAnswer(result),
    '',
    ...table.map((line) => `  ${line}`),
    ...(closing.length > 0 ? ['', ...closing] : []),
  ].join('\n');
}
