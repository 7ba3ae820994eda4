import { t } from '@vscode/l10n';
import { dateText, dayCount, rangeText, voucherCount } from '../../base/countWords.js';
import { formatCount } from '../../base/format.js';
import { describeUnproven } from '../../jobs/load/prove/notCovered.js';
import type { ListRemark } from '../../jobs/remark.js';
import type { WordsOf } from './wordsOf.js';

export const listWords: WordsOf<ListRemark> = {
  'file-without-list': () =>
    t(
      'A file has no list of all vouchers. That nothing is missing is not proven: only the dates of its vouchers could be checked.',
    ),
  'list-refused': ({ refusal: reason }) =>
    t(
      'Tally did not give its list of vouchers. That nothing is missing is not proven: only the dates of its answer could be checked. {reason}',
      { reason },
    ),
  unlisted: ({ invoices }) =>
    t(
      'Tally sent {vouchers} that its own list of vouchers leaves out. So the list does not prove that nothing else is missing.',
      { vouchers: voucherCount(invoices) },
    ),
  'changed-while-read': () =>
    t(
      'Vouchers were changed in Tally during this run. A voucher that was moved to an earlier date may be missing. The next sync loads it.',
    ),
  'left-out': ({ holes, isCompared }) =>
    [
      describeHoles(holes),
      whatCame(isCompared),
      t(
        'Look at these days in Tally: a report can be set to hide vouchers there (F12), or show one period only (Alt+F2). Then run again.',
      ),
    ].join(' '),
  'list-unproven': ({ range, isCompared }) =>
    [
      describeUnproven(range),
      whatCame(isCompared),
      t('No invoice was marked as missing.'),
      t('Set the period in Tally (Alt+F2) to these dates, and run again.'),
    ].join(' '),
  'year-unproven': ({ range }) =>
    `${describeUnproven(range)} ${t('Invoices of this period that were already in the warehouse were not compared with Tally, and none was marked as missing.')}`,
  'year-not-listed': ({ range, refusal }) => {
    const notCompared = t(
      'Tally did not give its list of vouchers of {range}: what the warehouse has of this period was not compared. The next sync compares it.',
      { range: rangeText(range) },
    );
    return refusal === null ? notCompared : `${notCompared} ${refusal}`.trim();
  },
  'history-not-compared': () =>
    t(
      'What the warehouse has of earlier days was not compared: Tally did not give its list of ledgers or of groups. The next sync compares it.',
    ),
};

const whatCame = (isCompared: boolean): string =>
  isCompared ? t('What came was compared.') : t('What came was loaded.');

/** The most days that a sentence names; the `holes` of the result have all of them. */
const namedDays = 5;

function describeHoles(holes: Extract<ListRemark, { code: 'left-out' }>['holes']): string {
  const more = holes.length - namedDays;
  const args = {
    vouchers: voucherCount(holes.reduce((sum, hole) => sum + hole.invoices, 0)),
    days: dayCount(holes.length),
    named: holes
      .slice(0, namedDays)
      .map((hole) => `${dateText(hole.date)} (${formatCount(hole.invoices)})`)
      .join(', '),
    count: formatCount(more),
  };
  if (more <= 0) return t('Tally lists {vouchers} that its reports left out, on {days}: {named}.', args);
  return more === 1
    ? t('Tally lists {vouchers} that its reports left out, on {days}: {named}, and 1 more day.', args)
    : t('Tally lists {vouchers} that its reports left out, on {days}: {named}, and {count} more days.', args);
}
