import { addDays, financialYearStart, type DateRange } from '../core/calendar.js';
import type { Book } from './book.js';
import type { TallyRequest } from './request.js';

/**
 * What a report does with the dates it is given: nothing, and serves the whole book; what it is told; or nothing, and
 * serves one fixed day: the book's last, or a typed SVCURRENTDATE.
 */
export type PeriodRule = 'everything' | 'honours-dates' | 'today';

/** What a request asks for, as far as faults are concerned. */
export type RequestClass = 'status' | 'report' | 'companies' | 'voucher-types' | 'ledgers' | 'groups' | 'vouchers';

export type FaultKind =
  | 'none'
  /** Another program answers. */
  | 'html'
  | 'empty-body'
  | 'empty-envelope'
  /** The connection breaks after `afterBytes`. */
  | 'cut'
  /** The connection ends properly after `afterBytes`: fewer bytes than CONTENT-LENGTH said. */
  | 'cut-end'
  /** CONTENT-LENGTH itself says `afterBytes`: only the XML shows that something is missing. */
  | 'short'
  /** Silence after `afterBytes`. */
  | 'stall'
  /** Silence from the start: a box waits for a click on Tally's screen. */
  | 'silent'
  /** The vouchers of another company under the asked one's name. */
  | 'other-company';

export interface Fault {
  kind: FaultKind;
  /** Which requests it strikes; all when absent. */
  on?: RequestClass;
  /** Default 100,000. */
  afterBytes?: number;
  /** How many requests it strikes before all is well again; without end when absent. */
  times?: number;
}

/** What the demo Tally is told to do; can change between requests. */
export interface Behaviour {
  dayBook: PeriodRule;
  voucherRegister: PeriodRule;
  /** False: Tally runs, but no company is open. */
  companyOpen: boolean;
  /** The active company's books. */
  book: Book;
  /** Further companies that are open. */
  otherBooks: readonly Book[];
  fault: Fault;
  /** True Tally goes on with an answer nobody waits for, and takes no other request until it is done. */
  keepsWorking: boolean;
}

/** The company GUID of the fault `other-company`. */
export const otherCompanyGuid = 'ffffffff-0000-4000-8000-00000badc0de';

/** The same vouchers as another company's. */
export function asOtherCompany(book: Book): Book {
  return {
    ...book,
    companyGuid: otherCompanyGuid,
    *vouchers(range) {
      for (const v of book.vouchers(range)) yield { ...v, guid: `${otherCompanyGuid}${v.guid.slice(-9)}` };
    },
  };
}

/** The period that a request is answered for; undefined is the whole book. */
export function periodOf(rule: PeriodRule, request: TallyRequest, book: Book): DateRange | undefined {
  const { from, to, currentDate } = request;
  if (rule === 'everything') return undefined;
  if (rule === 'today') {
    const day = currentDate ?? book.range.to;
    return { from: day, to: day };
  }
  // Bounds that are not set: the current period, here the book's last financial year. Dropped ones: no bound at all.
  const yearStart = financialYearStart(book.range.to);
  const bound = (value: typeof from, unset: string, widest: string): string =>
    value === undefined ? unset : (value ?? widest);
  return {
    from: bound(from, yearStart < book.range.from ? book.range.from : yearStart, addDays(book.range.from, -36_500)),
    to: bound(to, book.range.to, addDays(book.range.to, 36_500)),
  };
}
