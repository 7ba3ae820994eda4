// Sentences about an export. The core has the sentences about days that were never loaded, and about errors.
import path from 'node:path';
import { t } from '@vscode/l10n';
import type { DateRange, ExportContent, ExportedFile, ExportFormat, ExportResult } from '../../core/core.js';
import type { LedgerContent, Progress } from '../../core/core.js';
import { invoiceCount, lineCount, rangeText, rowCount } from '../../core/base/countWords.js';
import { formatCount, formatSpan } from '../../core/base/format.js';
import type { Button } from '../notices/buttons.js';
import { inEditorWords } from '../notices/errorWords.js';
import { fileWords } from '../messages.js';

export const exportWords = {
  input: () => t('Export Range'),
  running: () => t('Export'),
  title: (range: DateRange) => t('Tally: Export {range}', { range: rangeText(range) }),
  kindQuestion: () => t('Which kind of file?'),
  contentQuestion: () => t('What should be in the file?'),
  contents: () =>
    ({
      sales_register: {
        label: t('Sales register'),
        detail: t('A row per sale and credit note, with taxes and e-invoice. Without optional vouchers.'),
      },
      purchase_register: {
        label: t('Purchase register'),
        detail: t('A row per purchase and debit note, with taxes. Without optional vouchers.'),
      },
      invoice_register: {
        label: t('Register of all invoices'),
        detail: t('A row per sale, purchase and note, with taxes and e-invoice. Without optional vouchers.'),
      },
      invoices: {
        label: t('Invoices and their lines'),
        detail: t('Two files: a row per invoice, and beside it a row per line. All types, optional vouchers marked.'),
      },
    }) satisfies Record<Exclude<ExportContent, LedgerContent>, { label: string; detail: string }>,
  /** Offered where the ledger was loaded. */
  ledgerContents: () =>
    ({
      trial_balance: { label: t('Trial balance'), detail: t('A row per ledger, at the end of the last day.') },
      profit_and_loss: { label: t('Profit and loss'), detail: t('A row per ledger of income and expense.') },
      receivables_ageing: {
        label: t('Receivables by age'),
        detail: t('A row per open bill and on-account amount, at the end of the last day.'),
      },
      payables_ageing: {
        label: t('Payables by age'),
        detail: t('A row per open bill and on-account amount, at the end of the last day.'),
      },
      cash_and_bank: { label: t('Cash and bank'), detail: t('A row per ledger, at the end of the last day.') },
      stock_summary: { label: t('Stock summary'), detail: t('Quantities per stock item, at the end of the last day.') },
      day_book: { label: t('Day book'), detail: t('A row per voucher of any type.') },
      ledger_register: { label: t('Ledger entries'), detail: t('A row per entry of a voucher on a ledger.') },
      bill_register: { label: t('Bill allocations'), detail: t('A row per bill that an entry opens or settles.') },
      stock_register: { label: t('Stock movements'), detail: t('A row per movement of a stock item.') },
    }) satisfies Record<LedgerContent, { label: string; detail: string }>,
  companyQuestion: () => t('Which company do you want to export?'),
  save: () => t('Export'),
  saveTitle: () => t('Export Range'),
  /** The kinds of files, by the ending of the file's name. */
  kinds: {
    xlsx: () => t('Excel workbook'),
    csv: () => t('CSV, for other programs'),
    parquet: () => t('Parquet, for data tools'),
  } satisfies Record<ExportFormat, () => string>,
  /** The file's name, without its extension. */
  file: (content: ExportContent, company: string, range: DateRange) =>
    `Tally ${fileNames[content]()} ${fileWords(company)} ${formatSpan(range.from, range.to)}`,
  replace: (file: string) => t('{file} is there already. Replace it?', { file: path.basename(file) }),
  replaceDetail: (file: string) =>
    t('The lines of the invoices go into a file of their own, beside {file}.', { file: path.basename(file) }),
  replaceButton: () => t('Replace'),
  preparing: () => t('Counting the rows…'),
  notLocal: (name: string) => t('{name} lies in a virtual folder and cannot be written from here.', { name }),
  notLocalHint: () => t('Choose a folder of the computer that runs the extension.'),
};

const fileNames: Record<ExportContent, () => string> = {
  trial_balance: () => t('trial balance'),
  profit_and_loss: () => t('profit and loss'),
  receivables_ageing: () => t('receivables'),
  payables_ageing: () => t('payables'),
  cash_and_bank: () => t('cash and bank'),
  stock_summary: () => t('stock summary'),
  day_book: () => t('day book'),
  ledger_register: () => t('ledger entries'),
  bill_register: () => t('bill allocations'),
  stock_register: () => t('stock movements'),
  sales_register: () => t('sales register'),
  purchase_register: () => t('purchase register'),
  invoice_register: () => t('invoice register'),
  invoices: () => t('invoices'),
};

/** `12,000 of 40,000 rows · 30 %` */
export function exportProgressText({ rows, total, fraction }: Progress): string {
  if (rows === undefined || total === undefined) return exportWords.preparing();
  const percent = Math.floor((fraction ?? 0) * 100);
  return t('{count} of {rows} · {percent} %', { count: formatCount(rows), rows: rowCount(total), percent });
}

const counted = ({ table, rows }: ExportedFile): string =>
  table === 'invoices' ? invoiceCount(rows) : table === 'lines' ? lineCount(rows) : rowCount(rows);

/** The computer with the files: the user's own, or the remote one of the window. */
export type Place =
  | { state: 'here'; platform: NodeJS.Platform }
  | { state: 'remote'; name: string; inExplorer: boolean };

/** The closing message: what was exported, from which warehouse, and where the files are; then the warnings. */
export function exportText(
  { company, from, to, files, warnings }: ExportResult,
  warehouse: string,
  place: Place,
): string {
  const [file, beside] = files;
  const about = {
    range: rangeText({ from, to }),
    company: company.name,
    place: warehouse,
    file: file!.path,
    rows: counted(file!),
  };
  return [
    beside
      ? t('Exported {range} of {company} from {place} to {file}: {rows}, {lines} in a file beside it.', {
          ...about,
          lines: counted(beside),
        })
      : t('Exported {range} of {company} from {place} to {file}: {rows}.', about),
    ...(place.state === 'remote'
      ? [
          place.inExplorer
            ? t(
                'The file is on the remote computer of this window ({name}). In the Explorer, right-click the file and choose Download.',
                { name: place.name },
              )
            : t('The file is on the remote computer of this window ({name}).', { name: place.name }),
        ]
      : []),
    ...warnings.map(inEditorWords),
  ].join(' ');
}

/**
 * The buttons of the closing message. On this computer the editor opens CSV, and a program of the system the other files. A file on
 * another computer can be downloaded from the Explorer's menu, if it is in the open folder.
 */
export function exportButtons({ format, files }: Pick<ExportResult, 'format' | 'files'>, place: Place): Button[] {
  if (place.state === 'remote')
    return [
      ...(format === 'csv' ? (['Open'] as const) : []),
      ...(place.inExplorer ? (['Show in Explorer'] as const) : []),
    ];
  return format === 'csv' || opensFile(files[0]!.path, place.platform)
    ? ['Open', 'Reveal in Folder']
    : ['Reveal in Folder'];
}

/** On Windows VS Code cannot open a file whose path is not ASCII: nothing happens (microsoft/vscode#88273). */
const opensFile = (file: string, platform: NodeJS.Platform): boolean =>
  platform !== 'win32' || /^[\x20-\x7e]*$/.test(file);
