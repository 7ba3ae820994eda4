import {
  addMonths,
  type CalendarDate,
  dayNumber,
  earlier,
  financialYearEnd,
  financialYearName,
  financialYearStart,
  later,
  monthEnd,
  monthStart,
  today,
} from '../base/calendar.js';
import { formatDecimal } from '../base/decimal.js';
import { paiseOf } from '../base/format.js';
import { listStoredCompanies, readMonths, type StoredCompany, type StoredMonth } from '../warehouse/read/summary.js';
import { idOfConfigured } from './books/storedCompany.js';
import type { CompanySummary, JobContext, MonthSummary, SummaryFigures, WarehouseSummary, YearSummary } from './job.js';
import { hasWarehouse, withWarehouse } from './warehouseSession.js';

/**
 * The figures of the warehouse by company, financial year and month. Writes nothing. Without tables there are no
 * companies.
 */
export function summary(context: JobContext): Promise<WarehouseSummary> {
  const nothing: WarehouseSummary = { companies: [], configuredId: null };
  if (!hasWarehouse(context.config)) return Promise.resolve(nothing);
  return withWarehouse(context, async (warehouse) => {
    if ((await warehouse.refuseNewer()) === 'empty') return nothing;
    const until = today();
    const [stored, months] = await warehouse.use(async (session) => [
      await listStoredCompanies(session),
      await readMonths(session, until),
    ]);
    return {
      companies: stored.map((company) =>
        summaryOf(
          company,
          months.filter(({ companyId }) => companyId === company.id),
          until,
        ),
      ),
      configuredId: idOfConfigured(stored, context.config.company),
    };
  });
}

/**
 * If there are more years than this, years without a loaded day are left out: one invoice with a mistyped year must not
 * add a century of empty years.
 */
const mostYears = 30;

function summaryOf(company: StoredCompany, stored: StoredMonth[], until: CalendarDate): CompanySummary {
  const { id, name, lastLoadedAt, booksFrom } = company;
  const first = stored[0]?.month;
  const upTo =
    stored
      .map(({ lastDay }) => lastDay)
      .filter((day) => day !== null)
      .at(-1) ?? null;
  if (first === undefined) return { id, name, lastLoadedAt, booksFrom, upTo, ...sumOf([]), years: [] };
  // If Tally did not give the first day of the books, the first loaded financial year counts as their beginning.
  const begin = booksFrom ?? financialYearStart(first);
  const from = monthStart(earlier(begin, first));
  const to = later(until, stored.at(-1)!.month);
  const byMonth = new Map(stored.map((month) => [month.month, month]));
  const years = new Map<string, MonthSummary[]>();
  for (let month = from; month <= to; month = addMonths(month, 1)) {
    const found = byMonth.get(month);
    const due = Math.max(0, dayNumber(earlier(until, monthEnd(month))) - dayNumber(later(begin, month)) + 1);
    if (!found && due === 0) continue;
    const year = financialYearStart(month);
    years.set(year, [...(years.get(year) ?? []), monthOf(month, found, due)]);
  }
  const all = [...years].map(([start, months]) => yearOf(start, months));
  const shown = all.length > mostYears ? all.filter(({ daysLoaded }) => daysLoaded > 0) : all;
  return { id, name, lastLoadedAt, booksFrom, upTo, ...sumOf(shown), years: shown.reverse() };
}

function monthOf(from: CalendarDate, found: StoredMonth | undefined, due: number): MonthSummary {
  const { invoices, optional, netSales, netPurchases, daysLoaded, daysNotProven, dueDaysLoaded } = found ?? noRows;
  const daysNotLoaded = due - dueDaysLoaded;
  return {
    ...{ from, to: monthEnd(from), invoices, optional, netSales, netPurchases },
    ...{ daysLoaded, daysNotLoaded, daysNotProven },
  };
}

const noRows = {
  ...{
    invoices: 0,
    optional: 0,
    netSales: '0.00',
    netPurchases: '0.00',
    daysLoaded: 0,
    daysNotProven: 0,
    dueDaysLoaded: 0,
  },
};

const yearOf = (from: CalendarDate, months: MonthSummary[]): YearSummary => ({
  ...{ name: financialYearName(from), from, to: financialYearEnd(from) },
  ...sumOf(months),
  months,
});

function sumOf(parts: SummaryFigures[]): SummaryFigures {
  const count = (key: 'invoices' | 'optional' | 'daysLoaded' | 'daysNotLoaded' | 'daysNotProven'): number =>
    parts.reduce((sum, part) => sum + part[key], 0);
  const rupees = (key: 'netSales' | 'netPurchases'): string =>
    formatDecimal(
      parts.reduce((sum, part) => sum + paiseOf(part[key]), 0n),
      2,
    );
  return {
    ...{ invoices: count('invoices'), netSales: rupees('netSales'), netPurchases: rupees('netPurchases') },
    optional: count('optional'),
    daysLoaded: count('daysLoaded'),
    daysNotLoaded: count('daysNotLoaded'),
    daysNotProven: count('daysNotProven'),
  };
}
