import { t } from '@vscode/l10n';
import { formatCount } from '../../base/format.js';
import type { VoucherRemark } from '../../jobs/remark.js';
import { loadWithMasters } from './booksWords.js';
import { describeDoubt } from './doubtWords.js';
import type { WordsOf } from './wordsOf.js';

export const voucherWords: WordsOf<VoucherRemark> = {
  doubt: describeDoubt,
  'older-in-file': ({ invoices }) =>
    invoices === 1
      ? t('1 invoice of the file is older than what the warehouse has, which was left as it is.')
      : t('{count} invoices of the file are older than what the warehouse has, which was left as it is.', {
          count: formatCount(invoices),
        }),
  'poorer-in-file': ({ invoices }) =>
    invoices === 1
      ? t(
          '1 invoice was left as it is: the warehouse has it in the same state, classed by masters that the file does not hold.',
        )
      : t(
          '{count} invoices were left as they are: the warehouse has them in the same state, classed by masters that the file does not hold.',
          { count: formatCount(invoices) },
        ),
  'came-twice': ({ vouchers, isFile }) => {
    const count = formatCount(vouchers);
    if (isFile)
      return vouchers === 1
        ? t('1 voucher came twice in what was read; the one that was altered last counts.')
        : t('{count} vouchers came twice in what was read; those that were altered last count.', { count });
    return vouchers === 1
      ? t("1 voucher came twice in Tally's answer; the last one counts.")
      : t("{count} vouchers came twice in Tally's answer; the last one counts.", { count });
  },
  'all-rejected': ({ vouchers }) => {
    const what =
      vouchers === 1
        ? t('The only voucher of the file in this range that may be an invoice could not be loaded.')
        : t('None of the {count} vouchers of the file in this range that may be invoices could be loaded.', {
            count: formatCount(vouchers),
          });
    return `${what} ${loadWithMasters()}`;
  },
};
