import path from 'node:path';
import { t } from '@vscode/l10n';
import { invoiceCount, lineCount, rangeText, rowCount } from '../base/countWords.js';
import { formatCount, formatDuration } from '../base/format.js';
import type { ExportedFile, ExportResult, PartitionedCompany, PartitionedExportResult } from '../jobs/job.js';

/** `8,431 invoices`, `1 row of the sales register`. */
const counts: Record<ExportedFile['table'], (rows: number) => string> = {
  invoices: invoiceCount,
  lines: lineCount,
  sales_register: (n) => t('{rows} of the sales register', { rows: rowCount(n) }),
  purchase_register: (n) => t('{rows} of the purchase register', { rows: rowCount(n) }),
  invoice_register: (n) => t('{rows} of the register of all invoices', { rows: rowCount(n) }),
};

const describeFile = ({ path: place, table, rows, bytes }: ExportedFile): string =>
  `  ${path.resolve(place)}  ${t('{rows}, {bytes} bytes', { rows: counts[table](rows), bytes: formatCount(bytes) })}`;

/** Describes an export from the warehouse `place`: the content of each file, and the warnings. */
export function describeExport(
  { company, from, to, files, warnings, durationMs }: ExportResult,
  place: string,
): string {
  return [
    t('Exported {range} of {company} from {place} in {duration}:', {
      range: rangeText({ from, to }),
      company: company.name,
      place,
      duration: formatDuration(durationMs),
    }),
    ...files.map(describeFile),
    ...warnings.map((warning) => t('Note: {warning}', { warning })),
  ].join('\n');
}

function describeMonths(of: PartitionedCompany): string {
  return t(
    '  {company}: months written {written}, unchanged {unchanged}, removed {removed}; {rows}, {lines}, {bytes} bytes',
    {
      company: of.company.name,
      written: formatCount(of.written),
      unchanged: formatCount(of.unchanged),
      removed: formatCount(of.removed),
      rows: invoiceCount(of.invoices),
      lines: lineCount(of.lines),
      bytes: formatCount(of.bytes),
    },
  );
}

/** Describes an export by months: for each company, what was written and what its files now contain. */
export function describePartitionedExport(result: PartitionedExportResult, warehouse: string): string {
  const { folder, companies, warnings, durationMs } = result;
  return [
    t('Brought {folder} up to date with {warehouse} in {duration}:', {
      ...{ folder, warehouse, duration: formatDuration(durationMs) },
    }),
    ...companies.map(describeMonths),
    ...warnings.map((warning) => t('Note: {warning}', { warning })),
  ].join('\n');
}
