import path from 'node:path';
import type { ExportContent, ExportFormat } from './jobs/job.js';

/** What a file of this name is meant to be. */
export const exportFormatOf = (file: string): ExportFormat => {
  const [, ending = ''] = /\.(xlsx|parquet)$/i.exec(file) ?? [];
  return (ending.toLowerCase() || 'csv') as ExportFormat;
};

/** The files of an export, the one that was named first: `books.csv` and, of the lines, `books-lines.csv` beside it. */
export function exportPaths(file: string, content: ExportContent): string[] {
  if (content !== 'invoices') return [file];
  const { dir, name, ext } = path.parse(file);
  return [file, path.join(dir, `${name}-lines${ext}`)];
}
