import {
  alignTable,
  companiesSynced,
  companyNames,
  describeClosing,
  describeConcerns,
  formatCount,
  formatDuration,
  type CompanySync,
  type LeftOut,
} from '../core/core.js';
import {
  companyLine,
  exitCodeOf,
  failureLines,
  failureText,
  isCancelled,
  markOf,
  warningLines,
} from './companyRows.js';
import { jobExitCode } from './jobExitCode.js';

export const rowExitCode = ({ result, error }: CompanySync): number =>
  error ? exitCodeOf(error) : jobExitCode(result!);

const nameOf = ({ company, url }: CompanySync): string => company ?? url;

/** The line of a company when its sync ends: `✓ Synced 12 invoices of Bharat Traders, …`, `✗ Kamal Stores: …`. */
export function describeCompany(row: CompanySync): string {
  const { result, error, warehouse } = row;
  const text = error
    ? failureText(nameOf(row), error)
    : [describeClosing(result!, warehouse), ...describeConcerns(result!)].join(' ');
  return companyLine(row, rowExitCode(row), text);
}

/** A closing sentence, the failures, warnings and companies left out, then a table with a row for each company. */
export function describeSyncAll(rows: readonly CompanySync[], leftOut: readonly LeftOut[] = []): string {
  const cancelled = rows.filter(isCancelled);
  const failed = rows.filter((row) => row.error && !isCancelled(row));
  const synced = rows.filter(({ error }) => !error);
  const problems = [
    ...failed.flatMap((row) => failureLines(nameOf(row), row.error!)),
    ...cancelled.flatMap((row) => warningLines(nameOf(row), row.error!)),
    ...synced.flatMap((row) => describeConcerns(row.result!).map((concern) => `! ${nameOf(row)}: ${concern}`)),
    ...leftOut.map(
      ({ company, url, syncedFrom }) => `! ${company} is open at ${syncedFrom} too, and was not synced from ${url}.`,
    ),
  ];
  const table = alignTable(
    [['  Company', 'Tally', 'Warehouse', 'Invoices', 'New', 'Changed', 'Took', 'Exit'], ...rows.map(rowOf)],
    ['left', 'left', 'left', 'right', 'right', 'right', 'right', 'right'],
  );
  const sentence = [
    ...(cancelled.length < rows.length || rows.length === 0
      ? [companiesSynced(synced.map(nameOf), failed.map(nameOf))]
      : []),
    ...(cancelled.length > 0
      ? [`${formatCount(cancelled.length)} cancelled: ${companyNames(cancelled.map(nameOf))}.`]
      : []),
  ].join(' ');
  return [sentence, ...(problems.length > 0 ? ['', ...problems] : []), ...(rows.length > 0 ? ['', ...table] : [])].join(
    '\n',
  );
}

function rowOf(row: CompanySync): string[] {
  const { result, url, warehouse, durationMs } = row;
  const counts = result ? [result.invoices, result.inserted, result.updated].map(formatCount) : ['-', '-', '-'];
  const [took, exit] = [formatDuration(durationMs), String(rowExitCode(row))];
  return [`${markOf(row, rowExitCode(row))} ${nameOf(row)}`, url, warehouse, ...counts, took, exit];
}
