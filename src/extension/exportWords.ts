// What the extension says of an export; which days were never loaded, and errors, are the core's own words.
import path from 'node:path';
import type { DateRange, ExportContent, ExportedFile, ExportResult, Progress } from '../core/core.js';
import { formatCount, formatCountOf } from '../core/format.js';
import { type Button, fileWords, inEditorWords, rangeText } from './messages.js';

export const exportWords = {
  input: 'Export Range',
  running: 'Export',
  title: (range: DateRange) => `Tally: Export ${rangeText(range)}`,
  contentQuestion: 'What should be in the file?',
  contents: {
    invoices: {
      label: 'Invoices and their lines',
      detail: 'Two files: a row per invoice, and beside it a row per line. All types, optional vouchers marked.',
    },
    sales_register: {
      label: 'Sales register',
      detail: 'A row per sale and credit note, with taxes and e-invoice. Without optional vouchers.',
    },
    purchase_register: {
      label: 'Purchase register',
      detail: 'A row per purchase and debit note, with taxes. Without optional vouchers.',
    },
  } satisfies Record<ExportContent, { label: string; detail: string }>,
  companyQuestion: 'Of which company? The warehouse has several',
  save: 'Export',
  saveTitle: 'Export Range',
  kinds: { csv: 'CSV, for a spreadsheet', parquet: 'Parquet, for data tools' },
  /** The file's name, without its extension. */
  file: (content: ExportContent, company: string, range: DateRange) =>
    `Tally ${fileNames[content]} ${fileWords(company)} ${rangeText(range)}`,
  replace: (file: string) => `${path.basename(file)} is there already. Replace it?`,
  replaceDetail: (file: string) =>
    `The lines of the invoices go into a file of their own, beside ${path.basename(file)}.`,
  replaceButton: 'Replace',
  preparing: 'Counting the rows…',
  notLocal: (name: string) => `${name} lies in a virtual folder and cannot be written from here.`,
  notLocalHint: 'Choose a folder of the computer that runs the extension.',
};

const fileNames: Record<ExportContent, string> = {
  invoices: 'invoices',
  sales_register: 'sales register',
  purchase_register: 'purchase register',
};

/** `12,000 of 40,000 rows · 30 %` */
export function exportProgressText({ rows, total, fraction }: Progress): string {
  if (rows === undefined || total === undefined) return exportWords.preparing;
  return `${formatCount(rows)} of ${formatCountOf(total, 'row')} · ${Math.floor((fraction ?? 0) * 100)} %`;
}

const counted = ({ table, rows }: ExportedFile): string =>
  formatCountOf(rows, table === 'invoices' ? 'invoice' : table === 'lines' ? 'line' : 'row');

/** Where the files are: on this computer, or on the one that the window is connected to. */
export type Place = { state: 'here' } | { state: 'remote'; name: string };

/** The closing message: what was exported and where it is. */
export function exportText({ company, from, to, files, warnings }: ExportResult, place: Place): string {
  const where = place.state === 'here' ? '' : ` It is on the remote computer of this window (${place.name}).`;
  const [file, beside] = files;
  const counts = [counted(file!), ...(beside ? [`${counted(beside)} in a file beside it`] : [])].join(', ');
  return [
    `Exported ${rangeText({ from, to })} of ${company.name} to ${file!.path}: ${counts}.${where}`,
    ...warnings.map(inEditorWords),
  ].join(' ');
}

/** What can be done with the files: the editor shows CSV, and this computer's folder has the programs for both. */
export function exportButtons({ format }: Pick<ExportResult, 'format'>, place: Place): Button[] {
  if (place.state === 'here') return format === 'csv' ? ['Reveal in Folder', 'Open'] : ['Reveal in Folder'];
  return format === 'csv' ? ['Open'] : [];
}
