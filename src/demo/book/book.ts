import {
  dateOfDay,
  dayNumber,
  financialYearStart,
  type CalendarDate,
  type DateRange,
} from '../../core/base/calendar.js';
import { countBefore, cycle, indexOfBill, vouchersFor } from './recipes/cycle.js';
import { billMadeBy, withBill } from './recipes/bills.js';
import type { RecipeContext } from './recipes/draft.js';
import { withDetails } from './recipes/details.js';
import type { CostCentreRow } from './masters/costCentres.js';
import { groups, type GroupRow } from './masters/groups.js';
import { ledgers, type LedgerRow } from './masters/ledgers.js';
import { Random } from './random.js';
import { demoCompanyGuid, demoCompanyName } from '../demoNames.js';
import { demoVoucher, type DemoVoucher } from './voucher.js';
import { voucherTypes, type VoucherTypeRow } from './masters/voucherTypes.js';

/**
 * Books as the demo Tally serves them. They must not change, because sums and lengths are remembered for each book. To
 * change the books, serve other books.
 */
export interface Book {
  companyName: string;
  companyGuid: string;
  /** Distinguishes companies of one GUID: the parts of a split company, or a restored copy. */
  companyNumber?: string;
  range: DateRange;
  voucherTypes: readonly VoucherTypeRow[];
  ledgers: readonly LedgerRow[];
  groups: readonly GroupRow[];
  /** The names of the stock items, if they are not those of the demo company. */
  stockItems?: readonly string[];
  /** The names of the units, if they are not those of the demo company. */
  units?: readonly string[];
  /** The cost centres, if they are not those of the demo company. */
  costCentres?: readonly CostCentreRow[];
  /** The number of vouchers of any kind, which Tally shows among its counters. */
  size: number;
  /** The company's counter of changes, which gives ALTERIDs their values; 0 if no voucher was ever entered. */
  lastAlterId: number;
  /** The same counter for masters. It moves when a ledger or stock item is renamed. */
  lastMasterAlterId?: number;
  /** The vouchers of a range, by date; without a range, of the whole book. */
  vouchers(range?: DateRange): Iterable<DemoVoucher>;
}

export interface BookOptions {
  /** About so many invoices between `from` and `to`. Other vouchers are added (a quarter more). */
  invoices?: number;
  from?: CalendarDate;
  to?: CalendarDate;
  /** The books continue after `to`, at the same pace, until this day. The vouchers before stay the same. */
  until?: CalendarDate;
  seed?: number;
  companyName?: string;
  companyGuid?: string;
  /** Debits and credits are swapped on every line, as in a book that a program filled (docs/tally.md §1.6). */
  reversedSigns?: boolean;
}

const firstMasterId = 4_200;
/** The first ALTERID of an edit: above all MASTERIDs, so that no ALTERID depends on the length of the books. */
const firstEditId = 100_000_000;

/** Books with at most this number of vouchers keep each voucher once it is made, which takes up to 10 MB. */
const mostKept = 5_000;

/**
 * Creates deterministic books. The options and a voucher's index decide the voucher, so a large book stores no
 * vouchers, and any day can be made without storing the others. Making a receipt, payment or journal also makes the
 * vouchers whose bills it settles.
 */
