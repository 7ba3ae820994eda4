import { t } from '@vscode/l10n';
import { addDays } from '../../../base/calendar.js';
import { invoiceCount } from '../../../base/countWords.js';
import { EtlError } from '../../../base/errors.js';
import { formatCount } from '../../../base/format.js';
import type { Stage } from '../../../warehouse/load/stage.js';
import { mayHide } from '../../books/books.js';
import type { Lost } from '../../remark.js';
import type { Reading } from '../reading.js';
import type { Run } from '../run.js';

/** If a range has at least this many invoices, a loss of more than half of them looks like a mistake. */
const guardedFrom = 20;

/**
 * Throws `guard` if replacing the range by the staged rows looks like a mistake. Also throws it if rows would be removed
 * that a Tally without a licence may only hide.
 */
export async function guardRange(
  { range, books }: Run,
  stage: Stage,
  { list, reader, arrivals }: Reading,
): Promise<void> {
  if (mayHide(books)) guardHidden((await stage.findGone(range)).size);
  const had = await stage.countWarehouse(range);
  const { invoices, rejected } = reader.totals;
  // A listed invoice never counts as gone. Without a list, rows on days outside Tally's answer would count as gone.
  const { from, to } = reader.answered;
  const unreached = list.isWhole
    ? 0
    : from === undefined || to === undefined
      ? had
      : (await stage.countWarehouse({ from: range.from, to: addDays(from, -1) })) +
        (await stage.countWarehouse({ from: addDays(to, 1), to: range.to }));
  guardReplace({ had, has: invoices + rejected + arrivals.awaitedInvoices, unreached });
}

/** The numbers of invoices of a range that is to be replaced. */
export interface Replacement {
  /** The number of invoices in the warehouse now. */
  had: number;
  /**
   * The number of invoices that Tally sent, readable or not, or only listed. With the stream `ledger`, unreadable vouchers of
   * other types count too.
   */
  has: number;
  /** How many of `had` are on days before the first or after the last voucher of Tally's answer. */
  unreached: number;
}

/**
 * Throws `guard` if the replacement of the warehouse's rows looks like a mistake. It does if there are no new rows, or
 * less than half as many (of at least `guardedFrom`), or if the answer does not reach all days of the old rows. A wrong
 * company or period in Tally looks like deletion.
 */
export function guardReplace({ had, has, unreached }: Replacement): void {
  const empty = has === 0 && had > 0;
  const shrunk = had >= guardedFrom && has * 2 < had;
  if (!empty && !shrunk && unreached === 0) return;
  const inWarehouse = formatCount(had);
  const message = [
    has === 0
      ? t('Tally has no invoice in this range, the warehouse {inWarehouse}.', { inWarehouse })
      : t('Tally has {invoices} in this range, the warehouse {inWarehouse}.', {
          invoices: invoiceCount(has),
          inWarehouse,
        }),
    ...daysNotReached(unreached),
    t('Nothing was changed.'),
  ];
  throw new EtlError(
    'guard',
    message.join(' '),
    t('Check the company and the period in Tally. If this is right all the same, run it again with --force.'),
  );
}

/** Throws `guard` if invoices would be removed that a Tally without a licence may only hide. */
function guardHidden(gone: number): void {
  if (gone === 0) return;
  throw new EtlError(
    'guard',
    gone === 1
      ? t(
          'Tally did not send 1 invoice that the warehouse has. Tally may run without a licence (Education mode) and hide it. Nothing was changed.',
        )
      : t(
          'Tally did not send {count} invoices that the warehouse has. Tally may run without a licence (Education mode) and hide them. Nothing was changed.',
          { count: formatCount(gone) },
        ),
    t('Activate the licence in Tally and run again. If they are gone indeed, run it again with --force.'),
  );
}

function daysNotReached(invoices: number): string[] {
  if (invoices === 0) return [];
  return invoices === 1
    ? [t("1 of them is on a day that Tally's answer does not reach.")]
    : [
        t("{count} of them are on days that Tally's answer does not reach.", {
          count: formatCount(invoices),
        }),
      ];
}

/**
 * Whether the vouchers that Tally no longer lists may count as deleted: the list is not empty, and of many vouchers
 * (`guardedFrom`) not more than half are missing.
 */
export const isPlausible = ({ had, lost, listed }: Lost): boolean =>
  lost === 0 || (listed > 0 && (had < guardedFrom || lost * 2 <= had));
