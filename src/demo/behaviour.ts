import { addDays, financialYearStart, type CalendarDate, type DateRange } from '../core/calendar.js';
import type { Book } from './book.js';
import type { LoggedRequest, TallyRequest } from './request.js';
import type { Switches } from './switches.js';
import type { DemoVoucher } from './voucher.js';

/** What a report does with the dates it is given. */
export type PeriodRule = Switches['dayBook'];

/** What a request asks for, as far as faults are concerned. */
export const requestClasses = [
  'status',
  'report',
  'companies',
  'voucher-types',
  'ledgers',
  'groups',
  'vouchers',
] as const;
export type RequestClass = (typeof requestClasses)[number];

export const faultKinds = [
  'none',
  /** Another program answers. */
  'html',
  /** Another program, or a proxy, in trouble. */
  'http-500',
  /** A login or a vault prompt waits on Tally's screen. */
  'empty-body',
  'empty-envelope',
  /** Success and an empty list: no company is open, or Tally did not like what was asked. */
  'empty-list',
  /** `Unknown Request, cannot be processed` */
  'unknown-request',
  /** `<RESPONSE><LINEERROR>`: this Tally does not know the report. */
  'unknown-report',
  /** STATUS 0 and `Could not set 'SVCurrentCompany' to 'X'`: the company is closed. */
  'company-refused',
  /** Root ERRORMSG, `Could not find Company:X!`: the same, said otherwise. */
  'company-not-found',
  /** STATUS 0, and not a word more. */
  'status-0',
  /** The connection breaks after `afterBytes`. */
  'cut',
  /** The connection ends properly after `afterBytes`: fewer bytes than CONTENT-LENGTH said. */
  'cut-end',
  /** CONTENT-LENGTH itself says `afterBytes`: only the XML shows that something is missing. */
  'short',
  /** Silence after `afterBytes`. */
  'stall',
  /** Silence from the start: a box waits for a click on Tally's screen. When the client has left, busy for `waitMs`. */
  'silent',
  /** Silence for `waitMs`, then the answer. */
  'slow',
  /** The vouchers of another company under the asked one's name. */
  'other-company',
  /** The vouchers of another company under its own name. */
  'other-company-named',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  kind: FaultKind;
  /** Which requests it strikes; all when absent. */
  on?: RequestClass;
  /** Default 100,000. */
  afterBytes?: number;
  /** Milliseconds; default 0. */
  waitMs?: number;
  /** How many of the requests it could strike go well first. */
  after?: number;
  /** How many requests it strikes before all is well again; without end when absent. */
  times?: number;
}

/** What the demo Tally is told to do; can change between requests. */
export interface Behaviour extends Switches {
  /** The active company's books. */
  book: Book;
  /** Further companies that are open. */
  otherBooks: readonly Book[];
  /** The period on Tally's screen, which holds where a request sets none; the book's last financial year when undefined. */
  screenPeriod: DateRange | undefined;
  fault: Fault;
  /** Told of each request before it is answered: a test may change the books between two requests of one run. */
  onRequest: ((request: LoggedRequest) => void) | undefined;
}

/** The company of the faults `other-company` and `other-company-named`. */
export const otherCompanyGuid = 'ffffffff-0000-4000-8000-00000badc0de';
export const otherCompanyName = 'Somebody Else & Co';

/** The same vouchers as another company's; `companyName`: under that company's name. */
export function asOtherCompany(book: Book, companyName = book.companyName): Book {
  return {
    ...book,
    companyName,
    companyGuid: otherCompanyGuid,
    *vouchers(range) {
      for (const v of book.vouchers(range)) yield { ...v, guid: `${otherCompanyGuid}${v.guid.slice(-9)}` };
    },
  };
}

/** Without a licence Tally knows only these days of a month. */
const isFreeDay = (date: CalendarDate): boolean => ['01', '02', '31'].includes(date.slice(8));

/** The period that a request is answered for; undefined is the whole book. */
export function periodOf(
  rule: PeriodRule,
  request: TallyRequest,
  book: Book,
  settings: Partial<Pick<Behaviour, 'screenPeriod' | 'education'>> = {},
): DateRange | undefined {
  if (rule === 'everything') return undefined;
  const allowed = (date: CalendarDate | null | undefined): typeof date =>
    date && settings.education === 'drops-bounds' && !isFreeDay(date) ? null : date;
  if (rule === 'today') {
    const day = allowed(request.currentDate) ?? book.range.to;
    return { from: day, to: day };
  }
  const current = settings.screenPeriod ?? lastYear(book);
  if (rule === 'screen-period') return current;
  // Bounds that are not set: the current period. Dropped ones: no bound at all.
  const bound = (value: CalendarDate | null | undefined, unset: CalendarDate, widest: CalendarDate): CalendarDate =>
    value === undefined ? unset : (value ?? widest);
  return {
    from: bound(allowed(request.from), current.from, addDays(book.range.from, -36_500)),
    to: bound(allowed(request.to), current.to, addDays(book.range.to, 36_500)),
  };
}

function lastYear({ range }: Book): DateRange {
  const yearStart = financialYearStart(range.to);
  return { from: yearStart < range.from ? range.from : yearStart, to: range.to };
}

/** What an answer leaves out, with a name of it; undefined when it leaves out nothing. */
export interface Omission {
  name: string;
  keeps: (voucher: DemoVoucher) => boolean;
}

type Hides = Switches['dayBookHides'];

const keepers: Record<Exclude<Hides, 'nothing'>, Omission['keeps']> = {
  cancelled: (v) => !v.cancelled,
  optional: (v) => !v.optional,
  'every-tenth': (v) => v.masterId % 10 !== 0,
};

/** What a report that hides vouchers leaves out, and what Tally hides without a licence. */
export function omissionOf(hides: Hides, education: Switches['education']): Omission | undefined {
  return both(hides === 'nothing' ? undefined : { name: hides, keeps: keepers[hides] }, educationOmission(education));
}

/** What the voucher index leaves out. The vouchers are others than those that a report hides. */
export function indexOmissionOf({ voucherIndex, education }: Behaviour): Omission | undefined {
  const own = { name: 'leaves-out', keeps: (v: DemoVoucher): boolean => v.masterId % 10 !== 5 };
  return both(voucherIndex === 'leaves-out' ? own : undefined, educationOmission(education));
}

const educationOmission = (education: Switches['education']): Omission | undefined =>
  education === 'hides-days' ? { name: 'education', keeps: (v) => isFreeDay(v.date) } : undefined;

function both(one: Omission | undefined, other: Omission | undefined): Omission | undefined {
  if (!one || !other) return one ?? other;
  return { name: `${one.name} ${other.name}`, keeps: (v) => one.keeps(v) && other.keeps(v) };
}
