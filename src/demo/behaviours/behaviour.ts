import type { DateRange } from '../../core/base/calendar.js';
import type { Book } from '../book/book.js';
import type { LoggedRequest } from '../answers/request.js';
import type { Switches } from './switches.js';

/** The classes of requests by which a fault chooses its targets. */
export const requestClasses = [
  'status',
  'report',
  'companies',
  'voucher-types',
  'ledgers',
  'groups',
  'vouchers',
  'day-digests',
  'voucher',
  'day-totals',
  /** Ledgers or stock items with balances, and the reports of balances, bills and stock. */
  'balances',
] as const;
export type RequestClass = (typeof requestClasses)[number];

export const faultKinds = [
  'none',
  /** Another program answers. */
  'html',
  /** Another program, or a proxy, reports an error. */
  'http-500',
  /** A log-in or a vault prompt waits on Tally's screen. */
  'empty-body',
  'empty-envelope',
  /** Success with an empty list: no company is open, or Tally rejected the request. */
  'empty-list',
  /** `Unknown Request, cannot be processed` */
  'unknown-request',
  /** `<RESPONSE><LINEERROR>`: this Tally does not know the report. */
  'unknown-report',
  /** STATUS 0 and `Could not set 'SVCurrentCompany' to 'X'`: the company is closed. */
  'company-refused',
  /** Root ERRORMSG, `Could not find Company:X!`: the company is closed too, in another form. */
  'company-not-found',
  /** STATUS 0 without a message. */
  'status-0',
  /** The connection breaks after `afterBytes`. */
  'cut',
  /** The connection is closed properly after `afterBytes`: fewer bytes than CONTENT-LENGTH announced. */
  'cut-end',
  /** CONTENT-LENGTH itself is `afterBytes`, so only the XML shows that something is missing. */
  'short',
  /** Silence after `afterBytes`. */
  'stall',
  /**
   * Silence from the start: a box waits for a click on Tally's screen. After the client has left, Tally is busy for `waitMs`.
   */
  'silent',
  /** Silence for `waitMs`, then the answer. */
  'slow',
  /** The vouchers of another company, under the name of the requested one. */
  'other-company',
  /** The vouchers of another company, under its own name. */
  'other-company-named',
  /**
   * The active company is not open. Lists do not treat that as an error; only the company list shows it (docs/tally.md
   * §2).
   */
  'company-closed',
  /** Another company is open in place of the active one, under its own name. */
  'company-replaced',
] as const;
export type FaultKind = (typeof faultKinds)[number];

export interface Fault {
  kind: FaultKind;
  /** The class of requests that the fault strikes; all if absent. */
  on?: RequestClass;
  /** Default 100,000. */
  afterBytes?: number;
  /** Milliseconds; default 0. */
  waitMs?: number;
  /** How many matching requests succeed before the fault strikes. */
  after?: number;
  /** How many requests the fault strikes; without limit if absent. */
  times?: number;
}

/** The settings of the demo Tally, which can change between requests. */
export interface Behaviour extends Switches {
  /** The active company's books. */
  book: Book;
  /** Further open companies. */
  otherBooks: readonly Book[];
  /** The period on Tally's screen, used if a request sets none. Undefined: the book's last financial year. */
  screenPeriod: DateRange | undefined;
  fault: Fault;
  /** Called with each request before it is answered, so that a test can change the books between two requests of one run. */
  onRequest: ((request: LoggedRequest) => void) | undefined;
}

/** The company of the faults `other-company` and `other-company-named`. */
export const otherCompanyGuid = 'ffffffff-0000-4000-8000-00000badc0de';
export const otherCompanyName = 'Somebody Else & Co';

/** The same books with the GUID of another company. With `companyName` they also have that company's name. */
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
