import { t } from '@vscode/l10n';
import { formatCount } from '../../base/format.js';
import { describeLacking } from '../../jobs/books/lackingMasters.js';
import type { BooksRemark } from '../../jobs/remark.js';
import type { WordsOf } from './wordsOf.js';

export const booksWords: WordsOf<BooksRemark> = {
  'masters-lacking': describeLacking,
  'file-masters-lacking': ({ kinds }) => [...meaningOf(kinds), loadWithMasters()].join(' '),
  'file-foreign': ({ vouchers, guid, company }) => {
    const args = { count: formatCount(vouchers), guid, company };
    return vouchers === 1
      ? t('1 voucher has the id of another company ({guid}); it counts as one of {company}.', args)
      : t('{count} vouchers have the id of another company (such as {guid}); they count as those of {company}.', args);
  },
  'counter-went-back': ({ was, now, days }) => {
    const args = { was: String(was), now: now === null ? t('none') : String(now), count: formatCount(days) };
    return days === 1
      ? t(
          "Tally's count of changes has gone back, from {was} to {now}: a backup was restored. 1 loaded day will be read again.",
          args,
        )
      : t(
          "Tally's count of changes has gone back, from {was} to {now}: a backup was restored. {count} loaded days will be read again.",
          args,
        );
  },
  // Tally without a licence leaves vouchers out, and says that only where it is asked for its mode (docs/tally.md §1.3).
  education: () =>
    t(
      'Tally runs without a licence (Education mode): it may leave out vouchers of other days than the 1st, 2nd and 31st of a month, and does not say so. Activate the licence and run again before you rely on these figures.',
    ),
};

/** The one remedy for all masters that a file lacks. */
export const loadWithMasters = (): string =>
  t(
    'Load it again together with the file of the masters (in Tally: Alt+E > Masters), or with the company open in Tally.',
  );

/** What it means for the load that a file lacks masters of these kinds. Without ledgers their groups matter no more. */
function meaningOf(kinds: Extract<BooksRemark, { code: 'file-masters-lacking' }>['kinds']): string[] {
  const sentences: string[] = [];
  if (kinds.includes('voucherTypes'))
    sentences.push(
      t(
        "The file does not say what its voucher types are: Tally's own types are known, and vouchers of other types are rejected.",
      ),
    );
  if (kinds.includes('ledgers'))
    sentences.push(
      t(
        'The file does not say what its ledgers are: their names decide which lines are sales, purchases, taxes or round-off.',
      ),
    );
  else if (kinds.includes('groups'))
    sentences.push(
      t(
        'The file does not hold the groups of its ledgers: in a group of your own, the name of a ledger decides whether its lines are sales, purchases, taxes or round-off.',
      ),
    );
  return sentences;
}
