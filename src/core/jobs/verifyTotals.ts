import { addDays, daysOf, today, type CalendarDate, type DateRange } from '../base/calendar.js';
import { formatDecimal, parseDecimal } from '../base/decimal.js';
import { formatCountOf, formatSpan, paiseOf } from '../base/format.js';
import { totalsRequestVersion, type DayTotal } from '../tally/requests/dayTotals.js';
import type { VoucherLists } from '../tally/requests/voucherLists.js';
import type { VerifiedDay } from '../warehouse/read/comparison.js';
import {
  daysUnlikeList,
  readDayTotals,
  type TypeOfInvoices,
  type WarehouseTotal,
} from '../warehouse/read/dayTotals.js';
import { rememberTotals } from '../warehouse/records/sources.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { sourceOf } from './books/knownBooks.js';
import { compareRange, type Found } from './compareRange.js';
import { areRight, asksForLittle, isWrong } from './load/list/digests.js';
import { monthsTogether, yearsOf } from './load/chunks.js';
import { countingOn } from './load/countingOn.js';
import { tryOnce, type Verdict } from './load/list/tryOnce.js';
import { VoucherList } from './load/list/voucherList.js';
import type { Run } from './load/run.js';
import type { NotByTotals } from './remark.js';

/**
 * Two days are read as one range if they are at most so many days apart, with at most so many vouchers between them: each range
 * costs a request and a list.
 */
const bridged = { days: 7, vouchers: 100 };
/**
 * The most vouchers that Tally adds up for one answer. An answer has a row for each type on each day. The limit is an
 * estimate for some 5 seconds of Tally's time; real Tallys were not measured.
 */
const answerVouchers = 10_000;
/**
 * Tally's totals are not comparable with the warehouse's if so many days or ranges differ only in them, and the
 * comparison field by field finds no difference.
 */
const mostFalseAlarms = 3;

/** The result of comparing the days of a range by ids and totals. */
interface Suspected {
  /** The days that have to be compared field by field, oldest first. */
  days: CalendarDate[];
  /** The days among these whose ids are equal, so that only their totals differ. */
  byTotalsAlone: ReadonlySet<CalendarDate>;
  /** The warehouse's invoices, by day and voucher type. */
  warehouse: WarehouseTotal[];
  /** The number of vouchers of any type in a range, by Tally's digests. */
  vouchersOf: (range: DateRange) => number;
}

/**
 * Compares a range by ids and totals of each day and voucher type, and then field by field the days that differ in them. It
 * compares
 *
 * - Tally's digests (the count and the sums of ids of each day) with those of the remembered list: shows each change of a
 *   voucher in Tally,
 * - the remembered list with the invoices of the warehouse: shows invoices that are missing here, or have another ALTERID
 *   (Tally's counter of changes), date or type,
 * - Tally's totals of days and types with those of the warehouse: shows changed amounts.
 *
 * If Tally does not give these, or they cannot be trusted, everything is compared field by field, and a remark says why.
 * Everything is also compared field by field if half of the vouchers would be read anyway.
 */
export async function compareByTotals(run: Run, warehouse: Warehouse, limit: number): Promise<Found> {
  const suspected = await suspect(run, warehouse);
  if (typeof suspected === 'string') return compareAll(run, warehouse, limit, suspected);
  const { days, byTotalsAlone, vouchersOf } = suspected;
  const ranges = joinDays(days, vouchersOf);
  run.context.logger.info(
    `By totals of ${formatSpan(run.range.from, run.range.to)}: ${formatCountOf(days.length, 'day')} to be compared field by field`,
  );
  const wanted = ranges.reduce((sum, range) => sum + vouchersOf(range), 0);
  if (days.length > 0 && wanted * 2 >= vouchersOf(run.range)) {
    const found = await compareAll(run, warehouse, limit);
    return areFalse(byTotalsAlone, found.days) ? withReason(found, 'not-comparable') : found;
  }
  const found = await compareDays(run, warehouse, limit, suspected, ranges);
  if (typeof found !== 'number') return found;
  return compareAll({ ...run, context: countingOn(run.context, found) }, warehouse, limit, 'not-comparable');
}

