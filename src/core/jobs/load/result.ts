import { t } from '@vscode/l10n';
import { invoiceCount, rangeText } from '../../base/countWords.js';
import { formatDecimal } from '../../base/decimal.js';
import { asEtlError, EtlError } from '../../base/errors.js';
import { paiseOf } from '../../base/format.js';
import { invoiceTypes } from '../../invoice/invoice.js';
import type { Comparison, LedgerCounts, UnreadTotal } from '../../warehouse/read/comparison.js';
import type { LeftOut } from '../../warehouse/load/leaveOutWorse.js';
import type { DayTypeTotal, JobResult } from '../job.js';
import { distinct, type Remark, type VoucherRemark } from '../remark.js';
import type { Verdict } from './prove/proof.js';
import type { Reading } from './reading.js';
import type { Run } from './run.js';

/**
 * The work that a run has done so far. If the run ends early, its error reports this work. Only the functions that load a
 * range add to it.
 */
export interface Done {
  /** The committed parts. */
  committed: Comparison[];
  remarks: Remark[];
}

export const nothingDone = (): Done => ({ committed: [], remarks: [] });

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
    warnings: allRemarks(run, remarks, comparisons, leftOut),
    days,
    byType: withUnread(
      totals.byType(),
      comparisons.flatMap(({ unread }) => unread),
    ),
    missingInvoices: isFile ? [] : comparisons.flatMap((comparison) => comparison.missingInvoices).slice(0, 100),
    notProven,
    holes,
    index: isWhole ? { vouchers: list.vouchers, invoices: list.invoices, unchanged: list.unchangedInvoices } : null,
    warehouse,
    ...optionalOf(comparisons),
    ...(comparisons[0]?.differences && { differences: comparisons[0].differences }),
    ...ledgerOf(comparisons.flatMap(({ ledger }) => (ledger ? [isFile ? { ...ledger, missing: 0 } : ledger] : []))),
  };
}

/** The remarks of a run: on its range, on what was read, and on what was merged. */
export function allRemarks(
  run: Run,
  remarks: readonly Remark[],
  comparisons: readonly Comparison[],
  leftOut?: LeftOut,
): Remark[] {
  const vouchers = comparisons.reduce((total, { duplicates }) => total + duplicates, 0);
  return [
    ...run.remarks,
    ...remarks,
    ...worseInFile(leftOut),
    ...(vouchers > 0 ? [{ code: 'came-twice', vouchers, isFile: run.books.isFile } as const] : []),
  ];
}

/** The sums of the vouchers of several parts; nothing without the stream `ledger`. */
export function ledgerOf(parts: readonly LedgerCounts[]): { ledger?: LedgerCounts } {
  if (parts.length === 0) return {};
  const ledger = { vouchers: 0, inserted: 0, updated: 0, unchanged: 0, removed: 0, missing: 0 };
  for (const part of parts) for (const key of Object.keys(ledger) as (keyof LedgerCounts)[]) ledger[key] += part[key];
  return { ledger };
}

/** How many of the invoices are optional vouchers; nothing if that is not known, as in a dry run. */
function optionalOf(comparisons: readonly Comparison[]): Pick<RangeResult, 'optional'> {
  if (comparisons.some(({ optional }) => optional === undefined)) return {};
  return { optional: comparisons.reduce((sum, { optional = 0 }) => sum + optional, 0) };
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

/** The error of a run that ended early, with the remarks that it had collected. */
export class EndedEarly extends EtlError {
  constructor(
    error: EtlError,
    message: string,
    hint: string,
    readonly remarks: readonly Remark[],
  ) {
    super(error.code, message, hint, { cause: error });
  }

  /** The same error, with the remarks as warnings in the words of `describe`. */
  inWords(describe: (remark: Remark) => string): EtlError {
    const { code, message, hint, remarks } = this;
    return new EtlError(code, message, hint, { cause: this.cause, warnings: remarks.map(describe) });
  }
}

/**
 * Adds to an error what had been committed and remarked before it. `again` is the sentence that tells the user what to repeat.
 * Returns the error unchanged if it is a bug (`unexpected`), or if nothing was committed and nobody cancelled.
 */
export function withDone(thrown: unknown, { committed, remarks }: Done, again: string): unknown {
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
  return new EndedEarly(error, `${error.message} ${kept}`, hint, distinct(remarks));
}
