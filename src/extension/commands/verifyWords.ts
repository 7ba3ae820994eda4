// Sentences about a comparison of Tally with the warehouse. The core writes the document's own text.
import { t } from '@vscode/l10n';
import type { DateRange } from '../../core/core.js';
import { dayCount, rangeText } from '../../core/base/countWords.js';
import { asSentence } from '../notices/errorWords.js';
import type { VerifyAnswer } from '../jobs/jobMessages.js';
import { messages } from '../messages.js';

export const verifyWords = {
  input: () => t('Verify Range'),
  title: (range: DateRange) => t('Tally: Verify {range}', { range: rangeText(range) }),
  document: (range: DateRange) => t('Tally Comparison {range}', { range: rangeText(range) }),
  wayQuestion: () => t('How should they be compared?'),
  ways: () => [
    {
      label: t('By totals'),
      detail: t(
        'Takes seconds. Compares ids and totals by day and type, then field by field the days that differ. Differences in other fields may not be found.',
      ),
      totals: true,
    },
    {
      label: t('Field by field'),
      detail: t('Takes Tally as long as a load. Every field of each invoice; Show Coverage marks what was compared.'),
      totals: false,
    },
  ],
  verifyFields: () => t('Verify Field by Field'),
  verifyAgain: () => t('Verify Again'),
  reloadDay: () => t('Reload This Day'),
  reloadDays: (range: DateRange) => t('Reload {range}', { range: rangeText(range) }),
  differs: (days: number) => t('differs on {days}', { days: dayCount(days) }),
  balancesDiffer: () => t('ledgers, bills or stock differ'),
  vouchersUnbalanced: () => t('vouchers do not add up to 0'),
  matches: () => t('matches Tally'),
  remedy: () =>
    t(
      'To fix a day, press Reload This Day above it, or run “Tally: Clear and Reload Range”. The warehouse then has what Tally has.',
    ),
};

/** The closing message of a comparison, with its first concerns. `worrying`: a day differs, or there is a concern. */
export function verifyText({ days, found, concerns }: VerifyAnswer): { worrying: boolean; text: string } {
  const shown = concerns.slice(0, shownConcerns).map(asSentence);
  const more = concerns.length - shown.length;
  if (more > 0) shown.push(messages.more.inComparison(more));
  return { worrying: days.length > 0 || concerns.length > 0, text: [found, ...shown].join(' ') };
}

const shownConcerns = 2;
