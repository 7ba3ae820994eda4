import {
  addDays,
  daysOf,
  financialYearStart,
  type CalendarDate,
  type DateRange,
} from '../../src/core/base/calendar.js';
import type { Book } from '../../src/demo/book/book.js';
import type { Manner } from './modelJobs.js';
import { expectedInvoice, type ExpectedInvoice } from './demo/expected.js';

/** The warehouse's rows of one company by invoice_id, as docs/contract.md defines them. */
export type Rows = ReadonlyMap<string, ExpectedInvoice>;

/** One load, in the terms of docs/contract.md. */
export interface Load {
  range: DateRange;
  /** The invoices of the range in Tally (or in the file). */
  invoices: Rows;
  /** For a sync: Tally's invoices before the range, on days that were ever loaded. */
  older: Rows;
  /** For a backfill from Tally: invoices that Tally has on other days that were ever loaded. */
  elsewhere: Rows;
  /** The ids of the `invoices` that Tally lists but no report brings. */
  hidden: ReadonlySet<string>;
  /** Rows of the range that Tally no longer has are removed. */
  removes: boolean;
  dayByDay: boolean;
  /** A file may be old: rows that the warehouse has with a later ALTERID stay. */
  isFile: boolean;
}

export function invoicesOf(book: Book, range: DateRange): Map<string, ExpectedInvoice> {
  const rows = new Map<string, ExpectedInvoice>();
  for (const voucher of book.vouchers(range)) {
    const row = expectedInvoice(voucher, 'utf-16', book.companyGuid);
    if (row) rows.set(row.invoice_id, row);
  }
  return rows;
}

const isIn = ({ date }: ExpectedInvoice, { from }: DateRange, until: CalendarDate): boolean =>
  date >= from && date <= until;

const isOlder = (row: ExpectedInvoice, known: ExpectedInvoice | undefined): boolean =>
  known !== undefined && BigInt(known.alter_id) > BigInt(row.alter_id);

/** The rows if the load was committed up to and including the day `until`; undefined: if nothing was committed. */
export function rowsAfter(before: Rows, load: Load, until: CalendarDate | undefined): Map<string, ExpectedInvoice> {
  const rows = new Map(before);
  if (until === undefined) return rows;
  if (load.removes)
    for (const [id, row] of before) if (isIn(row, load.range, until) && !load.invoices.has(id)) rows.delete(id);
  for (const [id, row] of load.invoices)
    if (isIn(row, load.range, until) && !load.hidden.has(id) && !(load.isFile && isOlder(row, before.get(id))))
      rows.set(id, row);
  return rows;
}

/**
 * The days after which a failing load may have stopped. It commits whole months, single days when told to, and a reload all at
 * once.
 */
export function stops({ range, removes, dayByDay }: Load): (CalendarDate | undefined)[] {
  const days = [...daysOf(range)];
  const isMonthEnd = (day: CalendarDate): boolean => addDays(day, 1).endsWith('-01');
  // A Tally that may have no licence does not accept the 28th to 30th as a bound. So a short month is requested up to the next
  // 1st.
  const isEnd = (day: CalendarDate): boolean =>
    day === range.to ||
    dayByDay ||
    (!removes && (isMonthEnd(day) || (isMonthEnd(addDays(day, -1)) && !addDays(day, -1).endsWith('-31'))));
  return [undefined, ...days.filter(isEnd)];
}

/** Whether a row of the warehouse is as Tally has it on an older day, so a sync may have read that day again. */
export const isReadAgain = ({ older }: Load, row: ExpectedInvoice | undefined): boolean =>
  row !== undefined && isSame(row, older.get(row.invoice_id));

export interface Counts {
  invoices: number;
  inserted: number;
  updated: number;
  unchanged: number;
  removed: number;
  missing: number;
}

/**
 * The counts that a complete load must report. An invoice that is back and was `marked` as gone loses its mark and counts as
 * updated.
 */
export function countsOf(before: Rows, marked: ReadonlySet<string>, load: Load): Counts {
  const counts = { invoices: load.invoices.size, inserted: 0, updated: 0, unchanged: 0, removed: 0, missing: 0 };
  for (const [id, row] of [...load.invoices, ...load.older]) {
    const was = before.get(id);
    if (was === undefined) counts.inserted++;
    else if (load.isFile && isOlder(row, was)) counts.unchanged++;
    else counts[isSame(was, row) && !marked.has(id) ? 'unchanged' : 'updated']++;
  }
  const gone = goneFromRange(before, load).length;
  if (load.removes) counts.removed = gone;
  else if (!load.isFile) counts.missing = gone;
  return counts;
}

