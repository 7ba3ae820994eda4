import { t } from '@vscode/l10n';
import { invoiceCount, rangeText } from '../../base/countWords.js';
import { formatCount } from '../../base/format.js';
import type { ComparisonRemark } from '../../jobs/remark.js';
import type { WordsOf } from './wordsOf.js';

export const comparisonWords: WordsOf<ComparisonRemark> = {
  'maybe-redated': () =>
    t(
      'Tally did not give its list of vouchers: what is gone in Tally may stand there under a date outside of this range.',
    ),
  'loaded-meanwhile': ({ invoices }) =>
    invoices === 1
      ? t('1 invoice that differs was loaded by another run while Tally was being read. Verify again.')
      : t('{count} invoices that differ were loaded by another run while Tally was being read. Verify again.', {
          count: formatCount(invoices),
        }),
  unreached: ({ invoices, range, reached }) => {
    const args = { invoices: invoiceCount(invoices), range: rangeText(range) };
    return reached === null
      ? t(
          "Tally's answer held nothing of this range, and the warehouse has {invoices} of other days of {range}: nothing is known of them. If the books have vouchers there, set the period in Tally (Alt+F2) to these dates and run again.",
          args,
        )
      : t(
          "Tally's answer reached over {reached}, and the warehouse has {invoices} of other days of {range}: nothing is known of them. If the books have vouchers there, set the period in Tally (Alt+F2) to these dates and run again.",
          { ...args, reached: rangeText(reached) },
        );
  },
};