async function compareAll(run: Run, warehouse: Warehouse, limit: number, reason?: NotByTotals): Promise<Found> {
  const found = { ...(await compareRange(run, warehouse, limit)), byTotals: [] };
  return reason === undefined ? found : withReason(found, reason);
}

const withReason = (found: Found, reason: NotByTotals): Found => ({
  ...found,
  notByTotals: { code: 'not-by-totals', reason },
});

/**
 * Whether so many days differ only in their totals that it cannot be chance, and none of them has a difference field by
 * field.
 */
function areFalse(byTotalsAlone: ReadonlySet<CalendarDate>, days: VerifiedDay[]): boolean {
  const differing = days.some(({ date, differences }) => differences > 0 && byTotalsAlone.has(date));
  return byTotalsAlone.size >= mostFalseAlarms && !differing;
}

/**
 * Compares the ranges field by field. The days between them count as equal, by their totals. If the ranges show that totals
 * cannot be trusted, returns how many invoices were read to find that out.
 */
async function compareDays(
  run: Run,
  warehouse: Warehouse,
  limit: number,
  suspected: Suspected,
  ranges: DateRange[],
): Promise<Found | number> {
  const read = new Set(ranges.flatMap((range) => [...daysOf(range)]));
  const wanted = new Set(suspected.days);
  const isDoubtful = (range: DateRange): boolean =>
    [...daysOf(range)].every((day) => !wanted.has(day) || suspected.byTotalsAlone.has(day));
  const doubtful = ranges.filter(isDoubtful);
  const parts = new Map<DateRange, Found>();
  let falseAlarms = 0;
  let invoices = 0;
  let isBelieved = false;
  for (const range of [...doubtful, ...ranges.filter((one) => !doubtful.includes(one))]) {
    const isElsewhere = (day: CalendarDate): boolean => read.has(day) && (day < range.from || day > range.to);
    const context = ranges.length > 1 ? countingOn(run.context, invoices) : run.context;
    const found = await compareRange({ ...run, range, context }, warehouse, limit, isElsewhere);
    invoices += found.invoices.tally;
    parts.set(range, found);
    if (!isDoubtful(range)) continue;
    isBelieved ||= found.days.some(({ differences }) => differences > 0);
    if (!isBelieved && ++falseAlarms === mostFalseAlarms) return invoices;
  }
  const unread = [...daysOf(run.range)].filter((day) => !read.has(day));
  return sumUp(
    run,
    ranges.map((range) => parts.get(range)!),
    daysByTotals(suspected.warehouse, new Set(unread)),
    { limit, byTotals: spansOf(unread) },
  );
}

function sumUp(
  { books }: Run,
  parts: Found[],
  byTotals: VerifiedDay[],
  more: { limit: number; byTotals: DateRange[] },
): Found {
  const days = [...byTotals, ...parts.flatMap((part) => part.days)].sort((a, b) => order(a.date, b.date));
  const sum = (of: (part: Found) => number): number => parts.reduce((all, part) => all + of(part), 0);
  const invoicesOf = (side: 'tally' | 'warehouse'): number => days.reduce((all, day) => all + day[side].invoices, 0);
  const bounds = parts.flatMap(({ answered: { from, to } }) => (from === null || to === null ? [] : [from, to])).sort();
  const notProven = parts.flatMap((part) => part.notProven ?? []);
  return {
    report: parts.at(-1)?.report ?? books.reports[0]!,
    answered: {
      vouchers: sum(({ answered }) => answered.vouchers),
      from: bounds[0] ?? null,
      to: bounds.at(-1) ?? null,
    },
    index: null,
    invoices: { tally: invoicesOf('tally'), warehouse: invoicesOf('warehouse') },
    differences: {
      missingHere: sum(({ differences }) => differences.missingHere),
      different: sum(({ differences }) => differences.different),
      goneInTally: sum(({ differences }) => differences.goneInTally),
    },
    listed: parts
      .flatMap((part) => part.listed)
      .sort((a, b) => order(a.date, b.date))
      .slice(0, more.limit),
    days,
    byTotals: more.byTotals,
    rejected: sum(({ rejected }) => rejected),
    warnings: [...parts.flatMap((part) => part.warnings), ...notProven.slice(1)],
    notProven: notProven[0] ?? null,
  };
}

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** The results of days whose totals are equal: Tally counts as having the same invoices as the warehouse. */
function daysByTotals(totals: WarehouseTotal[], days: ReadonlySet<CalendarDate>): VerifiedDay[] {
  const found = new Map<string, VerifiedDay>();
  for (const { date, invoiceType, invoices, total } of totals) {
    if (!days.has(date)) continue;
    const key = `${date} ${invoiceType}`;
    const { warehouse } = found.get(key) ?? { warehouse: { invoices: 0, total: '0.00' } };
    const sum = {
      invoices: warehouse.invoices + invoices,
      total: formatDecimal(paiseOf(warehouse.total) + paiseOf(total), 2),
    };
    found.set(key, { date, invoiceType, tally: sum, warehouse: sum, differences: 0 });
  }
  return [...found.values()];
}

