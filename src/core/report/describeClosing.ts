// The text that closes a run, the same in VS Code and on the command line: what happened, in which company and warehouse.
import { t } from '@vscode/l10n';
import { invoiceCount, rangeText, voucherCount } from '../base/countWords.js';
import { formatCount } from '../base/format.js';
import type { JobResult } from '../jobs/job.js';

/**
 * A sentence on what a run changed in the warehouse `place`. After a load, a second one on optional vouchers, if there are any.
 * Neither has a sum of money: optional vouchers are not in the books, so the sum would differ from the summary.
 */
export function describeClosing(result: JobResult, place: string): string {
  const args = {
    place,
    company: result.company.name,
    range: rangeText(result),
    invoices: invoiceCount(result.invoices),
    changes: changesOf(result),
  };
  if (result.dryRun)
    return result.warehouse.state === 'unreachable'
      ? t('Dry run: {invoices} of {company}, {range}, not compared with the warehouse. Nothing was written.', args)
      : t('Dry run: {invoices} of {company}, {range}: {changes} in {place}. Nothing was written.', args);
  const isSame = changedIn(result) + changedIn(result.ledger) === 0;
  const sentence = isSame ? unchanged[result.command](args) : changed[result.command](args);
  return [sentence, ...describeOptional(result)].join(' ');
}

const changedIn = (counts?: Pick<JobResult, 'inserted' | 'updated' | 'removed' | 'missing'>): number =>
  counts === undefined ? 0 : counts.inserted + counts.updated + counts.removed + counts.missing;

/** How many invoices are in the books; empty without optional vouchers, which the view and the summary do not count. */
export function describeOptional({ invoices, optional = 0 }: Pick<JobResult, 'invoices' | 'optional'>): string[] {
  if (optional === 0) return [];
  const args = { books: formatCount(invoices - optional), count: formatCount(optional) };
  return [
    optional === 1
      ? t('{books} are in the books; 1 is an optional voucher.', args)
      : t('{books} are in the books; {count} are optional vouchers.', args),
  ];
}

type Words = (args: { place: string; company: string; range: string; invoices: string; changes: string }) => string;

const changed: Record<JobResult['command'], Words> = {
  sync: (args) => t('Synced {invoices} of {company}, {range}, {changes}, into {place}.', args),
  backfill: (args) => t('Loaded {invoices} of {company}, {range}, {changes}, into {place}.', args),
  'clear-and-reload': (args) => t('Reloaded {invoices} of {company}, {range}, {changes}, into {place}.', args),
};

const unchanged: Record<JobResult['command'], Words> = {
  sync: (args) => t('Synced {range} of {company} into {place}: nothing had changed. {invoices}.', args),
  backfill: (args) => t('Loaded {range} of {company} into {place}: nothing had changed. {invoices}.', args),
  'clear-and-reload': (args) => t('Reloaded {range} of {company} into {place}: nothing had changed. {invoices}.', args),
};

/**
 * The changes as a phrase: `all new`, or `3 new, 2 changed`. Vouchers of the stream `ledger` are named only if no invoice
 * changed: people count invoices first.
 */
function changesOf(result: JobResult): string {
  const { dryRun, invoices, inserted, updated, unchanged: same, removed } = result;
  const vouchers = changedIn(result) === 0 ? changedIn(result.ledger) : 0;
  const kinds: [count: number, words: (count: string) => string][] = dryRun
    ? [
        [inserted, (count) => t('{count} to insert', { count })],
        [updated, (count) => t('{count} to update', { count })],
        [same, (count) => t('{count} unchanged', { count })],
        [removed, (count) => t('{count} to remove', { count })],
      ]
    : [
        [inserted, (count) => t('{count} new', { count })],
        [updated, (count) => t('{count} changed', { count })],
        [same, (count) => t('{count} unchanged', { count })],
        [removed, (count) => t('{count} removed', { count })],
      ];
  if (!dryRun && inserted > 0 && inserted === invoices && removed === 0) return t('all new');
  const happened = kinds.filter(([count]) => count > 0).map(([count, words]) => words(formatCount(count)));
  if (vouchers > 0)
    happened.push(
      dryRun
        ? t('ledger: {vouchers} to write', { vouchers: voucherCount(vouchers) })
        : t('ledger: {vouchers} changed', { vouchers: voucherCount(vouchers) }),
    );
  return happened.length > 0 ? happened.join(', ') : t('nothing to change');
}
