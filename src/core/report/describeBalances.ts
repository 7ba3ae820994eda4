import { t } from '@vscode/l10n';
import { monthEnd, monthStart, type DateRange } from '../base/calendar.js';
import { dateText, monthNames, rangeText } from '../base/countWords.js';
import { parseDecimal } from '../base/decimal.js';
import { formatCount, formatNumber, formatRupees, paiseOf } from '../base/format.js';
import type {
  BalanceComparisons,
  BillComparison,
  LedgerComparison,
  LedgerSides,
  Since,
  StockComparison,
  StockReason,
  VoucherComparison,
} from '../jobs/balances/balanceComparison.js';
import { alignTable, columns, wrapWords } from './describeTable.js';

/** A short text for a message: what differs, how many vouchers do not add up, what to reload. Empty if everything matches. */
export function balancesDiffer(found: BalanceComparisons): string[] {
  const what = countDifferences(found);
  const sentences =
    what.length === 0 ? [] : [t('Tally and the warehouse differ in {what}.', { what: what.join(', ') })];
  const unbalanced = found.vouchers?.differences ?? 0;
  if (unbalanced > 0) sentences.push(unbalancedText(unbalanced));
  if (sentences.length === 0) return [];
  const ranges = reloadRanges(found);
  if (ranges.length > 0) sentences.push(t('Clear and reload {ranges}.', { ranges: ranges.map(rangeText).join(', ') }));
  if (sincesOf(found).includes('opening'))
    sentences.push(
      t(
        'Opening balances differ. If they were changed in Tally, sync. If they were changed in the warehouse, clear and reload any day.',
      ),
    );
  return [sentences.join(' ')];
}

function countDifferences({ ledger, bills, stock }: BalanceComparisons): string[] {
  const some = (count: number | undefined, one: () => string, many: (count: string) => string): string[] =>
    count === undefined || count === 0 ? [] : [count === 1 ? one() : many(formatCount(count))];
  return [
    ...some(
      ledger?.differences,
      () => t('1 ledger'),
      (count) => t('{count} ledgers', { count }),
    ),
    ...some(
      bills?.differences,
      () => t('1 open bill'),
      (count) => t('{count} open bills', { count }),
    ),
    ...some(
      stock?.differences,
      () => t('the stock of 1 item'),
      (count) => t('the stock of {count} items', { count }),
    ),
  ];
}

const unbalancedText = (count: number): string =>
  count === 1
    ? t(
        'The entries of 1 voucher in the warehouse do not add up to 0. If a reload does not change that, the voucher does not add up in Tally either.',
      )
    : t(
        'The entries of {count} vouchers in the warehouse do not add up to 0. If a reload does not change that, the vouchers do not add up in Tally either.',
        { count: formatCount(count) },
      );

const sincesOf = ({ ledger, bills, stock }: BalanceComparisons): Since[] =>
  [ledger, bills, stock].flatMap((one) => (one?.listed ?? []).map(({ since }) => since));

/** The most ranges to offer one by one. More are joined into one range, from the first day to the last. */
const mostRanges = 3;

/** The ranges in which the differences began, and the days of vouchers that do not add up; oldest first, each once. */
export function reloadRanges(found: BalanceComparisons): DateRange[] {
  const ranges = new Map<string, DateRange>();
  for (const since of sincesOf(found))
    if (since !== null && since !== 'opening') ranges.set(`${since.from} ${since.to}`, since);
  for (const { date } of found.vouchers?.listed ?? [])
    if (![...ranges.values()].some(({ from, to }) => from <= date && date <= to))
      ranges.set(`${date} ${date}`, { from: date, to: date });
  const sorted = [...ranges].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, range]) => range);
  if (sorted.length <= mostRanges) return sorted;
  return [
    {
      from: sorted[0]!.from,
      to: sorted
        .map(({ to }) => to)
        .sort()
        .at(-1)!,
    },
  ];
}

/** For each kind that was compared: a sentence if it matches Tally, else a table of the differences with Tally on the left. */
export const describeBalances = ({ ledger, bills, stock, vouchers }: BalanceComparisons): string[] => [
  ...(ledger === undefined ? [] : describeLedgers(ledger)),
  ...(bills === undefined ? [] : describeBills(bills)),
  ...(stock === undefined ? [] : describeStock(stock)),
  ...(vouchers === undefined ? [] : describeVouchers(vouchers)),
];

const paragraph = (text: string): string[] => wrapWords(text, columns);

