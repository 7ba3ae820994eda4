import nunjucks from 'nunjucks';
import { addDays, monthEnd, monthStart, type CalendarDate, type DateRange } from '../../base/calendar.js';
import { shippedPath } from '../../base/resources.js';

/**
 * The sources of vouchers: Tally's reports hold whole vouchers, the collection holds the fields from which an invoice is made.
 */
export type VoucherReport = 'Day Book' | 'Voucher Register' | 'Voucher Collection';

const templateOf = {
  'Day Book': 'dayBook',
  'Voucher Register': 'voucherRegister',
  'Voucher Collection': 'voucherCollection',
} as const;

/** The requests that ask for one company's masters; each is a file in templates/. */
export type MasterRequest =
  | 'voucherTypes'
  | 'ledgers'
  | 'groups'
  | 'groupDetails'
  | 'stockItems'
  | 'units'
  | 'costCentres';

let environment: nunjucks.Environment | undefined;

function render(name: string, values: Record<string, string>): string {
  // Autoescape makes any company name safe inside XML. A missing value fails here, not in Tally.
  environment ??= new nunjucks.Environment(new nunjucks.FileSystemLoader(shippedPath('templates')), {
    autoescape: true,
    throwOnUndefined: true,
  });
  const company = values.company === undefined ? {} : { company: escapedName(environment, values.company) };
  return environment.render(`${name}.xml.njk`, { ...values, ...company });
}

/**
 * Writes control characters as references, as Tally itself writes U+0004 (docs/tally.md §3). A raw control character is not
 * allowed in XML, and a raw line break may be changed on the way.
 */
function escapedName(nunjucksEnvironment: nunjucks.Environment, name: string): nunjucks.runtime.SafeString {
  const escaped = String(nunjucksEnvironment.getFilter('escape')(name));
  // oxlint-disable-next-line no-control-regex -- control characters are what this pattern looks for
  return new nunjucks.runtime.SafeString(escaped.replace(/[\0-\x1f\x7f]/g, (c) => `&#${c.charCodeAt(0)};`));
}

const tallyDate = (date: CalendarDate): string => date.replaceAll('-', '');

/** The request for the companies that are open in Tally. */
export const companiesRequest = (): string => render('companies', {});

/** Options that request further fields of masters, which the stream `ledger` needs. */
export interface LedgerAsked {
  ledger?: true;
  /** The first day of the books. If given, stock items come with their opening quantity and value on this day. */
  openingsOf?: CalendarDate;
}

/** The request for one kind of masters of the company with this exact name. */
export const masterRequest = (name: MasterRequest, company: string, { ledger, openingsOf }: LedgerAsked = {}): string =>
  render(name, { company, ledger: ledger ? 'yes' : '', from: openingsOf === undefined ? '' : tallyDate(openingsOf) });

/** The request for the ledgers with their opening balances and open bills on the first day of the books. */
export const ledgerOpeningsRequest = (company: string, booksFrom: CalendarDate): string =>
  render('ledgerOpenings', { company, from: tallyDate(booksFrom) });

/** Options of the collection; reports ignore them. */
export interface CollectionAsked {
  /** Request also the fields from which ledger entries are made. Reports have them anyway. */
  withLedger?: boolean;
  /** Only vouchers with a higher ALTERID, so those that were made or altered later. */
  alteredAfter?: number | undefined;
}

/**
 * The request for every voucher of a range, of the company with this exact name. `day` is the only wanted day, if the range is
 * wider only because some Tallys do not accept other bounds.
 */
export const voucherRequest = (
  report: VoucherReport,
  company: string,
  range: DateRange,
  day = range.from === range.to ? range.from : undefined,
  { withLedger = false, alteredAfter }: CollectionAsked = {},
): string =>
  render(templateOf[report], {
    company,
    ledger: withLedger ? 'yes' : '',
    from: tallyDate(range.from),
    to: tallyDate(range.to),
    day: day === undefined ? '' : tallyDate(day),
    alteredAfter: alteredAfter === undefined ? '' : String(alteredAfter),
  });

/** The request for one whole voucher, by its MASTERID, of the company with this exact name. */
export const voucherObjectRequest = (company: string, masterId: number): string =>
  render('voucherObject', { company, masterId: String(masterId) });

/** The request for the digest of each day of a range: the number of its vouchers, and sums of their ALTERIDs and MASTERIDs. */
export const dayDigestsRequest = (company: string, { from, to }: DateRange): string =>
  render('dayDigests', { company, from: tallyDate(from), to: tallyDate(to) });

/** The request for the totals of each day and voucher type of a range: the number of vouchers, and the sum of their amounts. */
export const dayTotalsRequest = (company: string, { from, to }: DateRange): string =>
  render('dayTotals', { company, from: tallyDate(from), to: tallyDate(to) });

/** The request for each ledger's balances before and after a range, and for its debits and credits in the range. */
export const ledgerTotalsRequest = (company: string, { from, to }: DateRange): string =>
  render('ledgerTotals', { company, from: tallyDate(from), to: tallyDate(to) });

/** The request for the quantities of each stock item before and after a range. */
export const stockQuantitiesRequest = (company: string, { from, to }: DateRange): string =>
  render('stockQuantities', { company, from: tallyDate(from), to: tallyDate(to) });

/** Tally's reports of open bills: those that are owed to the company, and those that it owes. */
export type BillsReport = 'Bills Receivable' | 'Bills Payable';

/** The request for the bills that are open at the end of a range. */
export const pendingBillsRequest = (report: BillsReport, company: string, { from, to }: DateRange): string =>
  render('pendingBills', { report, company, from: tallyDate(from), to: tallyDate(to) });

/** The further bounds of a voucher list, beside the typed dates. */
export interface ListBounds extends Pick<CollectionAsked, 'alteredAfter'> {
  /** SVCURRENTDATE, which some Tallys use instead of the typed dates. */
  currentDate?: CalendarDate;
  /** The range as literal dates in a filter. */
  filter?: DateRange;
}

/**
 * The request for the voucher index: ids, date, type, number, numbering style and deletion flags of every voucher of a range.
 */
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
 * Widens a range to bounds that Tally accepts in every edition. Without a licence Tally silently ignores a bound whose day is
 * not the 1st, 2nd or 31st, and then serves another period (docs/tally.md §1.3).
 */
export const acceptedBounds = ({ from, to }: DateRange): DateRange => ({
  from: isAcceptedDay(from) ? from : monthStart(from),
  to: isAcceptedDay(to) ? to : lastAccepted(to),
});

/** Whether every edition of Tally accepts this day as a bound. */
export const isAcceptedDay = (date: CalendarDate): boolean => ['01', '02', '31'].includes(date.slice(8));

/** The 31st of the month; for a shorter month the 1st of the next month. */
function lastAccepted(date: CalendarDate): CalendarDate {
  const last = monthEnd(date);
  return isAcceptedDay(last) ? last : addDays(last, 1);
}
