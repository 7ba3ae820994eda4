import { t } from '@vscode/l10n';
import { invoiceCount, rangeText } from '../../base/countWords.js';
import { formatCount } from '../../base/format.js';
import type { ComparisonRemark, NotByTotals } from '../../jobs/remark.js';
import type { WordsOf } from './wordsOf.js';

const notByTotals: Record<NotByTotals, () => string> = {
  unproven: () =>
    t(
      "Compared field by field, not by totals: in the last 7 days no sync has confirmed Tally's daily sums against its whole list of vouchers. Run a sync, then try again.",
    ),
  'report-set': () =>
    t('Compared field by field, not by totals: one report is set. To compare by totals, set TALLY_REPORT=auto.'),
  'not-given': () =>
    t(
      'Compared field by field, not by totals: this Tally does not add up its vouchers by day and type in a known form.',
    ),
  'not-comparable': () =>
    t(
      "Compared field by field, not by totals: Tally's totals differ from the warehouse's also on days that have no difference.",
    ),
};

export const comparisonWords: WordsOf<ComparisonRemark> = {
  'maybe-redated': () =>
    t(
      'Tally did not give its list of vouchers: an invoice listed as gone in Tally may be there under a date outside of this range.',
    ),
  'loaded-meanwhile': ({ invoices }) =>
    invoices === 1
      ? t('1 invoice that differs was loaded by another run while Tally was being read. Verify again.')
      : t('{count} invoices that differ were loaded by another run while Tally was being read. Verify again.', {
          count: formatCount(invoices),
        }),
  'not-by-totals': ({ reason }) => notByTotals[reason](),
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
