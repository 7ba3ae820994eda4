import { t } from '@vscode/l10n';
import { dateText, invoiceCount, rangeText, voucherCount } from '../base/countWords.js';
import { formatCount, formatDuration } from '../base/format.js';
import { describeClosing } from './describeClosing.js';
import { alignTable } from './describeTable.js';
import type { JobResult } from '../jobs/job.js';

/**
 * Tally's answer in one line: `Day Book: 12,034 vouchers, dated 1 Apr – 13 Oct 2024`. Counts vouchers of every kind. If Tally's
 * list showed no change, so that no report was requested, the line says so.
 */
export function describeAnswer({ report, answered, index }: Pick<JobResult, 'report' | 'answered' | 'index'>): string {
  if (answered.vouchers === 0 && index !== null && index.vouchers > 0 && index.unchanged === index.invoices)
    return t("Tally's list of {vouchers} shows no change since the last load: no report was asked for", {
      vouchers: voucherCount(index.vouchers),
    });
  const { from, to } = answered;
  const vouchers = voucherCount(answered.vouchers);
  if (from === null || to === null) return `${report}: ${vouchers}`;
  return t('{report}: {vouchers}, dated {range}', { report, vouchers, range: rangeText({ from, to }) });
}

/** Tally's answer, and the duration of the run. */
function describeHow(result: JobResult): string {
  const args = { answer: describeAnswer(result), duration: formatDuration(result.durationMs) };
  return result.dayByDay ? t('{answer} (day by day, {duration})', args) : `${args.answer} (${args.duration})`;
}

/** The warnings of a run, then why it is not proven. A proven run without invoices and rejects gets a line on that instead. */
export function describeConcerns(result: JobResult): string[] {
  const lines = result.warnings.map((warning) => t('Warning: {warning}', { warning }));
  if (result.notProven !== null) lines.push(t('Not proven: {reason}', { reason: result.notProven }));
  else if (result.invoices === 0 && result.rejected === 0) lines.push(describeNone(result));
  return lines;
}

function describeNone({ files, command }: JobResult): string {
  if (files) return t('The file has no invoice in this range: check the dates, and that it is the right file.');
  return command === 'sync'
    ? t('Tally has no invoice of these days: none was entered, or another company is chosen.')
    : t('Tally has no invoice in this range: check the dates, and that the right company is chosen.');
}

/** The checkpoint after a sync; empty for the jobs that do not touch the checkpoint. */
function describeCheckpoint({ checkpoint, to }: JobResult): string[] {
  if (checkpoint === undefined) return [];
  if (checkpoint === null)
    return [t("There is no checkpoint: Tally's answer does not prove the first days. The next sync loads them again.")];
  return [
    checkpoint < to
      ? t('The checkpoint is {date}, the last date proven loaded.', { date: dateText(checkpoint) })
      : t('The checkpoint is {date}.', { date: dateText(checkpoint) }),
  ];
}

/** The result of a sync's comparison of older days with Tally's list; empty if they were not compared. */
function describeOlder({ older }: JobResult): string[] {
  if (older === undefined) return [];
  const { daysReadAgain: days } = older;
  const args = { invoices: invoiceCount(older.invoices), count: formatCount(days) };
  if (days === 0)
    return [t("Compared with Tally's list: {invoices} of the warehouse; no day before these had changed.", args)];
  return [
    days === 1
      ? t("Compared with Tally's list: {invoices} of the warehouse; 1 day before these was read again.", args)
      : t("Compared with Tally's list: {invoices} of the warehouse; {count} days before these were read again.", args),
  ];
}

/** The vouchers of the stream `ledger`, in one line below the table of invoices: an accountant looks at invoices first. */
function describeLedger(ledger: NonNullable<JobResult['ledger']>): string[] {
  const { inserted, updated, unchanged, removed, missing } = ledger;
  const counts: [text: string, count: number][] = [
    [t('{count} inserted', { count: formatCount(inserted) }), inserted],
    [t('{count} updated', { count: formatCount(updated) }), updated],
    [t('{count} unchanged', { count: formatCount(unchanged) }), unchanged],
    [t('{count} removed', { count: formatCount(removed) }), removed],
    [t('{count} missing in Tally', { count: formatCount(missing) }), missing],
  ];
  const shown = counts.filter(([, count]) => count > 0).map(([text]) => text);
  const vouchers = voucherCount(ledger.vouchers);
  return [t('Ledger: {vouchers}', { vouchers: shown.length > 0 ? `${vouchers} (${shown.join(', ')})` : vouchers })];
}

/**
 * The closing lines of a run into the warehouse `place`, without a final line break. `showRejects` names the command with which
 * the reader sees rejected vouchers, in VS Code or on the command line.
 */
export function describeResult(result: JobResult, place: string, showRejects = 'tally-warehouse rejects'): string {
  const removes = result.command === 'clear-and-reload';
  // Counts with `isKept` are shown even if they are 0; the others only if they are not.
  const counts: [title: string, count: number, note: string, isKept: boolean][] = [
    [t('Inserted'), result.inserted, '', true],
    [t('Updated'), result.updated, '', true],
    [t('Unchanged'), result.unchanged, '', true],
    [t('Removed'), result.removed, t('no longer in this range in Tally, taken out of the warehouse'), removes],
    [
      t('Missing in Tally'),
      result.missing,
      result.older === undefined
        ? t('no longer in this range in Tally, kept in the warehouse')
        : t('no longer in Tally, kept in the warehouse'),
      false,
    ],
    [
      t('Rejected'),
      result.rejected,
      t('could not be read and not loaded; which and why: {showRejects}', { showRejects }),
      false,
    ],
  ];
  const shown = counts.filter(([, count, , isKept]) => isKept || count > 0);
  const table = alignTable(
    [
      [t('Invoices'), formatCount(result.invoices)],
      ...(result.optional
        ? [[t('Optional'), formatCount(result.optional), t('loaded, not in the books: no view or summary counts them')]]
        : []),
      ...shown.map(([title, count, note]) => [title, formatCount(count), note]),
    ],
    ['left', 'right', 'left'],
  );
  const { ledger } = result;
  if (ledger) table.push(...describeLedger(ledger));
  const closing = [...describeOlder(result), ...describeCheckpoint(result), ...describeConcerns(result)];
  return [
    describeClosing(result, place),
    describeHow(result),
    '',
    ...table.map((line) => `  ${line}`),
    ...(closing.length > 0 ? ['', ...closing] : []),
  ].join('\n');
}
