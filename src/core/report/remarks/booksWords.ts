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
  'ledger-masters-lacking': ({ lacking }) =>
    [
      t('Tally did not give some masters of the ledger. The next load asks for them again.'),
      ...lacking.map(({ kind, refusal }) => `${lackingWords[kind]()} ${refusal ?? t('Tally sent none.')}`),
    ].join(' '),
  'openings-unknown': ({ reason, ledgers, bills, stockItems }) =>
    [
      {
        'no-first-day': t('Tally does not say when the books begin, so their openings could not be asked for.'),
        education: t('Without a licence Tally does not tell the openings of books that begin on this day of a month.'),
        'not-given': t('Tally did not give all openings, or not in a form that can be read.'),
      }[reason],
      t(
        'These openings keep their earlier values or stay empty (never 0): {ledgers} of ledgers, {bills} of bills, {stockItems} of stock items.',
        {
          ledgers: formatCount(ledgers),
          bills: formatCount(bills),
          stockItems: formatCount(stockItems),
        },
      ),
    ].join(' '),
  'natures-unknown': ({ groups }) =>
    t(
      'Tally does not say whether these groups are assets, liabilities, income or expenses: {groups}. The profit and loss shows their ledgers without a nature.',
      { groups: groups.join(', ') },
    ),
  'masters-without-id': ({ masters }) =>
    masters === 1
      ? t('1 master has no GUID in Tally, so the tables of masters do not have it.')
      : t('{count} masters have no GUID in Tally, so the tables of masters do not have them.', {
          count: formatCount(masters),
        }),
  'masters-kept': ({ kept }) =>
    [
      t(
        'Tally did not list some masters that the warehouse shows in use. Its list may have ended early, so the warehouse keeps all masters of these kinds. The next load asks for them again.',
      ),
      ...kept.map(({ kind, count, names }) => {
        const shown = names.join(', ');
        const more = formatCount(count - names.length);
        return keptWords[kind](
          count > names.length ? t('{names} and {count} more', { names: shown, count: more }) : shown,
        );
      }),
    ].join(' '),
  // Without a licence Tally leaves vouchers out in silence. Only the company list tells its mode (docs/tally.md §1.3).
  education: () =>
    t(
      'Tally runs without a licence (Education mode): it may leave out vouchers of other days than the 1st, 2nd and 31st of a month, and does not say so. Activate the licence and run again before you rely on these figures.',
    ),
};

const lackingWords = {
  'ledger-openings': () => t('Openings, currencies and open bills of ledgers stay as they were, or empty:'),
  groups: () => t('Groups stay as they were:'),
  'stock-openings': () => t('Openings of stock items stay as they were, or empty:'),
  'stock-items': () => t('Stock items stay as they were:'),
  units: () => t('Units stay as they were:'),
  'cost-centres': () => t('Cost centres stay as they were:'),
};

const keptWords = {
  groups: (names: string) => t('Groups, which all stay as they were: {names}.', { names }),
  stockItems: (names: string) => t('Stock items: {names}.', { names }),
  units: (names: string) => t('Units: {names}.', { names }),
  voucherTypes: (names: string) => t('Voucher types: {names}.', { names }),
  costCentres: (names: string) => t('Cost centres: {names}.', { names }),
};

/** The one remedy for all masters that a file lacks. */
export const loadWithMasters = (): string =>
  t(
    'Load it again together with the file of the masters (in Tally: Alt+E > Masters), or with the company open in Tally.',
  );

/** The consequences for a load if a file lacks these kinds of masters. If ledgers are lacking, their groups do not matter. */
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