export function createBook(options: BookOptions = {}): Book {
  const plan = {
    invoices: 18_000,
    from: '2023-04-01',
    to: '2026-03-31',
    until: undefined as CalendarDate | undefined,
    seed: 1,
    companyName: demoCompanyName,
    companyGuid: demoCompanyGuid,
    reversedSigns: false,
    ...options,
  };
  if (plan.to < plan.from) throw new Error(`Books cannot end on ${plan.to}, before their first day, ${plan.from}.`);
  const lastDate = plan.until !== undefined && plan.until > plan.to ? plan.until : plan.to;
  const firstDay = dayNumber(plan.from);
  // The pace as a fraction: so many vouchers in so many days.
  const paceVouchers = vouchersFor(plan.invoices);
  const paceDays = dayNumber(plan.to) - firstDay + 1;
  const dayOf = (index: number): number => firstDay + Math.floor((index * paceDays) / paceVouchers);
  const firstOf = (day: number): number =>
    Math.min(size, Math.max(0, Math.ceil(((day - firstDay) * paceVouchers) / paceDays)));
  const size = Math.ceil(((dayNumber(lastDate) + 1 - firstDay) * paceVouchers) / paceDays);

  // The vouchers of a day follow each other, so the facts of a day are kept until the next day.
  let facts = { day: Number.NaN, date: '', yearStart: '', yearFirst: 0 };
  function dayFacts(day: number): typeof facts {
    if (day !== facts.day) {
      const date = dateOfDay(day);
      const yearStart = financialYearStart(date);
      facts = { day, date, yearStart, yearFirst: firstOf(dayNumber(yearStart)) };
    }
    return facts;
  }

  function* vouchers(range: DateRange = { from: plan.from, to: lastDate }): Generator<DemoVoucher> {
    const end = firstOf(dayNumber(range.to) + 1);
    for (let index = firstOf(dayNumber(range.from)); index < end; index++) yield voucherAt(index);
  }

  const kept: DemoVoucher[] | undefined = size <= mostKept ? [] : undefined;
  const voucherAt = (index: number): DemoVoucher => (kept ? (kept[index] ??= makeVoucher(index)) : makeVoucher(index));

  function makeVoucher(index: number): DemoVoucher {
    const random = new Random(plan.seed, index);
    const voucher = withDetails(random, draftOf(index, random));
    return withBill(voucher);
  }

  /** The voucher without its details and its bill. The details take as long to make as the rest. */
  function draftOf(index: number, random = new Random(plan.seed, index)): DemoVoucher {
    const kind = cycle[index % cycle.length]!;
    const round = Math.floor(index / cycle.length);
    const { date, yearStart, yearFirst } = dayFacts(dayOf(index));
    const serial = countBefore(kind.typeName, index) - countBefore(kind.typeName, yearFirst) + 1;
    const masterId = firstMasterId + index;
    const billOf: RecipeContext['billOf'] = (bills, n, roundsBack) => {
      const made = indexOfBill(bills, n, round - roundsBack);
      // `withDetails` chooses the currency symbol, so an exporter's bill needs the whole voucher.
      return made === undefined ? undefined : billMadeBy(bills === 'exporter' ? makeVoucher(made) : draftOf(made));
    };
    return demoVoucher({
      guid: `${plan.companyGuid}-${masterId.toString(16).padStart(8, '0')}`,
      masterId,
      // Some vouchers were edited after all others had been entered.
      alterId: index % 37 === 5 ? firstEditId + Math.floor(index / 37) : masterId,
      date,
      typeName: kind.typeName,
      number: voucherNumber(kind.typeName, serial, yearStart),
      reversed: plan.reversedSigns,
      ...kind.recipe({ random, date, serial, round, nth: kind.nth, booksFrom: plan.from, billOf }),
    });
  }

  return {
    companyName: plan.companyName,
    companyGuid: plan.companyGuid,
    range: { from: plan.from, to: lastDate },
    voucherTypes,
    ledgers,
    groups,
    size,
    lastAlterId: size === 0 ? 0 : firstEditId + Math.ceil(size / 37),
    vouchers,
  };
}

/** Each type has its own series, which starts again every financial year. Some expenses have no number. */
function voucherNumber(typeName: string, serial: number, yearStart: CalendarDate): string {
  const year = `${yearStart.slice(2, 4)}-${String((Number(yearStart.slice(2, 4)) + 1) % 100).padStart(2, '0')}`;
  switch (typeName) {
    case 'Sales':
      return `BT/${year}/${String(serial).padStart(4, '0')}`;
    case 'GST Sale Invoice':
      return String(serial).padStart(6, '0');
    case 'E-Sales Export':
      return `EXP&${serial}`;
    case 'Expense':
      return serial % 3 === 0 ? '' : ` E ${serial}`;
    default:
      return String(serial);
  }
}
