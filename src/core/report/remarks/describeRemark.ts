import { t } from '@vscode/l10n';
import { rangeText } from '../../base/countWords.js';
import { formatCount } from '../../base/format.js';
import type { ExportRemark, Remark, ReloadRemark, WarehouseRemark } from '../../jobs/remark.js';
import { absenceWords } from './absenceWords.js';
import { balanceWords } from './balanceWords.js';
import { booksWords } from './booksWords.js';
import { comparisonWords } from './comparisonWords.js';
import { coverageWords } from './coverageWords.js';
import { listWords } from './listWords.js';
import { rangeWords } from './rangeWords.js';
import { voucherWords } from './voucherWords.js';
import type { WordsOf } from './wordsOf.js';

const reloadWords: WordsOf<ReloadRemark> = {
  'accepted-by-force': ({ reason }) => t('Accepted by force: {reason}', { reason: describeRemark(reason) }),
  'reload-refused': ({ refusal: reason }) => t('The reload itself would be refused: {reason}', { reason }),
};

const exportWords: WordsOf<ExportRemark> = {
  'nothing-to-export': ({ range }) =>
    t('The warehouse has nothing of {range}: only the column names are in the file.', { range: rangeText(range) }),
  'never-loaded': ({ range, days }) => {
    const args = { range: rangeText(range), count: formatCount(days) };
    return days === 1
      ? t('1 day of {range} was never loaded, so its invoices are not in the export.', args)
      : t('{count} days of {range} were never loaded, so their invoices are not in the export.', args);
  },
  'ledger-never-loaded': ({ range, days }) => {
    const args = { range: rangeText(range), count: formatCount(days) };
    return days === 1
      ? t('1 day of {range} was never loaded with the ledger, so its vouchers are not in the export.', args)
      : t('{count} days of {range} were never loaded with the ledger, so their vouchers are not in the export.', args);
  },
  'manifest-unreadable': ({ file }) =>
    t('{file} could not be read, so all files of that company were written again.', { file }),
  'folders-of-others': ({ folders }) =>
    t(
      'These folders belong to companies that the warehouse does not have: {folders}. Delete them if you no longer need them.',
      {
        folders: folders.join(', '),
      },
    ),
};

const warehouseWords: WordsOf<WarehouseRemark> = {
  'no-warehouse': () => t('The built-in warehouse does not exist yet; the first load makes it.'),
  'no-tables': () => t('The warehouse has no tables yet; the first load makes them.'),
  'warehouse-unreachable': ({ failure }) => failure,
};

const words: WordsOf<Remark> = {
  ...voucherWords,
  ...rangeWords,
  ...booksWords,
  ...listWords,
  ...coverageWords,
  ...absenceWords,
  ...comparisonWords,
  ...balanceWords,
  ...reloadWords,
  ...exportWords,
  ...warehouseWords,
};

/** A remark in the reader's language: one or more sentences. */
export const describeRemark = (remark: Remark): string => (words[remark.code] as (remark: Remark) => string)(remark);
