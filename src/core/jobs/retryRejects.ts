import type { CalendarDate, DateRange } from '../calendar.js';
import { asEtlError } from '../errors.js';
import { formatCountOf } from '../format.js';
import { readVoucherIndex } from '../tally/readVoucherIndex.js';
import { firstText } from '../tally/xmlText.js';
import type { Comparison } from '../warehouse/comparison.js';
import type { OlderReject } from '../warehouse/rejects.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { readRules } from './books.js';
import { loadRange, type Run } from './loadRange.js';
import type { Outcome } from './outcome.js';

/** Days with rejects that one sync looks at: each costs a request. */
const daysTried = 10;

/**
 * Loads the days before a sync's range again whose rejects have been mended since, and gives the sync's outcome with
 * theirs. A day is read only where Tally lists such a voucher as altered, not at all, or its type is known by now: else
 * a voucher that nobody mends would be read by every sync. The days' own holes are warnings, no fault of the sync.
 */
export async function withRetriedRejects(run: Run, warehouse: Warehouse, outcome: Outcome): Promise<Outcome> {
  const days = new Map<CalendarDate, OlderReject[]>();
  for (const reject of await warehouse.rejectsBefore(run.books.company.id, outcome.from, daysTried))
    days.set(reject.date, [...(days.get(reject.date) ?? []), reject]);
  let all = outcome;
  let masters: ReturnType<Run['books']['readMasters']> | undefined;
  const books = { ...run.books, readMasters: () => (masters ??= run.books.readMasters()) };
  const knowsType = async (name: string): Promise<boolean> =>
    (await readRules(books, run.context)).rules.invoiceTypeOf(name) !== 'unknown';
  for (const [date, rejects] of days) {
    const day = { from: date, to: date };
    const committed: Comparison[] = [];
    try {
      if (!(await isMended(rejects, await listed(run, day), knowsType))) continue;
      run.context.logger.info(
        `${date} is read again: ${formatCountOf(rejects.length, 'voucher')} could not be read before.`,
      );
      const again: Run = { ...run, books, range: day, warnings: [], movesCheckpoint: false, committed };
      all = added(all, await loadRange(again, warehouse), date);
    } catch (thrown) {
      const { code, message } = asEtlError(thrown);
      // Such days are of other books by now, or Tally has no list to tell by: a backfill of them says so itself.
      if (!['range-not-covered', 'tally-refused', 'answer-unreadable'].includes(code)) throw thrown;
      run.context.logger.info(`${date}, of which vouchers could not be read before, was not tried again: ${message}`);
    } finally {
      run.committed.push(...committed);
    }
  }
  return all;
}

/** The ALTERIDs that Tally lists of a day. */
async function listed({ books, context }: Run, day: DateRange): Promise<Map<string, number | undefined>> {
  const alterIds = new Map<string, number | undefined>();
  for await (const vouchers of readVoucherIndex(books.source, books.company, day, context.signal))
    for (const { guid, alterId } of vouchers) alterIds.set(guid, alterId);
  return alterIds;
}

async function isMended(
  rejects: OlderReject[],
  alterIds: Map<string, number | undefined>,
  knowsType: (name: string) => Promise<boolean>,
): Promise<boolean> {
  for (const { invoiceId, field, raw } of rejects) {
    const before = Number(firstText(raw, 'ALTERID') || NaN);
    if (alterIds.get(invoiceId) !== before) return true;
    if (field === 'VOUCHERTYPENAME' && (await knowsType(firstText(raw, 'VOUCHERTYPENAME')))) return true;
  }
  return false;
}

function added(outcome: Outcome, more: Outcome, date: CalendarDate): Outcome {
  const { invoices, inserted, updated, unchanged, missing, rejected } = outcome;
  return {
    ...outcome,
    invoices: invoices + more.invoices,
    inserted: inserted + more.inserted,
    updated: updated + more.updated,
    unchanged: unchanged + more.unchanged,
    missing: missing + more.missing,
    rejected: rejected + more.rejected,
    days: [...outcome.days, ...more.days].sort((a, b) => (a.date < b.date ? -1 : 1)),
    byType: [...outcome.byType, ...more.byType].sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0)),
    missingInvoices: [...outcome.missingInvoices, ...more.missingInvoices].slice(0, 100),
    warnings: [
      ...outcome.warnings,
      ...more.warnings,
      ...(more.notProven === null ? [] : [`${date}, read again for what could not be read before: ${more.notProven}`]),
    ],
  };
}
