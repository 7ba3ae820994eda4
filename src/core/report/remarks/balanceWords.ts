import { t } from '@vscode/l10n';
import { dayCount, rangeText } from '../../base/countWords.js';
import { formatCount } from '../../base/format.js';
import type { BalanceRemark, Balances } from '../../jobs/remark.js';
import type { WordsOf } from './wordsOf.js';

const ofOtherDays: Record<Balances, (range: string) => string> = {
  all: (range) =>
    t(
      'Ledgers, bills and stock were not compared: without a licence (Education mode) Tally does not keep to the dates of {range}. A range that begins and ends on the 1st, 2nd or 31st can be compared.',
      { range },
    ),
  ledgers: (range) =>
    t("Ledgers were not compared: nothing shows that Tally's balances of ledgers are those of {range}.", { range }),
  bills: (range) =>
    t("Bills were not compared: nothing shows that Tally's reports of bills are of the last day of {range}.", {
      range,
    }),
  stock: (range) => t("Stock was not compared: nothing shows that Tally's quantities are those of {range}.", { range }),
};

export const balanceWords: WordsOf<BalanceRemark> = {
  'ledger-not-loaded': ({ days }) =>
    days === 1
      ? t(
          'Ledgers, bills and stock were not compared: 1 day of the range was not loaded with the stream ledger. Sync, then verify again.',
        )
      : t(
          'Ledgers, bills and stock were not compared: {count} days of the range were not loaded with the stream ledger. Sync, then verify again.',
          { count: formatCount(days) },
        ),
  'openings-not-compared': ({ range, days }) => {
    if (days === null)
      return t(
        "Opening balances and bills were not compared: Tally does not give the first day of the books. Ledgers and stock were compared for {range}, from Tally's own opening balances on.",
        { range: rangeText(range) },
      );
    const args = { range: rangeText(range), days: dayCount(days) };
    return days === 0
      ? t(
          "Opening balances and bills were not compared: the warehouse does not have the openings of these books. Ledgers and stock were compared for {range}, from Tally's own opening balances on. Sync, then verify again.",
          args,
        )
      : t(
          "Opening balances and bills were not compared: of the books before {range}, {days} were not loaded with the stream ledger. Ledgers and stock were compared from Tally's own opening balances on. To compare all, backfill from the first day of the books.",
          args,
        );
  },
  'stock-openings-not-compared': () =>
    t(
      "Opening quantities of stock were not compared: the warehouse does not have them. Stock was compared from Tally's own opening quantities on. Sync, then verify again.",
    ),
  'balances-of-other-days': ({ of, range }) => ofOtherDays[of](rangeText(range)),
  'balances-not-given': ({ of, refusal }) =>
    of === 'ledgers'
      ? t('Ledgers were not compared: Tally did not give their balances ({refusal}).', { refusal })
      : t('Stock was not compared: Tally did not give its quantities ({refusal}).', { refusal }),
  'bills-not-given': ({ reports, refusal }) =>
    t('Bills were not compared with these reports, because Tally did not give them: {reports} ({refusal}).', {
      reports: reports.join(', '),
      refusal,
    }),
  'bills-empty': ({ reports }) =>
    t(
      'Bills were not compared with these reports, because Tally gave no bill in them and the warehouse has such bills: {reports}. Open the report in Tally, then verify again.',
      { reports: reports.join(', ') },
    ),
};
