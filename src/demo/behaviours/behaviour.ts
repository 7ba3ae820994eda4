import type { DateRange } from '../../core/base/calendar.js';
import type { Book } from '../book/book.js';
import type { LoggedRequest } from '../answers/request.js';
import type { Switches } from './switches.js';

/** What a request asks for, as far as faults are concerned. */
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
  /** The active company is not open: for lists it is no error, and only the company list shows it (§2). */
  'company-closed',
  /** In place of the active company another one is open, under its own name. */
  'company-replaced',
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
