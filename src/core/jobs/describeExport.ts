import path from 'node:path';
import { formatCount, formatCountOf, formatDuration, formatSpan } from '../format.js';
import type { ExportedFile, ExportResult } from './job.js';

const nouns: Record<ExportedFile['table'], string> = {
  invoices: 'invoice',
  lines: 'line',
  sales_register: 'row of the sales register',
  purchase_register: 'row of the purchase register',
};

/** `8,431 invoices`, `1 row of the sales register`. */
export function countOfTable({ table, rows }: Pick<ExportedFile, 'table' | 'rows'>): string {
  const [noun = '', ...rest] = nouns[table].split(' ');
  return [formatCountOf(rows, noun), ...rest].join(' ');
}

/** The account of an export: what is in which file, and what to know of it. */
export function describeExport({ company, from, to, files, warnings, durationMs }: ExportResult): string {
  return [
    `Exported ${formatSpan(from, to)} of ${company.name} in ${formatDuration(durationMs)}:`,
    ...files.map((file) => `  ${path.resolve(file.path)}  ${countOfTable(file)}, ${formatCount(file.bytes)} bytes`),
    ...warnings.map((warning) => `Note: ${warning}`),
  ].join('\n');
}