/**
 * The rows of the range that Tally has neither in the range nor on another loaded day. A row on another loaded day was
 * re-dated, and a sync moves it there.
 */
const goneFromRange = (before: Rows, { range, invoices, elsewhere }: Load): string[] =>
  [...before]
    .filter(([id, row]) => isIn(row, range, range.to) && !invoices.has(id) && !elsewhere.has(id))
    .map(([id]) => id);

/**
 * The rows that are marked as gone after a load: Tally does not have them, or has them on a day that was never loaded. A sync
 * checks all days up to today, any other load those of its range. On other days the rows of `before` stay marked.
 */
export function goneFrom(
  rows: Rows,
  { range, invoices, older, elsewhere }: Load,
  before: ReadonlySet<string>,
  isSync: boolean,
): Set<string> {
  const has = (id: string): boolean => invoices.has(id) || older.has(id) || elsewhere.has(id);
  const isLookedAt = (date: CalendarDate): boolean => date <= range.to && (isSync || date >= range.from);
  return new Set(
    [...rows].filter(([id, { date }]) => (isLookedAt(date) ? !has(id) : before.has(id))).map(([id]) => id),
  );
}

/** Whether so much of a financial year is missing that it looks like another company. Nothing is then marked. */
export function looksLikeMistake(
  rows: Rows,
  missing: ReadonlySet<string>,
  listed: Set<CalendarDate>,
  load: Load,
): boolean {
  const years = new Map<CalendarDate, { had: number; lost: number }>();
  for (const [id, { date }] of rows) {
    if (date > load.range.to || missing.has(id)) continue;
    const year = financialYearStart(date);
    const count = years.get(year) ?? { had: 0, lost: 0 };
    years.set(year, { had: count.had + 1, lost: count.lost + Number(!load.invoices.has(id) && !load.older.has(id)) });
  }
  const hasAny = (year: CalendarDate): boolean => [...listed].some((date) => financialYearStart(date) === year);
  return [...years].some(([year, { had, lost }]) => lost > 0 && (!hasAny(year) || (had >= 20 && lost * 2 > had)));
}

/**
 * Whether a result is so much smaller than the warehouse's rows that it looks like a mistake, which clear-and-reload refuses.
 */
export function isGuarded(before: Rows, { range, invoices, removes }: Load): boolean {
  if (!removes) return false;
  const had = [...before.values()].filter((row) => isIn(row, range, range.to)).length;
  return (invoices.size === 0 && had > 0) || (had >= 20 && invoices.size * 2 < had);
}

/**
 * Whether a Tally without a licence accepts the day as a bound. Some such Tallys show vouchers of all days, others only
 * those of these days.
 */
const isKnownDay = (date: CalendarDate): boolean => /-(01|02|31)$/.test(date);

/**
 * Whether Tally may run without a licence and leave vouchers out, so that nothing is marked as gone. Undefined if Tally does
 * not tell, and its lists of the range do not show it; lists beside the range may show it.
 */
export function mayHide({ education, tellsEdition }: Manner, listed: Iterable<CalendarDate>): boolean | undefined {
  if (tellsEdition) return education !== 'off';
  return [...listed].every(isKnownDay) ? undefined : false;
}

/** Compares by value, whatever the order of the columns. */
export const isSame = (a: ExpectedInvoice | undefined, b: ExpectedInvoice | undefined): boolean =>
  a === b || (a !== undefined && b !== undefined && textOf(a) === textOf(b));

const texts = new WeakMap<object, string>();

function textOf(row: ExpectedInvoice): string {
  let text = texts.get(row);
  if (text === undefined) texts.set(row, (text = JSON.stringify(sorted(row))));
  return text;
}

const sorted = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map(sorted)
    : typeof value === 'object' && value !== null
      ? Object.fromEntries(
          Object.entries(value)
            .sort(([a], [b]) => (a < b ? -1 : 1))
            .map(([k, v]) => [k, sorted(v)]),
        )
      : value;

/** The ids of the rows that differ. */
export const differences = (a: Rows, b: Rows): string[] =>
  [...new Set([...a.keys(), ...b.keys()])].filter((id) => !isSame(a.get(id), b.get(id)));
