import { financialYearStart, type CalendarDate } from '../../../src/core/base/calendar.js';
import type { Book } from '../../../src/demo/book/book.js';
import type { DemoVoucher } from '../../../src/demo/book/voucher.js';
import { secondsPer } from '../../../src/demo/meter.js';
import type { CostCase, TallyCost } from './cost.js';
import { changed, editsBefore } from './costBook.js';

/**
 * Costs that are worked out from the costs of the meter, without a run: a first load by Day Book, whose answers are 6
 * GB for 100,000 vouchers, and the ways of two other loaders. Megabytes are left out, as they depend on the fields that
 * are asked for. Masters are left out, as they take less than a second.
 */
export function workedOutCosts(book: Book): TallyCost[] {
  return [dayBookLoad(book), ...passCosts(book), ...listCosts(book)];
}

/** The product's first load by reports: a list of the ids of each financial year, and a Day Book of each month. */
function dayBookLoad(book: Book): TallyCost {
  const years = countBy(book, ({ date }) => financialYearStart(date));
  const months = countBy(book, ({ date }) => date.slice(0, 7));
  return { way: 'reports', case: 'firstLoad', ...sumOf([...years.values()], [...months.values()]) };
}

/**
 * A loader that fills 13 tables by 13 reports of its own in TDL: vouchers, their ledger entries, their stock entries, and so on.
 * Each report goes over every voucher of the period. What such a pass costs was not measured, so it counts as a lean pass: a
 * collection of chosen fields, the cheapest way to read what vouchers say. Each run reads all, so a load and a sync cost the same.
 */
function passCosts({ size }: Book): TallyCost[] {
  const passes = 13;
  const longest = size * secondsPer.lean;
  const run = { way: 'passes', requests: passes, bytes: null, seconds: passes * longest, longest } as const;
  return [
    { ...run, case: 'firstLoad' },
    { ...run, case: 'nextDay' },
  ];
}

/**
 * A loader that asks one list of the ids of all vouchers each time, and a Day Book of each day on which the list shows a voucher
 * that is new, changed or deleted.
 */
function listCosts(book: Book): TallyCost[] {
  const of = (name: CostCase, now: Book, isRead: (date: CalendarDate) => boolean): TallyCost => {
    const days = [...countBy(now, ({ date }) => date)].filter(([date]) => isRead(date));
    return {
      way: 'lists',
      case: name,
      ...sumOf(
        [now.size],
        days.map(([, vouchers]) => vouchers),
      ),
    };
  };
  const costs = [of('firstLoad', book, () => true), of('nextDay', book, () => false)];
  let now = book;
  for (const name of ['some', 'spread'] as const) {
    const edits = editsBefore(name, now);
    now = changed(now, edits);
    costs.push(of(name, now, (date) => edits.days.has(date)));
  }
  return costs;
}

/** The costs of lists of ids and of reports, by the number of vouchers in each answer. */
function sumOf(lists: number[], reports: number[]): Omit<TallyCost, 'way' | 'case'> {
  const answers = [
    ...lists.map((vouchers) => vouchers * secondsPer.row),
    ...reports.map((vouchers) => vouchers * secondsPer.report),
  ];
  const seconds = answers.reduce((sum, each) => sum + each, 0);
  return { requests: answers.length, bytes: null, seconds, longest: Math.max(...answers) };
}

function countBy(book: Book, keyOf: (voucher: DemoVoucher) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const voucher of book.vouchers()) counts.set(keyOf(voucher), (counts.get(keyOf(voucher)) ?? 0) + 1);
  return counts;
}