/** Joins consecutive days into spans. The days are given oldest first. */
function spansOf(days: CalendarDate[]): DateRange[] {
  const spans: DateRange[] = [];
  for (const day of days) {
    const last = spans.at(-1);
    if (last !== undefined && addDays(last.to, 1) === day) last.to = day;
    else spans.push({ from: day, to: day });
  }
  return spans;
}

/** Joins close days into ranges to be read. The days are given oldest first. */
function joinDays(days: CalendarDate[], vouchersOf: Suspected['vouchersOf']): DateRange[] {
  const ranges: DateRange[] = [];
  for (const day of days) {
    const last = ranges.at(-1);
    const isClose =
      last !== undefined &&
      addDays(last.to, bridged.days) >= day &&
      vouchersOf({ from: addDays(last.to, 1), to: addDays(day, -1) }) <= bridged.vouchers;
    if (isClose) last.to = day;
    else ranges.push({ from: day, to: day });
  }
  return ranges;
}

/**
 * Compares ids and totals of the range. Returns the days that must then be compared field by field, or the reason why totals
 * cannot be used.
 */
async function suspect(run: Run, warehouse: Warehouse): Promise<Suspected | NotByTotals> {
  const { books, range, rules } = run;
  const { lists, company } = books;
  if (lists === undefined || !asksForLittle(run)) return 'report-set';
  if (isWrong(sourceOf(books, run.sources))) return 'not-given';
  if (!areRight(run)) return 'unproven';
  const vouchers = new Map<CalendarDate, number>();
  const byIds = new Set<CalendarDate>();
  const totals: DayTotal[] = [];
  const stage = await warehouse.createStage(company);
  try {
    const { seen } = stage.list;
    for (const year of yearsOf(range)) {
      const digests = await lists.digests(year);
      if (digests === undefined) return 'not-given';
      const told = [...digests].filter(([day]) => day >= year.from && day <= year.to);
      for (const [day, digest] of told) vouchers.set(day, digest.vouchers);
      // An answer without a day of the year proves nothing: for a closed company it is empty too (docs/tally.md §2).
      const differ = told.length === 0 ? daysOf(year) : await seen.daysThatDiffer(year, digests);
      for (const day of differ) byIds.add(day);
      const counted = new VoucherList(company.id, year);
      for (const [day, digest] of told) counted.countDay(day, digest.vouchers, 0);
      for (const part of monthsTogether(year, counted, answerVouchers)) {
        if (counted.countVouchers(part) === 0) continue;
        const ofPart = await askTotals(run, lists, part, warehouse);
        if (ofPart === undefined) return 'not-given';
        totals.push(...ofPart.filter(({ date }) => date >= part.from && date <= part.to));
      }
    }
    const names = new Set([...(await seen.types(range, [])), ...totals.map(({ voucherType }) => voucherType)]);
    const types = [...names].flatMap((voucherType): TypeOfInvoices[] => {
      const invoiceType = rules.rules.invoiceTypeOf(voucherType);
      return invoiceType === 'none' ? [] : [{ voucherType, invoiceType }];
    });
    const ours = await warehouse.use(async (session) => {
      for (const day of await daysUnlikeList(session, company.id, range, types)) byIds.add(day);
      return readDayTotals(session, company.id, range);
    });
    const invoices = new Set(types.map(({ voucherType }) => voucherType));
    const unlike = daysUnlikeTotals(
      totals.filter(({ voucherType }) => invoices.has(voucherType)),
      ours,
    );
    return {
      days: [...new Set([...byIds, ...unlike])].sort(),
      byTotalsAlone: new Set([...unlike].filter((day) => !byIds.has(day))),
      warehouse: ours,
      vouchersOf: ({ from, to }) => {
        let sum = 0;
        for (const [day, count] of vouchers) if (day >= from && day <= to) sum += count;
        return sum;
      },
    };
  } finally {
    await stage.close();
  }
}