function describeLedgers(found: LedgerComparison): string[] {
  const { listed, differences, foreign, untold } = found;
  const left = [
    ...notCompared(foreign, (names) =>
      t('Not compared, because Tally revalues foreign currency at the latest rate: {names}.', { names }),
    ),
    ...notCompared(untold, (ledgers) =>
      t('Not compared, because Tally gives no balance or the warehouse has no opening balance: {ledgers}.', {
        ledgers,
      }),
    ),
  ];
  if (differences === 0) return ['', ...paragraph(ledgersAgree(found)), ...left];
  const rows = listed.flatMap(({ ledger, tally, warehouse, since }) =>
    figuresOf(tally, warehouse).map(({ title, there, here, text }, n) => [
      ...[n === 0 ? oneLine(ledger) : '', title],
      ...[text(there), text(here), formatRupees(there - here)],
      n === 0 ? sinceText(since) : '',
    ]),
  );
  const titles = [...[t('Ledger'), '', t('In Tally'), t('In the warehouse'), t('Difference')], t('Since')];
  return [
    '',
    ...underTitle(t('Ledgers that differ, {range}', { range: rangeText(found) })),
    ...alignTable([titles, ...rows], ['left', 'left', 'right', 'right', 'right', 'left']),
    ...andMore(differences - listed.length),
    ...left,
  ];
}

function ledgersAgree({ openings, totals, compared, ...range }: LedgerComparison): string {
  const args = { range: rangeText(range), count: formatCount(compared) };
  if (openings)
    return totals
      ? t('Ledgers, {range}: {count} match Tally to the paisa in openings, debits, credits and closings.', args)
      : t('Ledgers, {range}: {count} match Tally to the paisa in openings and closings.', args);
  return totals
    ? t('Ledgers, {range}: {count} match Tally to the paisa in debits, credits and closings.', args)
    : t('Ledgers, {range}: {count} match Tally to the paisa in closings.', args);
}

/** A balance as accountants write it, for example `₹1,180.00 Dr`. */
function balanceText(paise: bigint): string {
  if (paise === 0n) return formatRupees(0n);
  return paise > 0n
    ? t('{amount} Dr', { amount: formatRupees(paise) })
    : t('{amount} Cr', { amount: formatRupees(-paise) });
}

/** The figures of a ledger that differ between Tally and the warehouse. */
function figuresOf(tally: LedgerSides, warehouse: LedgerSides) {
  const figures = [
    { title: t('Opening'), key: 'opening', text: balanceText },
    { title: t('Debits'), key: 'debits', text: formatRupees },
    { title: t('Credits'), key: 'credits', text: formatRupees },
    { title: t('Closing'), key: 'closing', text: balanceText },
  ] as const;
  return figures.flatMap(({ title, key, text }) => {
    const [there, here] = [tally[key], warehouse[key]];
    return there === null || here === null || there === here
      ? []
      : [{ title, text, there: paiseOf(there), here: paiseOf(here) }];
  });
}

function describeBills({ on, compared, differences, listed, notCompared: left }: BillComparison): string[] {
  const named = (reason: (typeof left)[number]['reason']): string[] =>
    left.filter((one) => one.reason === reason).map(({ ledger, reference }) => `${ledger} ${reference}`);
  const rest = [
    ...notCompared(named('foreign'), (names) =>
      t('Not compared, because Tally revalues foreign currency at the latest rate: {names}.', { names }),
    ),
    ...notCompared(named('unreadable'), (bills) =>
      t('Not compared, because an amount could not be read: {bills}.', { bills }),
    ),
  ];
  const day = dateText(on);
  if (differences === 0)
    return compared === 0 && rest.length === 0
      ? []
      : [
          '',
          ...paragraph(
            t('Bills open on {day}: {count} match Tally to the paisa.', { day, count: formatCount(compared) }),
          ),
          ...rest,
        ];
  const rows = listed.map(({ ledger, reference, tally, warehouse, since, wasOpen }) => [
    ...[oneLine(ledger), oneLine(reference), balanceText(paiseOf(tally)), balanceText(paiseOf(warehouse))],
    wasOpen ? t('{month} or the opening', { month: sinceText(since) }) : sinceText(since),
  ]);
  const titles = [t('Ledger'), t('Bill'), t('In Tally'), t('In the warehouse'), t('Since')];
  return [
    '',
    ...underTitle(t('Open bills that differ on {day}', { day })),
    ...alignTable([titles, ...rows], ['left', 'left', 'right', 'right', 'left']),
    ...andMore(differences - listed.length),
    ...rest,
  ];
}

