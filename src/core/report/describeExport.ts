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
  trial_balance: (n) => t('{rows} of the trial balance', { rows: rowCount(n) }),
  profit_and_loss: (n) => t('{rows} of the profit and loss', { rows: rowCount(n) }),
  receivables_ageing: (n) => t('{rows} of receivables', { rows: rowCount(n) }),
  payables_ageing: (n) => t('{rows} of payables', { rows: rowCount(n) }),
  cash_and_bank: (n) => t('{rows} of cash and bank', { rows: rowCount(n) }),
  stock_summary: (n) => t('{rows} of the stock summary', { rows: rowCount(n) }),
  day_book: (n) => t('{rows} of the day book', { rows: rowCount(n) }),
  ledger_register: (n) => t('{rows} of ledger entries', { rows: rowCount(n) }),
  bill_register: (n) => t('{rows} of bill allocations', { rows: rowCount(n) }),
  stock_register: (n) => t('{rows} of stock movements', { rows: rowCount(n) }),
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