const right = `right ${totalsRequestVersion}`;
const wrong = `wrong ${totalsRequestVersion}`;
/** A Tally that did not answer the request for totals gets it again after so many days. */
const avoidedDays = 30;

/**
 * Tally's totals of a part of a year; undefined if Tally does not give any. Remembers whether Tally answers the
 * request.
 */
async function askTotals(
  { books, sources }: Run,
  lists: VoucherLists,
  year: DateRange,
  warehouse: Warehouse,
): Promise<DayTotal[] | undefined> {
  const { company } = books;
  const { totals = null, totalsOn = null } = sourceOf(books, sources) ?? {};
  if (totals === wrong && totalsOn !== null && totalsOn > addDays(today(), -avoidedDays)) return undefined;
  const remember: Verdict['remember'] = (seen, on) =>
    warehouse.use((session) => rememberTotals(session, company.id, company.name, seen, on));
  const ask = (): Promise<DayTotal[] | undefined> => lists.totals(year);
  const told = totals === right ? await ask() : await tryOnce({ known: totals, on: totalsOn, wrong, remember }, ask);
  // An empty answer proves nothing: a closed company gives no row either (docs/tally.md §2).
  if (told === undefined || told.length === 0) return undefined;
  if (totals !== right) await remember(right, today());
  return told;
}

/** The amounts of a voucher type on a day on which both sides have the same number of its vouchers. */
interface Pair {
  date: CalendarDate;
  tally: DayTotal['amount'];
  warehouse: WarehouseTotal;
}

/**
 * The days on which Tally's totals differ from the warehouse's. No captured answer shows whether a sum of $Amount has the
 * party's sign or the opposite one, nor whether it includes TDS (docs/tally.md §1.2). So for each invoice type all readings are
 * tried, and the one with the fewest differing days counts. If several readings have equally few, a day differs if it differs
 * in one of them.
 */
export function daysUnlikeTotals(tally: DayTotal[], warehouse: WarehouseTotal[]): Set<CalendarDate> {
  const days = new Set<CalendarDate>();
  const told = new Map(tally.map((total) => [keyOf(total), total]));
  const pairs = new Map<string, Pair[]>();
  for (const ours of warehouse) {
    const theirs = told.get(keyOf(ours));
    told.delete(keyOf(ours));
    if (theirs?.vouchers !== ours.invoices) days.add(ours.date);
    else {
      const ofType = pairs.get(ours.invoiceType) ?? [];
      pairs.set(ours.invoiceType, ofType);
      ofType.push({ date: ours.date, tally: theirs.amount, warehouse: ours });
    }
  }
  for (const { date } of told.values()) days.add(date);
  for (const ofType of pairs.values()) for (const { date } of unlikeMost(ofType)) days.add(date);
  return days;
}

const keyOf = ({ date, voucherType }: { date: CalendarDate; voucherType: string }): string => `${date} ${voucherType}`;

const readings = [
  ({ total }: WarehouseTotal) => parseDecimal(total, 2),
  ({ ofParties }: WarehouseTotal) => parseDecimal(ofParties, 2),
].flatMap((read) => [(total: WarehouseTotal) => read(total), (total: WarehouseTotal) => negative(read(total))]);

const negative = (paise: bigint | undefined): bigint | undefined => (paise === undefined ? undefined : -paise);

function unlikeMost(pairs: Pair[]): Pair[] {
  const unlike = readings.map((read) =>
    pairs.filter(({ tally, warehouse }) => {
      // A cancelled invoice books nothing. So if all invoices are cancelled, it is right that Tally gives no sum.
      if (tally === undefined) return warehouse.cancelled < warehouse.invoices;
      return tally !== read(warehouse);
    }),
  );
  const fewest = Math.min(...unlike.map(({ length }) => length));
  return unlike.filter(({ length }) => length === fewest).flat();
}
