import type { Behaviour, FaultKind, RequestClass } from '../behaviours/behaviour.js';
import { asOtherCompany, otherCompanyName } from '../behaviours/behaviour.js';
import type { Book } from '../book/book.js';
import { collectionXml, companyRows, counted, type Row } from './xml/collectionXml.js';
import { digestXml } from './xml/digestXml.js';
import { displayReports } from './xml/displayReports.js';
import { asksBalances } from './xml/balanceFields.js';
import { masterRows } from './xml/masterRows.js';
import { totalXml } from './xml/totalXml.js';
import { indexOmissionOf, omissionOf } from '../behaviours/omissions.js';
import { openBooks } from '../book/openBooks.js';
import { otherVoucher, voucherByMasterId } from '../book/voucherByMasterId.js';
import { withOtherAmounts } from '../book/otherAmounts.js';
import { balancePeriodOf, periodOf, type PeriodRule } from '../behaviours/periods.js';
import * as refusals from './refusals.js';
import { collectionAnswer, halfOf, isEmpty, objectAnswer, reportAnswer, type VoucherAnswer } from './xml/reportXml.js';
import { isLean } from './xml/voucherCollection.js';
import { plainName, type TallyRequest } from './request.js';
import type { Switches } from '../behaviours/switches.js';

/**
 * An answer: text that fits in memory, with the numbers of rows sent (`rows`) and vouchers read (`walked`), or vouchers
 * to be streamed. `freeze`: Tally answers neither this request nor any other until it is restarted.
 */
export type Answer = { xml: string; rows?: number; walked?: number } | VoucherAnswer | 'freeze';

const collectionClasses: Partial<Record<string, RequestClass>> = {
  COMPANY: 'companies',
  VOUCHERTYPE: 'voucher-types',
  LEDGER: 'ledgers',
  GROUP: 'groups',
  VOUCHER: 'vouchers',
};

/**
 * The class of a request, for faults and counts. Undefined for a request that Tally does not understand, and for a
 * collection of other masters.
 */
export function classOf({ kind, name, fields, sums, byType }: TallyRequest): RequestClass | undefined {
  const type = plainName(name);
  if (kind === 'report' && type in displayReports) return 'balances';
  if (kind === 'collection' && asksBalances(type, fields)) return 'balances';
  if (kind === 'report' || kind === 'voucher') return kind;
  if (sums) return byType ? 'day-totals' : 'day-digests';
  return kind === 'collection' ? collectionClasses[plainName(name)] : undefined;
}

/**
 * Tally's answer. A fault matters here only if it answers for another company or changes the open companies. Other
 * faults are carried out elsewhere (`faultText`, Delivery).
 */
export function answerTo(request: TallyRequest, behaviour: Behaviour, fault: FaultKind): Answer {
  if (request.kind === 'unknown') {
    return { xml: request.name === '' ? refusals.unknownRequest : refusals.unknownCollection(request.name) };
  }
  const open = openBooks(behaviour, fault);
  const { company } = request;
  const asked =
    company === undefined || behaviour.answersFor === 'active-company'
      ? open[0]
      : open.find((book) => isNamed(book, company, behaviour.companyMatch));
  const book = asked && asServed(asked, fault);
  switch (request.kind) {
    case 'report':
      return reportTo(request, behaviour, book);
    case 'voucher':
      return voucherTo(request, behaviour, book);
    case 'collection':
      return collectionTo(request, behaviour, open, book);
  }
}

function asServed(book: Book, fault: FaultKind): Book {
  if (fault === 'other-company') return asOtherCompany(book);
  return fault === 'other-company-named' ? asOtherCompany(book, otherCompanyName) : book;
}

function reportTo(request: TallyRequest, behaviour: Behaviour, book: Book | undefined): Answer {
  const reports = {
    DAYBOOK: [behaviour.dayBook, behaviour.dayBookHides],
    VOUCHERREGISTER: [behaviour.voucherRegister, behaviour.voucherRegisterHides],
  } as const;
  const name = plainName(request.name);
  if (name in displayReports) return displayReportTo(request, behaviour, book);
  if (name !== 'DAYBOOK' && name !== 'VOUCHERREGISTER') return { xml: refusals.unknownReport(request.name) };
  if (!book) return { xml: request.company === undefined ? '' : refusals.companyRefused(request.company) };
  const [rule, hides] = reports[name];
  const answer = reportAnswer(book, periodOf(rule, request, book, behaviour), {
    omission: omissionOf(hides, behaviour.education),
    erp9: behaviour.product === 'Tally.ERP 9',
  });
  return behaviour.emptyReport === 'bare' && isEmpty(answer) ? { xml: refusals.bareEnvelope } : answer;
}

function displayReportTo(request: TallyRequest, behaviour: Behaviour, book: Book | undefined): Answer {
  const rule = behaviour.balanceReports;
  if (rule === 'refused') return { xml: refusals.unknownReport(request.name) };
  if (!book) return { xml: request.company === undefined ? '' : refusals.companyRefused(request.company) };
  if (rule === 'empty') return { xml: refusals.bareEnvelope };
  return displayReports[plainName(request.name)]!(book, {
    period: balancePeriodOf(rule, request, book, behaviour),
    ledgerWise: request.ledgerWise === true,
    exploded: request.exploded === true,
    forexBalances: behaviour.forexBalances,
  });
}

