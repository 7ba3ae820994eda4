import { formatCount, formatCountOf, formatRupees, formatSpan, paiseOf } from '../format.js';
import { describeFields } from './describeDifference.js';
import { describeAnswer, describeConcerns } from './describeResult.js';
import { alignTable } from './describeTable.js';
import { describeTotals, typeOrder, typeTitles } from './describeTotals.js';
import type { Counts, Difference, JobResult } from './job.js';

/**
 * The report of a dry run in plain text for a monospaced channel, without a line break at the end. What matters most
 * comes last: a terminal and an output channel both show the end first.
 */
export function describeDryRun(result: JobResult): string {
  const what = removes(result) ? `clear-and-reload of ${result.company.name}` : result.company.name;
  const title = [`Dry run of ${what}, ${formatSpan(result.from, result.to)}`];
  const details = [inTally(result), againstWarehouse(result), ...changes(result), missing(result), rejected(result)];
  const concerns = describeConcerns(result);
  return [title, ...details, totals(result), header(result), concerns, [nothingWritten]]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n');
}

const removes = ({ command }: JobResult): boolean => command === 'clear-and-reload';

const nothingWritten = 'Nothing was written: no row, no table, no migration.';

function header(result: JobResult): string[] {
  return alignTable(
    [
      ['Company', result.company.name],
      ['Range', formatSpan(result.from, result.to)],
      ['From Tally', describeAnswer(result)],
      ['In the range', formatCountOf(result.invoices, 'invoice')],
      ['Warehouse', comparison(result)],
    ],
    ['left', 'left'],
  );
}

function comparison(result: JobResult): string {
  if (result.warehouse.state === 'unreachable') return `not compared: ${result.warehouse.reason}`;
  if (result.warehouse.state === 'empty') return `empty: ${result.warehouse.reason}`;
  const parts = [
    `${formatCount(result.inserted)} to insert`,
    `${formatCount(result.updated)} to update`,
    `${formatCount(result.unchanged)} unchanged`,
    removes(result) ? `${formatCount(result.removed)} to remove` : `${formatCount(result.missing)} missing in Tally`,
  ];
  return parts.join(', ');
}

function inTally(result: JobResult): string[] {
  if (result.byType.length === 0) return [];
  const rank = new Map(typeOrder.map((type, index) => [type as string, index]));
  const sorted = result.byType.toSorted(
    (a, b) => a.date.localeCompare(b.date) || rank.get(a.invoiceType)! - rank.get(b.invoiceType)!,
  );
  const rows = sorted.map((t) => [
    t.date,
    typeTitles[t.invoiceType],
    formatCount(t.invoices),
    formatRupees(paiseOf(t.total)),
  ]);
  const table = alignTable([['Date', 'Type', 'Invoices', 'Value'], ...rows], ['left', 'left', 'right', 'right']);
  return ['IN TALLY, PER DAY AND TYPE', ...table];
}

const totals = ({ byType }: JobResult): string[] =>
  byType.length === 0 ? [] : ['IN TALLY, TOTALS', describeTotals(byType)];

function againstWarehouse(result: JobResult): string[] {
  if (result.warehouse.state !== 'compared' || result.days.length === 0) return [];
  const withRemoved = removes(result);
  const row = (name: string, { inserted, updated, unchanged, removed }: Omit<Counts, 'invoices'>): string[] => [
    name,
    ...[inserted, updated, unchanged, ...(withRemoved ? [removed] : [])].map(formatCount),
  ];
  const head = ['Date', 'To insert', 'To update', 'Unchanged', ...(withRemoved ? ['To remove'] : [])];
  const days = result.days.toSorted((a, b) => a.date.localeCompare(b.date)).map((day) => row(day.date, day));
  return [
    'AGAINST THE WAREHOUSE, PER DAY',
    ...alignTable(
      [head, ...days, row('All days', result)],
      head.map((_, column) => (column === 0 ? 'left' : 'right')),
    ),
  ];
}

/** What the command would do, invoice by invoice; what it would keep has a part of its own. */
function changes(result: JobResult): string[][] {
  if (result.differences === undefined) return [];
  const { counts, listed } = result.differences;
  const part = (kind: Difference['kind'], count: number, title: string, describe: typeof tableOf): string[] => {
    if (count === 0) return [];
    const shown = listed.filter((difference) => difference.kind === kind);
    return [`${title}: ${formatCountOf(count, 'invoice')}`, ...describe(shown), ...andMore(count - shown.length)];
  };
  return [
    part('missing-here', counts.missingHere, 'TO INSERT', tableOf),
    part('different', counts.different, 'TO UPDATE', describeUpdates),
    ...(removes(result) ? [part('gone-in-tally', counts.goneInTally, 'TO REMOVE', tableOf)] : []),
  ];
}

const tableOf = (invoices: readonly Difference[]): string[] =>
  alignTable([['Date', 'Type', 'Number', 'Value', 'Party'], ...invoices.map(cellsOf)], columns);

/** Each with its fields beneath, what it is and what it would be. */
function describeUpdates(invoices: readonly Difference[]): string[] {
  const lines = alignTable(invoices.map(cellsOf), columns);
  return invoices.flatMap(({ fields }, i) => [
    lines[i]!,
    ...(fields.length > 0 ? describeFields(fields, 'arrow') : [nothingShows]).map((line) => `    ${line}`),
  ]);
}

const columns = ['left', 'left', 'left', 'right', 'left'] as const;

const cellsOf = ({ date, invoiceType, invoiceNumber, totalAmount, partyName }: Difference): string[] => [
  date,
  typeTitles[invoiceType],
  invoiceNumber ?? '(no number)',
  formatRupees(paiseOf(totalAmount)),
  partyName ?? '',
];

const nothingShows = 'nothing that shows: it was saved again in Tally, or this version reads it anew';

const andMore = (count: number): string[] => (count > 0 ? [`and ${formatCount(count)} more`] : []);

function missing(result: JobResult): string[] {
  if (result.missing === 0) return [];
  const rows = result.missingInvoices
    .slice(0, 100)
    .map((m) => [
      m.date,
      typeTitles[m.invoiceType],
      m.invoiceNumber ?? '(no number)',
      formatRupees(paiseOf(m.totalAmount)),
    ]);
  const more = result.missing - rows.length;
  return [
    `MISSING IN TALLY: ${formatCountOf(result.missing, 'invoice')} of the range that only the warehouse has; deleted in Tally, re-dated out of the range, or no invoice any more`,
    ...alignTable([['Date', 'Type', 'Number', 'Value'], ...rows], ['left', 'left', 'left', 'right']),
    ...andMore(more),
    'A backfill keeps them in the warehouse; a sync marks those that are gone (missing_since).',
  ];
}

function rejected(result: JobResult): string[] {
  if (result.rejected === 0) return [];
  return [
    `REJECTED: ${formatCountOf(result.rejected, 'voucher')} could not be read and would not be loaded; the log says why.`,
  ];
}
