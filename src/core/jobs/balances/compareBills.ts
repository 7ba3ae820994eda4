import { earlier, type CalendarDate, type DateRange } from '../../base/calendar.js';
import { formatDecimal } from '../../base/decimal.js';
import { isNotOffered } from '../../tally/answerErrors.js';
import { readPendingBills, type TallyBill, type TallyBills } from '../../tally/requests/pendingBills.js';
import type { BillsReport } from '../../tally/requests/requests.js';
import { billKey, readWarehouseBills, type WarehouseBill } from '../../warehouse/read/pendingBills.js';
import { mayHide } from '../books/books.js';
import type { Run } from '../load/run.js';
import type { BalanceRemark } from '../remark.js';
import type { BillComparison } from './balanceComparison.js';
import type { Asked } from './compareLedgers.js';
import { findSince, probeDays } from './since.js';

/** A bill with its open amount on each side. */
interface Pair {
  ledger: string;
  reference: string;
  tally: bigint;
  /** The date of the bill in Tally's report. */
  date: CalendarDate | undefined;
  warehouse: bigint;
  /** The warehouse's row of the bill; undefined if only Tally has the bill. */
  known: WarehouseBill | undefined;
}

const reports = ['Bills Receivable', 'Bills Payable'] as const;

/** The report that has a bill: a debit is receivable, a credit payable, whatever the group of its party (docs/tally.md §9.3). */
const reportOf = (amount: bigint): BillsReport => (amount > 0n ? 'Bills Receivable' : 'Bills Payable');

/**
 * Compares the bills that are open at the end of the compared days: Tally's two reports with the warehouse's opening bills and
 * allocations. The rest of a ledger's balance is on account. The rest is equal if the ledger and its bills are equal, so it is not
 * compared. There is no comparison if neither report can be compared, if Tally's rows are of another day, or if bills differ and no
 * row shows its day.
 */
export async function compareBills(asked: Asked): Promise<{ comparison?: BillComparison; remarks: BalanceRemark[] }> {
  const { span, limit } = asked;
  const { to } = span.range;
  const ours = await ourBills(asked, span.range);
  const told = await askReports(asked.run, span.range, ours);
  const { comparable, bills, remarks } = told;
  if (comparable.size === 0) return { remarks };
  const { compared, differing, notCompared } = compare(bills, ours, comparable);
  const isOfDay = [...told.days].every((day) => day === to) && (told.days.size > 0 || differing.length === 0);
  if (!isOfDay) return { remarks: [...remarks, { code: 'balances-of-other-days', of: 'bills', range: span.range }] };
  const listed = differing.slice(0, limit);
  const since = await findMonthsOfBills(asked, listed, comparable);
  const comparison: BillComparison = {
    on: to,
    compared,
    differences: differing.length,
    listed: listed.map((pair) => ({
      ledger: pair.ledger,
      reference: pair.reference,
      tally: formatDecimal(pair.tally, 2),
      warehouse: formatDecimal(pair.warehouse, 2),
      since: since?.get(billKey(pair)) ?? null,
      ...(wasOpen(pair, span.range) && { wasOpen: true }),
    })),
    notCompared,
  };
  return { comparison, remarks };
}

const ourBills = ({ run, warehouse }: Asked, range: DateRange): Promise<WarehouseBill[]> =>
  warehouse.use((session) => readWarehouseBills(session, run.books.company.id, range));

const ask = ({ books, context }: Run, report: BillsReport, range: DateRange): Promise<TallyBills> =>
  readPendingBills(books.source, books.company, report, range, context.signal);

interface Told extends TallyBills {
  /** The reports that can be compared: those that Tally gave, except an empty one that may not have been made. */
  comparable: Set<BillsReport>;
  remarks: BalanceRemark[];
}

/**
 * Requests both reports. An empty answer may also mean that Tally did not make the report (docs/tally.md §9.3). So it is not
 * compared if the warehouse has open bills of that report.
 */
async function askReports(run: Run, range: DateRange, ours: readonly WarehouseBill[]): Promise<Told> {
  const found: Told = { comparable: new Set(), bills: [], days: new Set(), remarks: [] };
  const empty: BillsReport[] = [];
  const refused: BillsReport[] = [];
  let refusal = '';
  for (const report of reports) {
    try {
      const { bills, days } = await ask(run, report, range);
      if (bills.length === 0 && ours.some(({ amount }) => amount !== 0n && reportOf(amount) === report)) {
        empty.push(report);
        continue;
      }
      found.comparable.add(report);
      found.bills.push(...bills);
      for (const day of days) found.days.add(day);
    } catch (error) {
      if (!isNotOffered(error)) throw error;
      refused.push(report);
      refusal = error.message;
    }
  }
  if (refused.length > 0) found.remarks.push({ code: 'bills-not-given', reports: refused, refusal });
  if (empty.length > 0) found.remarks.push({ code: 'bills-empty', reports: empty });
  return found;
}

