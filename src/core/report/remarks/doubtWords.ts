import { t } from '@vscode/l10n';
import { dateText } from '../../base/countWords.js';
import { formatCount } from '../../base/format.js';
import type { Doubt } from '../../invoice/invoice.js';
import type { VoucherRemark } from '../../jobs/remark.js';

/** Makes the sentences for one invoice and for several. `count` is their number; `examples` names a few of them. */
type Texts = (of: { count: string; examples: string }) => [one: string, several: string];

const texts: Record<Doubt | 'deleted', Texts> = {
  identity: (of) => [
    t('1 invoice does not add up (total against its parts); it is loaded as Tally has it: {examples}', of),
    t('{count} invoices do not add up (total against their parts); they are loaded as Tally has them: {examples}', of),
  ],
  unbalanced: (of) => [
    t('The entries of 1 voucher do not add up to 0; they are loaded as Tally has them: {examples}', of),
    t('The entries of {count} vouchers do not add up to 0; they are loaded as Tally has them: {examples}', of),
  ],
  'voucher-detail': (of) => [
    t(
      '1 voucher has a quantity, a date, or an amount of a bill, cost centre or bank line that could not be read; that detail was left out: {examples}',
      of,
    ),
    t(
      '{count} vouchers have a quantity, a date, or an amount of a bill, cost centre or bank line that could not be read; these details were left out: {examples}',
      of,
    ),
  ],
  sign: (of) => [
    t('1 invoice has a sign that contradicts its type; it is loaded as Tally has it: {examples}', of),
    t('{count} invoices have a sign that contradicts their type; they are loaded as Tally has them: {examples}', of),
  ],
  'no-party': (of) => [
    t('1 invoice has no line of its party; its total is the sum of the other lines: {examples}', of),
    t('{count} invoices have no line of their party; their total is the sum of the other lines: {examples}', of),
  ],
  'unreadable-detail': (of) => [
    t(
      '1 invoice has a quantity, rate, date, number or mark (optional, cancelled) that could not be read; that was left out: {examples}',
      of,
    ),
    t(
      '{count} invoices have a quantity, rate, date, number or mark (optional, cancelled) that could not be read; that was left out: {examples}',
      of,
    ),
  ],
  'both-views': (of) => [
    t(
      '1 invoice came with lines of two views that do not fit together; the lines of its accounting view were loaded: {examples}',
      of,
    ),
    t(
      '{count} invoices came with lines of two views that do not fit together; the lines of their accounting view were loaded: {examples}',
      of,
    ),
  ],
  'odd-party': (of) => [
    t(
      '1 invoice does not name its party, or does not have exactly one line for it, so its total may be incomplete. Open it in Tally and compare: {examples}',
      of,
    ),
    t(
      '{count} invoices do not name their party, or do not have exactly one line for it, so their totals may be incomplete. Open them in Tally and compare: {examples}',
      of,
    ),
  ],
  'cancelled-lines': (of) => [
    t(
      '1 invoice is marked as cancelled but still has amounts; it is loaded as cancelled, without them: {examples}',
      of,
    ),
    t(
      '{count} invoices are marked as cancelled but still have amounts; they are loaded as cancelled, without them: {examples}',
      of,
    ),
  ],
  'unlisted-ledger': (of) => [
    t(
      "1 invoice has a line on a ledger that is not in Tally's ledger list, or whose group is not in Tally's group list; whether it is taxable value, tax, round-off or something else was guessed from its name: {examples}",
      of,
    ),
    t(
      "{count} invoices have a line on a ledger that is not in Tally's ledger list, or whose group is not in Tally's group list; whether it is taxable value, tax, round-off or something else was guessed from its name: {examples}",
      of,
    ),
  ],
  'foreign-guid': (of) => [
    t('1 invoice carries the GUID of another company; it is loaded as one of this company: {examples}', of),
    t('{count} invoices carry the GUID of another company; they are loaded as those of this company: {examples}', of),
  ],
  'no-taxable': (of) => [
    t(
      '1 invoice has tax but no taxable value, because nothing says which of its ledgers is the sale or the purchase: {examples}',
      of,
    ),
    t(
      '{count} invoices have tax but no taxable value, because nothing says which of their ledgers are sales or purchases: {examples}',
      of,
    ),
  ],
  allocations: (of) => [
    t(
      '1 invoice has a stock item whose amount is not what was booked on its ledgers; it was loaded with the amount of the item: {examples}',
      of,
    ),
    t(
      '{count} invoices have a stock item whose amount is not what was booked on its ledgers; they were loaded with the amount of the item: {examples}',
      of,
    ),
  ],
  'guessed-party': (of) => [
    t(
      '1 invoice does not name its party, or has no line for it. Its total was taken from other lines (of a customer or supplier, marked as the party, or balancing the rest): {examples}',
      of,
    ),
    t(
      '{count} invoices do not name their party, or have no line for it. Their totals were taken from other lines (of a customer or supplier, marked as the party, or balancing the rest): {examples}',
      of,
    ),
  ],
  'several-payments': (of) => [
    t(
      '1 invoice is paid in several ways at once; its total is the sum of the payments, so compare it with Tally: {examples}',
      of,
    ),
    t(
      '{count} invoices are paid in several ways at once; their total is the sum of the payments, so compare them with Tally: {examples}',
      of,
    ),
  ],
  'stock-below-ledger': (of) => [
    t(
      '1 invoice has stock items below a ledger line that do not make up its amount or cannot be read, or below a tax or party line; the amount of the ledger line counts: {examples}',
      of,
    ),
    t(
      '{count} invoices have stock items below a ledger line that do not make up its amount or cannot be read, or below a tax or party line; the amount of the ledger line counts: {examples}',
      of,
    ),
  ],
  tax: (of) => [
    t(
      'The GST of 1 invoice differs by more than rounding from its taxable value times the rates of its lines. Compare it with Tally: {examples}',
      of,
    ),
    t(
      'The GST of {count} invoices differs by more than rounding from their taxable value times the rates of their lines. Compare them with Tally: {examples}',
      of,
    ),
  ],
  'rounding-mark': (of) => [
    t(
      '1 invoice has a line that is marked as a round-off and is not smaller than its rounding limit; the line counts as what its ledger is: {examples}',
      of,
    ),
    t(
      '{count} invoices have a line that is marked as a round-off and is not smaller than its rounding limit; the line counts as what its ledger is: {examples}',
      of,
    ),
  ],
  'credit-start': (of) => [
    t(
      '1 invoice has a bill whose credit counts from a day more than a year away from the invoice; the due date was left out: {examples}',
      of,
    ),
    t(
      '{count} invoices have a bill whose credit counts from a day more than a year away from the invoice; the due date was left out: {examples}',
      of,
    ),
  ],
  'date-form': (of) => [
    t("1 invoice has a date that is not in Tally's form YYYYMMDD; that date was left out: {examples}", of),
    t("{count} invoices have a date that is not in Tally's form YYYYMMDD; that date was left out: {examples}", of),
  ],
  deleted: (of) => [
    t('1 invoice is marked as deleted in Tally; it was left out: {examples}', of),
    t('{count} invoices are marked as deleted in Tally; they were left out: {examples}', of),
  ],
};

/** The sentences that differ for invoices of files, because Tally's list of ledgers may never have been requested. */
const fileTexts: Partial<typeof texts> = {
  'unlisted-ledger': (of) => [
    t(
      '1 invoice has a line on a ledger that no master explains; whether it is taxable value, tax, round-off or something else was guessed from its name: {examples}',
      of,
    ),
    t(
      '{count} invoices have a line on a ledger that no master explains; whether it is taxable value, tax, round-off or something else was guessed from its name: {examples}',
      of,
    ),
  ],
};

/** One sentence on all invoices with the same doubt. It names a few of them. */
export function describeDoubt({ doubt, isFile, count, examples }: Extract<VoucherRemark, { code: 'doubt' }>): string {
  const more = count > examples.length ? ', …' : '';
  const text = (isFile ? fileTexts[doubt] : undefined) ?? texts[doubt];
  const named = examples.map(({ invoice, date }) =>
    date === null ? invoice : t('{invoice} of {date}', { invoice, date: dateText(date) }),
  );
  const [one, several] = text({ count: formatCount(count), examples: `${named.join(', ')}${more}` });
  return count === 1 ? one : several;
}
