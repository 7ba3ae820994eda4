import { t } from '@vscode/l10n';
import { invoiceCount, rangeText, voucherCount } from '../base/countWords.js';
import { formatCount, formatRupees, paiseOf } from '../base/format.js';
import { typeOrder } from '../invoice/invoice.js';
import { describeFields } from './describeDifference.js';
import { describeAnswer, describeConcerns } from './describeResult.js';
import { alignTable } from './describeTable.js';
import { describeTotals, typeTitle } from './describeTotals.js';
import type { Counts, Difference, JobResult, MissingInvoice } from '../jobs/job.js';

/**
 * The report of a dry run, without a final line break. What matters most comes last: a terminal shows the end first.
 */
export function describeDryRun(result: JobResult): string {
  const what = { company: result.company.name, range: rangeText(result) };
  const title = removes(result)
    ? t('Dry run of clear-and-reload of {company}, {range}', what)
    : t('Dry run of {company}, {range}', what);
  const details = [inTally(result), againstWarehouse(result), ...changes(result), missing(result), rejected(result)];
  const concerns = describeConcerns(result);
  const totals = result.byType.length === 0 ? [] : [t('IN TALLY, TOTALS'), describeTotals(result.byType)];
  const closing = [t('Nothing was written: no row, no table, no migration.')];
  return [[title], ...details, totals, header(result), concerns, closing]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

const removes = ({ command }: JobResult): boolean => command === 'clear-and-reload';

function header(result: JobResult): string[] {
  return alignTable(
    [
      [t('Company'), result.company.name],
      [t('Range'), rangeText(result)],
      [result.files ? t('From the file') : t('From Tally'), describeAnswer(result)],
      [t('In the range'), invoiceCount(result.invoices)],
      [t('Warehouse'), comparison(result)],
      ...(result.ledger
        ? [[t('Ledger'), `${voucherCount(result.ledger.vouchers)}: ${toDo(result.ledger, removes(result))}`]]
        : []),
    ],
    ['left', 'left'],
  );
}

function comparison(result: JobResult): string {
  const { warehouse } = result;
  if (warehouse.state === 'unreachable') return t('not compared: {reason}', { reason: warehouse.reason });
  if (warehouse.state === 'empty') return t('empty: {reason}', { reason: warehouse.reason });
  return toDo(result, removes(result));
}

/** The counts of what a load would do with invoices, or with vouchers of the stream `ledger`. */
function toDo(
  counts: Pick<JobResult, 'inserted' | 'updated' | 'unchanged' | 'removed' | 'missing'>,
  isReload: boolean,
): string {
  const args = {
    inserted: formatCount(counts.inserted),
    updated: formatCount(counts.updated),
    unchanged: formatCount(counts.unchanged),
    removed: formatCount(counts.removed),
    missing: formatCount(counts.missing),
  };
  return isReload
    ? t('{inserted} to insert, {updated} to update, {unchanged} unchanged, {removed} to remove', args)
    : t('{inserted} to insert, {updated} to update, {unchanged} unchanged, {missing} missing in Tally', args);
}

function inTally(result: JobResult): string[] {
  if (result.byType.length === 0) return [];
  const rank = new Map(typeOrder.map((type, index) => [type as string, index]));
  const sorted = result.byType.toSorted(
    (a, b) => a.date.localeCompare(b.date) || rank.get(a.invoiceType)! - rank.get(b.invoiceType)!,
  );
  const rows = sorted.map((day) => [
    day.date,
    typeTitle(day.invoiceType),
    formatCount(day.invoices),
    formatRupees(paiseOf(day.total)),
  ]);
  const head = [t('Date'), t('Type'), t('Invoices'), t('Value')];
  return [t('IN TALLY, PER DAY AND TYPE'), ...alignTable([head, ...rows], ['left', 'left', 'right', 'right'])];
}

function againstWarehouse(result: JobResult): string[] {
  if (result.warehouse.state !== 'compared' || result.days.length === 0) return [];
  const withRemoved = removes(result);
  const row = (name: string, { inserted, updated, unchanged, removed }: Omit<Counts, 'invoices'>): string[] => [
    name,
    ...[inserted, updated, unchanged, ...(withRemoved ? [removed] : [])].map(formatCount),
  ];
  const head = [
    ...[t('Date'), t('To insert'), t('To update'), t('Unchanged')],
    ...(withRemoved ? [t('To remove')] : []),
  ];
  const days = result.days.toSorted((a, b) => a.date.localeCompare(b.date)).map((day) => row(day.date, day));
  return [
    t('AGAINST THE WAREHOUSE, PER DAY'),
    ...alignTable(
      [head, ...days, row(t('All days'), result)],
      head.map((_, column) => (column === 0 ? 'left' : 'right')),
    ),
  ];
}

/**
 * The invoices that the command would insert, update or remove. The function `missing` lists those that only the
 * warehouse has.
 */
function changes(result: JobResult): string[][] {
  if (result.differences === undefined) return [];
  const { counts, listed } = result.differences;
  const part = (
    kind: Difference['kind'],
    count: number,
    title: (invoices: string) => string,
    describe: typeof tableOf,
  ): string[] => {
    if (count === 0) return [];
    const shown = listed.filter((difference) => difference.kind === kind);
    return [title(invoiceCount(count)), ...describe(shown), ...andMore(count - shown.length)];
  };
  return [
    part('missing-here', counts.missingHere, (invoices) => t('TO INSERT: {invoices}', { invoices }), tableOf),
    part('different', counts.different, (invoices) => t('TO UPDATE: {invoices}', { invoices }), describeUpdates),
    ...(removes(result)
      ? [part('gone-in-tally', counts.goneInTally, (invoices) => t('TO REMOVE: {invoices}', { invoices }), tableOf)]
      : []),
  ];
}

const tableOf = (invoices: readonly Difference[]): string[] =>
  alignTable([[t('Date'), t('Type'), t('Number'), t('Value'), t('Party')], ...invoices.map(cellsOf)], columns);

/** Each invoice with its changed fields below: the present value and the new one. */
function describeUpdates(invoices: readonly Difference[]): string[] {
  const lines = alignTable(invoices.map(cellsOf), columns);
  const noChange = t('no visible change: the invoice was saved again in Tally, or this version reads it anew');
  return invoices.flatMap(({ fields }, i) => [
    lines[i]!,
    ...(fields.length > 0 ? describeFields(fields, 'arrow') : [noChange]).map((line) => `    ${line}`),
  ]);
}

const columns = ['left', 'left', 'left', 'right', 'left'] as const;

const cellsOf = ({ partyName, ...invoice }: MissingInvoice & { partyName?: string | null }): string[] => [
  invoice.date,
  typeTitle(invoice.invoiceType),
  invoice.invoiceNumber ?? t('(no number)'),
  formatRupees(paiseOf(invoice.totalAmount)),
  partyName ?? '',
];

const andMore = (count: number): string[] => (count > 0 ? [t('and {count} more', { count: formatCount(count) })] : []);

function missing(result: JobResult): string[] {
  if (result.missing === 0) return [];
  const shown = result.missingInvoices.slice(0, 100);
  return [
    t(
      'MISSING IN TALLY: {invoices} of the range that only the warehouse has; deleted in Tally, re-dated out of the range, or no invoice any more',
      { invoices: invoiceCount(result.missing) },
    ),
    ...alignTable([[t('Date'), t('Type'), t('Number'), t('Value')], ...shown.map(cellsOf)], columns.slice(0, 4)),
    ...andMore(result.missing - shown.length),
    t(
      "A load keeps them in the warehouse and marks those that Tally's list of vouchers does not have (missing_since).",
    ),
  ];
}

function rejected(result: JobResult): string[] {
  if (result.rejected === 0) return [];
  return [
    t('REJECTED: {vouchers} could not be read and would not be loaded; the log says why.', {
      vouchers: voucherCount(result.rejected),
    }),
  ];
}