/** Puts the two sides of each bill together. Tally may list a bill in two rows, for example with two dates; these are added up. */
function pairsOf(inTally: readonly TallyBill[], ours: readonly WarehouseBill[]): Map<string, Pair> {
  const pairs = new Map<string, Pair>();
  for (const bill of inTally) {
    const { ledger, reference, date, amount } = bill;
    const pair = pairs.get(billKey(bill));
    if (pair === undefined)
      pairs.set(billKey(bill), { ledger, reference, tally: amount, date, warehouse: 0n, known: undefined });
    else Object.assign(pair, { tally: pair.tally + amount, date: earlier(pair.date ?? date, date) });
  }
  for (const known of ours) {
    const { ledger, reference, amount } = known;
    const pair = pairs.get(billKey(known));
    if (pair !== undefined) Object.assign(pair, { warehouse: amount, known });
    else pairs.set(billKey(known), { ledger, reference, tally: 0n, date: undefined, warehouse: amount, known });
  }
  return pairs;
}

function compare(
  inTally: readonly TallyBill[],
  ours: readonly WarehouseBill[],
  given: ReadonlySet<BillsReport>,
): { compared: number; differing: Pair[]; notCompared: BillComparison['notCompared'] } {
  const differing: Pair[] = [];
  const notCompared: BillComparison['notCompared'] = [];
  let compared = 0;
  const order = ([a]: [string, Pair], [b]: [string, Pair]): number => (a < b ? -1 : 1);
  for (const [, pair] of [...pairsOf(inTally, ours)].sort(order)) {
    const { ledger, reference, tally, warehouse, known } = pair;
    if (tally === 0n && (warehouse === 0n || !given.has(reportOf(warehouse)))) continue;
    const isEqual = tally === warehouse;
    // Tally values a bill in a foreign currency at the latest rate (docs/tally.md §9.3).
    const reason = known?.isUnreadable ? 'unreadable' : known?.isForeign ? 'foreign' : undefined;
    if (!isEqual && reason !== undefined) notCompared.push({ ledger, reference, reason });
    else {
      compared++;
      if (!isEqual) differing.push(pair);
    }
  }
  return { compared, differing, notCompared };
}

/** Whether the bill was open when the books began. */
const wasOpen = ({ date, known }: Pair, { from }: DateRange): boolean =>
  known?.since === null || (date !== undefined && date < from);

/**
 * The earlier of Tally's and the warehouse's first day of the bill. Undefined if the bill was open when the books began, or if only the
 * warehouse has the bill: then it has no date of Tally.
 */
function firstDayOf(pair: Pair, range: DateRange): CalendarDate | undefined {
  const { date, known } = pair;
  return date === undefined || wasOpen(pair, range) ? undefined : earlier(date, known?.since ?? date);
}

/** Finds the days on which the difference of each listed bill began, as findSince does. Undefined if Tally answered for other days. */
async function findMonthsOfBills(
  asked: Asked,
  listed: readonly Pair[],
  given: ReadonlySet<BillsReport>,
): Promise<Map<string, DateRange> | undefined> {
  const { run, span } = asked;
  const { from } = span.range;
  const pairs = new Map(listed.map((pair) => [billKey(pair), pair]));
  const probe = async (day: CalendarDate): Promise<ReadonlySet<string> | undefined> => {
    const inTally: TallyBill[] = [];
    for (const report of given) {
      const { bills, days } = await ask(run, report, { from, to: day });
      if ([...days].some((served) => served !== day)) return undefined;
      inTally.push(...bills);
    }
    const ours = await ourBills(asked, { from, to: day });
    const differing = compare(inTally, ours, given).differing.map(billKey);
    return new Set(differing.filter((key) => pairs.has(key)));
  };
  const days = probeDays(span.range, mayHide(run.books));
  const earliest = (key: string): CalendarDate | undefined => firstDayOf(pairs.get(key)!, span.range);
  return findSince([...pairs.keys()], span.range, days, probe, { earliest });
}
