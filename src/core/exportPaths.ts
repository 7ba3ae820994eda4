import path from 'node:path';
import type { ExportContent, ExportFormat } from './jobs/job.js';

/** The format of an export file, by its ending; CSV for every other ending. */
export const exportFormatOf = (file: string): ExportFormat => {
  const [, ending = ''] = /\.(xlsx|parquet)$/i.exec(file) ?? [];
  return (ending.toLowerCase() || 'csv') as ExportFormat;
};

/**
 * The files of an export: the named one, `books.csv`, and for `invoices` also `books-lines.csv` beside it, with the
 * lines.
 */
export function exportPaths(file: string, content: ExportContent): string[] {
  if (content !== 'invoices') return [file];
  const { dir, name, ext } = path.parse(file);
  return [file, path.join(dir, `${name}-lines${ext}`)];
}