function voucherTo({ name, company, fields }: TallyRequest, behaviour: Behaviour, book: Book | undefined): Answer {
  const { voucherObject } = behaviour;
  if (voucherObject === 'refused') return { xml: refusals.unknownRequest };
  // The fields that the FETCHLIST names do not matter, but it must name at least one (docs/tally.md §2).
  if (fields.every((field) => field === '')) return 'freeze';
  if (!book) return { xml: company === undefined ? '' : refusals.companyRefused(company) };
  const masterId = Number(/^ID:(\d+)$/.exec(plainName(name))?.[1]);
  const found = voucherObject === 'not-found' ? undefined : voucherByMasterId(book, masterId);
  if (!found) return { xml: refusals.voucherNotFound(name) };
  const other = voucherObject === 'other-voucher' ? otherVoucher(book, masterId) : undefined;
  const told = voucherObject === 'other-amounts' ? withOtherAmounts(found) : (other ?? found);
  return objectAnswer(book, told, behaviour.product === 'Tally.ERP 9');
}

function collectionTo(
  request: TallyRequest,
  behaviour: Behaviour,
  open: readonly Book[],
  book: Book | undefined,
): Answer {
  const type = plainName(request.name);
  // The company list has all open companies, whichever company the request names.
  if (type === 'COMPANY') {
    return mastersXml(counted(behaviour, open[0]), 'COMPANY', companyRows(open, behaviour), request);
  }
  // An unknown company is not an error here: Tally answers with success and without rows.
  if (!book) return { xml: collectionXml(undefined, type, [], []) };
  if (type === 'VOUCHER') return indexTo(request, behaviour, book);
  return mastersTo(request, behaviour, book);
}

function mastersTo(request: TallyRequest, behaviour: Behaviour, book: Book): Answer {
  const type = plainName(request.name);
  const { ledgerBalances, forexBalances, stockOpenings } = behaviour;
  if (ledgerBalances === 'refused' && asksBalances(type, request.fields))
    return { xml: refusals.unknownCollection(request.name) };
  const rule = ledgerBalances === 'of-screen' ? ledgerBalances : 'of-dates';
  const rows = masterRows(book, type, {
    fields: request.fields,
    period: balancePeriodOf(rule, request, book, behaviour),
    ledgerBalances,
    forexBalances,
    stockOpenings,
  });
  return mastersXml(counted(behaviour, book), type, rows ?? [], request);
}

const mastersXml = (counters: Book | undefined, tag: string, rows: Row[], { fields }: TallyRequest): Answer => ({
  xml: collectionXml(counters, tag, rows, fields),
  rows: rows.length,
});

const indexRules: Partial<Record<Switches['voucherIndex'], PeriodRule>> = {
  'ignores-dates': 'everything',
  'screen-period': 'screen-period',
  'current-date': 'current-year',
};

function indexTo(request: TallyRequest, behaviour: Behaviour, book: Book): Answer {
  const { voucherIndex, voucherCollection } = behaviour;
  if (voucherIndex === 'refused') return { xml: refusals.unknownCollection(request.name) };
  const counters = counted(behaviour, book);
  if (voucherIndex === 'empty') return { xml: collectionXml(counters, 'VOUCHER', [], []) };
  const { sums, byType } = request;
  const lean = !sums && isLean(request.fields);
  if (lean && voucherCollection === 'refused') return { xml: refusals.unknownCollection(request.name) };
  const adds = sums && (byType ? behaviour.dayTotals : behaviour.dayDigests);
  if (adds === 'refused') return { xml: refusals.unknownCollection(request.name) };
  if (adds === 'empty') return { xml: collectionXml(counters, 'OBJECT', [], []) };
  const scansAll = request.literal !== undefined && behaviour.literalFilter === 'scans-all';
  const rule = scansAll ? 'everything' : (indexRules[voucherIndex] ?? 'honours-dates');
  const period = periodOf(rule, request, book, behaviour);
  const omission = indexOmissionOf(behaviour, request);
  if (sums && byType) return totalXml(book, period, sums, { omission, counters, dayTotals: behaviour.dayTotals });
  if (sums && behaviour.dayDigests !== 'rows')
    return digestXml(book, period, sums, { omission, counters, dayDigests: behaviour.dayDigests });
  const erp9 = behaviour.product === 'Tally.ERP 9';
  const { stockJournals } = behaviour;
  const form = { voucherCollection, stockJournals, erp9 };
  const answer = collectionAnswer(book, period, request.fields, { omission, counters, ...form });
  const isFiltered = request.literal !== undefined || request.alteredAfter !== undefined;
  if (lean) return voucherCollection === 'cut' ? halfOf(answer) : answer;
  return voucherIndex === 'cut' && !sums && !isFiltered ? { ...answer, limit: mostListed } : answer;
}

/** One real list was seen to end after 200 rows. Fewer here, so that tests can use small books. */
const mostListed = 100;

function isNamed(book: Book, name: string, match: Switches['companyMatch']): boolean {
  if (match === 'exact') return book.companyName === name;
  return book.companyName.trim().toLowerCase() === name.trim().toLowerCase();
}