const stockReasons: Record<StockReason, (items: string) => string> = {
  counted: (items) => t('Not compared, because a physical stock voucher sets the quantity: {items}.', { items }),
  tracked: (items) =>
    t('Not compared, because it is not certain how Tally counts goods with tracking numbers: {items}.', { items }),
  units: (items) =>
    t('Not compared, because the vouchers and the stock in Tally are in different units: {items}.', { items }),
  unreadable: (items) => t('Not compared, because a quantity could not be read: {items}.', { items }),
};

function describeStock({
  compared,
  differences,
  listed,
  notCompared: left,
  openings,
  ...range
}: StockComparison): string[] {
  const rest = (Object.keys(stockReasons) as StockReason[]).flatMap((reason) =>
    notCompared(
      left.filter((one) => one.reason === reason).map(({ item }) => item),
      stockReasons[reason],
    ),
  );
  const args = { range: rangeText(range), count: formatCount(compared) };
  if (differences === 0) {
    if (compared === 0 && rest.length === 0) return [];
    const words = openings
      ? t('Stock, {range}: {count} items match Tally in opening and closing quantities.', args)
      : t('Stock, {range}: {count} items match Tally in closing quantities.', args);
    return ['', ...paragraph(words), ...rest];
  }
  const rows = listed.flatMap(({ item, unit, tally, warehouse, since }) => {
    const differing = (['opening', 'closing'] as const).filter((key) => tally[key] !== warehouse[key]);
    return differing.map((key, n) => [
      n === 0 ? oneLine(item) : '',
      key === 'opening' ? t('Opening') : t('Closing'),
      ...[tally[key], warehouse[key]].map((quantity) => quantityText(quantity, unit)),
      n === 0 ? sinceText(since) : '',
    ]);
  });
  const titles = [t('Item'), '', t('In Tally'), t('In the warehouse'), t('Since')];
  return [
    '',
    ...underTitle(t('Stock that differs, {range}', { range: rangeText(range) })),
    ...alignTable([titles, ...rows], ['left', 'left', 'right', 'right', 'left']),
    ...andMore(differences - listed.length),
    ...rest,
  ];
}

function describeVouchers({ compared, differences, listed, ...range }: VoucherComparison): string[] {
  const args = { range: rangeText(range), count: formatCount(compared) };
  if (compared === 0) return [];
  if (differences === 0)
    return ['', ...paragraph(t('Vouchers, {range}: {count}, and the entries of each add up to 0.', args))];
  const rows = listed.map(({ date, voucherType, voucherNumber, sum }) => [
    ...[dateText(date), oneLine(voucherType), oneLine(voucherNumber ?? ''), balanceText(paiseOf(sum))],
  ]);
  return [
    '',
    ...underTitle(t('Vouchers whose entries do not add up to 0, {range}', args)),
    ...alignTable([[t('Date'), t('Type'), t('Number'), t('Sum')], ...rows], ['left', 'left', 'left', 'right']),
    ...andMore(differences - listed.length),
  ];
}

/** A quantity without trailing zeros, for example `1,200 Nos`. */
function quantityText(quantity: string, unit: string | null): string {
  const isWhole = parseDecimal(quantity, 0) !== undefined;
  const number = formatNumber(isWhole ? quantity.split('.')[0]! : quantity.replace(/0+$/, ''));
  return unit === null ? number : `${number} ${unit}`;
}

function sinceText(since: Since): string {
  if (since === null) return '';
  if (since === 'opening') return t('the opening');
  const { from, to } = since;
  const isMonth = from === monthStart(from) && to === monthEnd(from);
  return isMonth ? `${monthNames()[Number(from.slice(5, 7)) - 1]!}\u00a0${from.slice(0, 4)}` : rangeText(since);
}

/** A name in Tally may have a line break. */
const oneLine = (name: string): string => name.replace(/\s*[\r\n]+\s*/g, ' ');

const underTitle = (title: string): string[] => [title, ''];

/** The most names in a sentence. */
const mostNamed = 10;

function notCompared(names: readonly string[], words: (names: string) => string): string[] {
  if (names.length === 0) return [];
  const more = names.length - mostNamed;
  const shown = names.slice(0, mostNamed).map(oneLine).join(', ');
  return paragraph(words(more > 0 ? t('{names} and {count} more', { names: shown, count: formatCount(more) }) : shown));
}

const andMore = (count: number): string[] =>
  count <= 0
    ? []
    : [
        count === 1
          ? t('… and 1 more that is not listed')
          : t('… and {count} more that are not listed', { count: formatCount(count) }),
      ];
