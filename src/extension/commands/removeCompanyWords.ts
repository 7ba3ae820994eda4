import { t } from '@vscode/l10n';
import type { RemoveCompanyResult } from '../../core/core.js';
import { invoiceCount, lineCount } from '../../core/base/countWords.js';

const rowsOf = ({ tables }: RemoveCompanyResult, table: string): number =>
  tables.find((one) => one.table === table)?.rows ?? 0;

const counts = (result: RemoveCompanyResult): { invoices: string; lines: string } => ({
  invoices: invoiceCount(rowsOf(result, 'fact_invoice')),
  lines: lineCount(rowsOf(result, 'fact_invoice_line')),
});

export const removeCompanyWords = {
  title: () => t('Remove Company'),
  question: () => t('Which company should be removed from the warehouse?'),
  counting: () => t('Tally: Counting what the warehouse has'),
  running: (company: string) => t('Tally: Removing {company}', { company }),
  /** Above the box in which the name is typed. */
  prompt: (result: RemoveCompanyResult, place: string) =>
    t(
      'Removes {company} from {place}: {invoices} with {lines}, its checkpoint and its runs. Tally is not changed. Type the name of the company to remove it.',
      { company: result.company.name, place, ...counts(result) },
    ),
  removed: (result: RemoveCompanyResult, place: string) =>
    t('Removed {company} from {place}: {invoices} with {lines}.', {
      company: result.company.name,
      place,
      ...counts(result),
    }),
};
