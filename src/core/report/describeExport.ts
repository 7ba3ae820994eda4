import path from 'node:path';
import { t } from '@vscode/l10n';
import { invoiceCount, lineCount, rangeText, rowCount } from '../base/countWords.js';
import { formatCount, formatDuration } from '../base/format.js';
import type { ExportedFile, ExportResult } from '../jobs/job.js';

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

/** The account of an export: what is in which file, and what to know of it. */
export function describeExport({ company, from, to, files, warnings, durationMs }: ExportResult): string {
  return [
    t('Exported {range} of {company} in {duration}:', {
      range: rangeText({ from, to }),
      company: company.name,
      duration: formatDuration(durationMs),
    }),
    ...files.map(describeFile),
    ...warnings.map((warning) => t('Note: {warning}', { warning })),
  ].join('\n');
}
