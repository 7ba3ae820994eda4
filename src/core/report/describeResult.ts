import { t } from '@vscode/l10n';
import { dateText, invoiceCount, rangeText, voucherCount } from '../base/countWords.js';
import { formatCount, formatDuration } from '../base/format.js';
import { describeClosing } from './describeClosing.js';
import { alignTable } from './describeTable.js';
import type { JobResult } from '../jobs/job.js';

/** What Tally sent, of any kind: `Day Book: 12,034 vouchers, dated 2024-04-01 to 2024-10-13`. */
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

/** The answer, and how long the run took. */
function describeHow(result: JobResult): string {
  const args = { answer: describeAnswer(result), duration: formatDuration(result.durationMs) };
  return result.dayByDay ? t('{answer} (day by day, {duration})', args) : `${args.answer} (${args.duration})`;
}

/** The warnings of a run and why it is not proven; nothing when there is nothing to say. */
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

/** Where sync stands now; nothing for the jobs that leave the checkpoint alone. */
function describeCheckpoint({ checkpoint, to }: JobResult): string[] {
  if (checkpoint === undefined) return [];
  if (checkpoint === null)
    return [t("There is no checkpoint: Tally's answer does not prove the first days. The next sync loads them again.")];
  return [
    checkpoint < to
      ? t('The checkpoint stands at {date}, the last date proven loaded.', { date: dateText(checkpoint) })
      : t('The checkpoint stands at {date}.', { date: dateText(checkpoint) }),
  ];
}

/** That a sync looked back, and what came of it; nothing where it could not. */
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

/** The vouchers of the stream `ledger`, in one line: an accountant counts invoices first. */
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
 * The closing lines of a run into the warehouse `place`, without a final line break. `showRejects` says how the reader's face
 * shows rejects.
 */
export function describeResult(result: JobResult, place: string, showRejects = 'tally-warehouse rejects'): string {
  const removes = result.command === 'clear-and-reload';
  // What a run nearly always has stands there even when it is zero; the rest only when it happened.
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
