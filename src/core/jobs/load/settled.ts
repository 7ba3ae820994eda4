import { today, type CalendarDate, type DateRange } from '../../base/calendar.js';
import { countProven, countSeen, countVouchers, storedTotals } from '../../warehouse/read/settledRange.js';
import type { SeenVouchers } from '../../warehouse/load/seenVouchers.js';
import { rememberSettled } from '../../warehouse/records/sources.js';
import type { KnownSource } from '../../warehouse/records/sources.js';
import type { DayCounts, LedgerCounts } from '../../warehouse/read/comparison.js';
import type { Connection } from '../../warehouse/postgres/connection.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import { mayHide, rulesHashOf } from '../books/books.js';
import { sourceOf } from '../books/knownBooks.js';
import { asksForLittle } from './list/digests.js';
import type { AskedRun } from './prepareRun.js';
import type { RangeResult } from './result.js';

/**
 * The result of a sync that need not read from Tally, because nothing has changed since today's last complete sync. Evidence:
 * Tally's counters, which move with each change of a voucher or master (docs/tally.md §4), are the same, and the warehouse is
 * as that sync left it. Undefined if something may have changed. Only valid on the same day: a restored backup can bring equal
 * counters, and the next day's sync then shows its changes.
 */
export async function resultIfSettled(
  { range, remarks, books, context }: AskedRun,
  sources: readonly KnownSource[],
  checkpoint: CalendarDate | undefined,
  warehouse: Warehouse,
): Promise<RangeResult | undefined> {
  const { company, reports } = books;
  const known = sourceOf(books, sources);
  if (known?.settled?.on !== today() || checkpoint !== range.to || range.to !== known.settled.on) return undefined;
  const { settled } = known;
  if (!asksForLittle({ books, context }) || mayHide(books)) return undefined;
  const { voucherCounter, masterCounter } = company;
  if (voucherCounter !== settled.voucherCounter || masterCounter !== settled.masterCounter) return undefined;
  if (!settled.rulesHash.startsWith(rulesHashOf(context.config, true))) return undefined;
  return warehouse.use(async (session) => {
    const proven = await countProven(session, company.id, settled.rulesHash);
    if (proven !== settled.invoices) return undefined;
    const stored = await storedTotals(session, company.id, range);
    const byType = stored.map(({ date, invoiceType, invoices, total }) => ({ date, invoiceType, invoices, total }));
    const days = new Map<CalendarDate, DayCounts>();
    for (const { date, invoices } of byType) {
      const sum = (days.get(date)?.invoices ?? 0) + invoices;
      days.set(date, { date, invoices: sum, inserted: 0, updated: 0, unchanged: sum, removed: 0 });
    }
    const invoices = byType.reduce((sum, day) => sum + day.invoices, 0);
    context.logger.info("Nothing has changed in Tally since today's last sync: its counters are unchanged");
    return {
      ...range,
      report: reports.find((report) => report === known.report) ?? reports[0]!,
      answered: { vouchers: 0, from: null, to: null },
      ...{ invoices, inserted: 0, updated: 0, unchanged: invoices, removed: 0, missing: 0, rejected: 0 },
      optional: stored.reduce((sum, day) => sum + day.optional, 0),
      warnings: [...remarks],
      days: [...days.values()],
      byType,
      ...{ missingInvoices: [], notProven: null, holes: [] },
      index: { vouchers: await countSeen(session, company.id, range), invoices, unchanged: invoices },
      older: { invoices: proven, daysReadAgain: 0 },
      warehouse: { state: 'compared' },
      ...(context.config.ledger && { ledger: await unchangedLedger(session, company.id, range) }),
    };
  });
}

async function unchangedLedger(session: Connection, companyId: string, range: DateRange): Promise<LedgerCounts> {
  const vouchers = await countVouchers(session, companyId, range);
  return { vouchers, inserted: 0, updated: 0, unchanged: vouchers, removed: 0, missing: 0 };
}

/**
 * Records that a sync has compared everything and left nothing open. Records nothing if something is open, or if Tally
 * gives no counters or may hide vouchers. The counters are those from before the list was requested.
 */
export async function settle(
  { books, context }: AskedRun,
  { older, notProven, rejected, warnings }: RangeResult,
  { hasForgotten }: SeenVouchers,
  warehouse: Warehouse,
): Promise<void> {
  const { id, name, voucherCounter, masterCounter } = books.company;
  const isOpen =
    older === undefined ||
    hasForgotten ||
    notProven !== null ||
    rejected > 0 ||
    warnings.some(({ code }) => code !== 'doubt');
  if (isOpen || !voucherCounter || !masterCounter || mayHide(books)) return;
  const settled = { on: today(), voucherCounter, masterCounter, rulesHash: rulesHashOf(context.config, true) };
  await warehouse.useLocked(id, (session) => rememberSettled(session, id, name, settled));
}
