import nunjucks from 'nunjucks';
import { addDays, monthEnd, monthStart, type CalendarDate, type DateRange } from '../../base/calendar.js';
import { shippedPath } from '../../base/resources.js';

/** What vouchers are read from: Tally's reports have them whole, the collection has the fields that an invoice is made of. */
export type VoucherReport = 'Day Book' | 'Voucher Register' | 'Voucher Collection';

const templateOf = {
  'Day Book': 'dayBook',
  'Voucher Register': 'voucherRegister',
  'Voucher Collection': 'voucherCollection',
} as const;

/** The requests that ask for one company's masters; each is a file in templates/. */
export type MasterRequest = 'voucherTypes' | 'ledgers' | 'groups' | 'stockItems' | 'units';

let environment: nunjucks.Environment | undefined;

function render(name: string, values: Record<string, string>): string {
  // Autoescape makes any company name safe inside XML; a forgotten value fails here and not in Tally.
  environment ??= new nunjucks.Environment(new nunjucks.FileSystemLoader(shippedPath('templates')), {
    autoescape: true,
    throwOnUndefined: true,
  });
  const company = values.company === undefined ? {} : { company: escapedName(environment, values.company) };
  return environment.render(`${name}.xml.njk`, { ...values, ...company });
}

/**
 * Control characters as references, as Tally itself writes U+0004 (docs/tally.md §3): a raw one is no XML, and a raw line
 * break need not arrive as it was.
 */
function escapedName(nunjucksEnvironment: nunjucks.Environment, name: string): nunjucks.runtime.SafeString {
  const escaped = String(nunjucksEnvironment.getFilter('escape')(name));
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  return new nunjucks.runtime.SafeString(escaped.replace(/[\0-\x1f\x7f]/g, (c) => `&#${c.charCodeAt(0)};`));
}

const tallyDate = (date: CalendarDate): string => date.replaceAll('-', '');

/** The request for the companies that are open in Tally. */
export const companiesRequest = (): string => render('companies', {});

/** The request for one kind of masters of the company with this exact name. */
export const masterRequest = (name: MasterRequest, company: string): string => render(name, { company });

/**
 * The request for every voucher of a range, of the company with this exact name. `day`: the only day wanted, where
 * the range is wider than it only because some Tallys accept no other bounds.
 */
export const voucherRequest = (
  report: VoucherReport,
  company: string,
  range: DateRange,
  day = range.from === range.to ? range.from : undefined,
): string =>
  render(templateOf[report], {
    company,
    from: tallyDate(range.from),
    to: tallyDate(range.to),
    day: day === undefined ? '' : tallyDate(day),
  });

/** The request for one voucher of the company with this exact name, whole, by its MASTERID. */
export const voucherObjectRequest = (company: string, masterId: number): string =>
  render('voucherObject', { company, masterId: String(masterId) });

/** The request for the digest of each day of a range: how many vouchers it has, and sums of their ids. */
export const dayDigestsRequest = (company: string, { from, to }: DateRange): string =>
  render('dayDigests', { company, from: tallyDate(from), to: tallyDate(to) });

/** The request for the totals of each day and voucher type of a range: how many vouchers, and the sum of their amounts. */
export const dayTotalsRequest = (company: string, { from, to }: DateRange): string =>
  render('dayTotals', { company, from: tallyDate(from), to: tallyDate(to) });

/** What a voucher list is asked by beside typed dates. */
export interface ListBounds {
  /** SVCURRENTDATE, which some Tallys look at instead. */
  currentDate?: CalendarDate;
  /** Literal dates in a filter. */
  filter?: DateRange;
  /** Only vouchers with a higher ALTERID. */
  alteredAfter?: number;
}

/** The request for the voucher index: id, date, ALTERID, type, number and marks of every voucher of a range. */
export const voucherIndexRequest = (
  company: string,
  range: DateRange,
  { currentDate, filter, alteredAfter }: ListBounds = {},
): string =>
  render('voucherIndex', {
    company,
    from: tallyDate(range.from),
    to: tallyDate(range.to),
    currentDate: currentDate === undefined ? '' : tallyDate(currentDate),
    filter: filter === undefined ? '' : 'yes',
    filterFrom: filter === undefined ? '' : tallyDate(filter.from),
    filterTo: filter === undefined ? '' : tallyDate(filter.to),
    alteredAfter: alteredAfter === undefined ? '' : String(alteredAfter),
  });

/**
 * Widens a range to bounds that Tally accepts in every edition. Without a licence Tally silently ignores a bound
 * whose day is not the 1st, 2nd or 31st, and then serves another period (docs/tally.md §1.3).
 */
export const acceptedBounds = ({ from, to }: DateRange): DateRange => ({
  from: isAcceptedDay(from) ? from : monthStart(from),
  to: isAcceptedDay(to) ? to : lastAccepted(to),
});

/** Whether Tally takes a day for a bound in every edition. */
export const isAcceptedDay = (date: CalendarDate): boolean => ['01', '02', '31'].includes(date.slice(8));

/** The 31st of the month; in a month that has none the 1st of the next one. */
function lastAccepted(date: CalendarDate): CalendarDate {
  const last = monthEnd(date);
  return isAcceptedDay(last) ? last : addDays(last, 1);
}
