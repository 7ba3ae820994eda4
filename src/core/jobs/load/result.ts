import { t } from '@vscode/l10n';
import { invoiceCount, rangeText } from '../../base/countWords.js';
import { formatDecimal } from '../../base/decimal.js';
import { asEtlError, EtlError } from '../../base/errors.js';
import { paiseOf } from '../../base/format.js';
import { invoiceTypes } from '../../invoice/invoice.js';
import type { Comparison, UnreadTotal } from '../../warehouse/read/comparison.js';
import type { LeftOut } from '../../warehouse/load/leaveOutWorse.js';
import type { DayTypeTotal, JobResult } from '../job.js';
import type { Remark, VoucherRemark } from '../remark.js';
import type { Verdict } from './prove/proof.js';
import type { Reading } from './reading.js';
import type { Run } from './run.js';

/** The fields of a result that reading and writing determine. */
export type RangeResult = Omit<
  JobResult<Remark>,
  'command' | 'company' | 'dryRun' | 'dayByDay' | 'durationMs' | 'runId' | 'checkpoint'
>;

/** Makes the result from what was read, the changes in the warehouse (`comparisons`), and what was left out of files. */
export function resultOf(
  run: Run,
  { reader, list: { list, isWhole } }: Reading,
  { notProven, holes, remarks }: Verdict,
  comparisons: readonly Comparison[],
  warehouse: JobResult<Remark>['warehouse'],
  leftOut?: LeftOut,
): RangeResult {
  const { totals, answered, report } = reader;
  const days = comparisons.flatMap((comparison) => comparison.days);
  const sum = (
    of: keyof (typeof days)[number] & ('invoices' | 'inserted' | 'updated' | 'unchanged' | 'removed'),
  ): number => days.reduce((total, day) => total + day[of], 0);
  const duplicates = comparisons.reduce((total, comparison) => total + comparison.duplicates, 0);
  const { isFile } = run.books;
  return {
    ...run.range,
    report,
    answered: { vouchers: answered.vouchers, from: answered.from ?? null, to: answered.to ?? null },
    // The stage counts each voucher once, even if Tally sent it twice.
    invoices: comparisons.length > 0 ? sum('invoices') : totals.invoices,
    inserted: sum('inserted'),
    updated: sum('updated'),
    unchanged: sum('unchanged'),
    removed: sum('removed'),
    // A file proves nothing about invoices that it does not hold: they may still be in Tally.
    missing: isFile ? 0 : comparisons.reduce((total, comparison) => total + comparison.missing, 0),
    rejected: totals.rejected - (leftOut?.rejects ?? 0),
    warnings: [
      ...run.remarks,
      ...remarks,
      ...worseInFile(leftOut),
      ...(duplicates > 0 ? [{ code: 'came-twice', vouchers: duplicates, isFile } as const] : []),
    ],
    days,
    byType: withUnread(
      totals.byType(),
      comparisons.flatMap(({ unread }) => unread),
    ),
    missingInvoices: isFile ? [] : comparisons.flatMap((comparison) => comparison.missingInvoices).slice(0, 100),
    notProven,
    holes,
    index: isWhole ? { vouchers: list.vouchers, invoices: list.invoices, unchanged: list.unchanged } : null,
    warehouse,
    ...(comparisons[0]?.differences && { differences: comparisons[0].differences }),
  };
}

const worseInFile = ({ older, poorer }: LeftOut = { older: 0, poorer: 0, rejects: 0 }): VoucherRemark[] =>
  [
    { code: 'older-in-file' as const, invoices: older },
    { code: 'poorer-in-file' as const, invoices: poorer },
  ].filter(({ invoices }) => invoices > 0);

/** The totals of the invoices that were read and of those that were known to be unchanged. */
function withUnread(read: DayTypeTotal[], unread: UnreadTotal[]): DayTypeTotal[] {
  const byKey = new Map(read.map((total) => [`${total.date} ${total.invoiceType}`, total]));
  for (const { date, invoiceType, invoices, total } of unread) {
    const known = byKey.get(`${date} ${invoiceType}`) ?? { date, invoiceType, invoices: 0, total: '0.00' };
    byKey.set(`${date} ${invoiceType}`, {
      ...known,
      invoices: known.invoices + invoices,
      total: formatDecimal(paiseOf(known.total) + paiseOf(total), 2),
    });
  }
  return [...byKey.values()].sort(
    (a, b) => a.date.localeCompare(b.date) || invoiceTypes.indexOf(a.invoiceType) - invoiceTypes.indexOf(b.invoiceType),
  );
}

/** Adds to an error what had been committed before it. `again` is the sentence that tells the user what to repeat. */
export function withCommitted(thrown: unknown, committed: Comparison[], again: string): unknown {
  const error = asEtlError(thrown);
  const isCancelled = error.code === 'cancelled';
  const days = committed.flatMap((comparison) => comparison.days);
  if (error.code === 'unexpected' || (days.length === 0 && !isCancelled)) return thrown;
  const invoices = days.reduce((sum, day) => sum + day.invoices, 0);
  const dates = days.map(({ date }) => date).sort(); // sorted because a sync reads older days last
  const kept =
    days.length === 0
      ? t('Nothing was written.')
      : t('Kept: {invoices}, {range}.', {
          invoices: invoiceCount(invoices),
          range: rangeText({ from: dates[0]!, to: dates.at(-1)! }),
        });
  const hint = isCancelled ? (days.length > 0 ? again : error.hint) : `${error.hint} ${again}`;
  return new EtlError(error.code, `${error.message} ${kept}`, hint, {
    cause: error,
  });
}
