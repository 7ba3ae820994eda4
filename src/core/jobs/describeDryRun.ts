import { formatCount, formatCountOf, formatRupees, formatSpan, paiseOf } from '../format.js';
import { describeAnswer, describeConcerns } from './describeResult.js';
import { alignTable } from './describeTable.js';
import { describeTotals, typeOrder, typeTitles } from './describeTotals.js';
import type { Counts, JobResult } from './job.js';

/**
 * The report of a dry run in plain text for a monospaced channel, without a line break at the end. What matters most
 * comes last: a terminal and an output channel both show the end first.
 */
export function describeDryRun(result: JobResult): string {
  const what = removes(result) ? `clear-and-reload of ${result.company.name}` : result.company.name;
  const title = [`Dry run of ${what}, ${formatSpan(result.from, result.to)}`];
  const details = [inTally(result), againstWarehouse(result), missing(result), rejected(result)];
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
    `MISSING IN TALLY: ${formatCountOf(result.missing, 'invoice')} of the range that only the warehouse has`,
    ...alignTable([['Date', 'Type', 'Number', 'Value'], ...rows], ['left', 'left', 'left', 'right']),
    ...(more > 0 ? [`and ${formatCount(more)} more`] : []),
    'A backfill keeps them in the warehouse.',
  ];
}

function rejected(result: JobResult): string[] {
  if (result.rejected === 0) return [];
  return [
    `REJECTED: ${formatCountOf(result.rejected, 'voucher')} could not be read and would not be loaded; the log says why.`,
  ];
}
