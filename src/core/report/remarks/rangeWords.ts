import { t } from '@vscode/l10n';
import { dateText, rangeText } from '../../base/countWords.js';
import type { RangeRemark } from '../../jobs/remark.js';
import type { WordsOf } from './wordsOf.js';

export const rangeWords: WordsOf<RangeRemark> = {
  'cut-at-today': ({ to, today }) =>
    t('The range ends in the future ({to}); it was cut at today, {today}.', {
      to: dateText(to),
      today: dateText(today),
    }),
  'cut-at-books': ({ company: name, booksFrom, booksTo, cut: range }) => {
    const cut = rangeText(range);
    return booksTo === null
      ? t('The books of {name} begin on {booksFrom}: the range was cut to {cut}.', {
          ...{ name, cut },
          booksFrom: dateText(booksFrom),
        })
      : t('The books of {name} hold {held}: the range was cut to {cut}.', {
          ...{ name, cut },
          held: rangeText({ from: booksFrom, to: booksTo }),
        });
  },
  'books-ended': ({ company: name, to }) =>
    t(
      'The books of {name} end on {to}: what was loaded of them was compared with Tally. Later days are in another part of the split company.',
      { name, to: dateText(to) },
    ),
  'checkpoint-ahead': ({ checkpoint, today, from }) =>
    t(
      "The checkpoint ({checkpoint}) is later than today ({today}): somebody set it, or this computer's clock was wrong. This sync began at {from}. To load earlier days that may be missing, set the checkpoint back to the last date that you trust, then sync.",
      { checkpoint: dateText(checkpoint), today: dateText(today), from: dateText(from) },
    ),
};
