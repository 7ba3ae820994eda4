import type { Behaviour, RequestClass } from './behaviour.js';
import { asOtherCompany, periodOf } from './behaviour.js';
import type { Book } from './book.js';
import { collectionXml, companyRows, masterRows } from './collectionXml.js';
import { indexAnswer, reportAnswer, type VoucherAnswer } from './reportXml.js';
import { plainName, type TallyRequest } from './request.js';
import { escaped } from './xmlText.js';

/** Text that fits in memory, or vouchers to be streamed. */
export type Answer = { xml: string } | VoucherAnswer;

export const unknownRequest = '<RESPONSE>Unknown Request, cannot be processed</RESPONSE>\r\n';

/** Messages quote names with plain apostrophes. */
const quoted = (message: string): string => escaped(message).replaceAll('&apos;', "'");

const lineError = (message: string): string =>
  '<ENVELOPE>\r\n <HEADER>\r\n  <VERSION>1</VERSION>\r\n  <STATUS>0</STATUS>\r\n </HEADER>\r\n <BODY>\r\n  <DATA>\r\n' +
  `   <LINEERROR>${quoted(message)}</LINEERROR>\r\n  </DATA>\r\n </BODY>\r\n</ENVELOPE>\r\n`;

/** What faults and counts know a request by; undefined for what Tally does not understand. */
export function classOf(request: TallyRequest): RequestClass | undefined {
  if (request.kind === 'report') return 'report';
  if (request.kind === 'unknown') return undefined;
  switch (plainName(request.name)) {
    case 'COMPANY':
      return 'companies';
    case 'VOUCHERTYPE':
      return 'voucher-types';
    case 'LEDGER':
      return 'ledgers';
    case 'GROUP':
      return 'groups';
    case 'VOUCHER':
      return 'vouchers';
    default:
      return undefined;
  }
}

/** What Tally answers. `foreign`: with the vouchers of another company. */
export function answerTo(request: TallyRequest, behaviour: Behaviour, foreign: boolean): Answer {
  if (request.kind === 'unknown') {
    return { xml: request.name === '' ? unknownRequest : lineError(`Could not find Collection '${request.name}'!`) };
  }
  const open = behaviour.companyOpen ? [behaviour.book, ...behaviour.otherBooks] : [];
  const asked = request.company === undefined ? open[0] : open.find((b) => isNamed(b, request.company!));
  const book = asked && foreign ? asOtherCompany(asked) : asked;
  return request.kind === 'report'
    ? reportTo(request, behaviour, book)
    : collectionTo(request, open, book, plainName(request.name));
}

function reportTo(request: TallyRequest, behaviour: Behaviour, book: Book | undefined): Answer {
  const rules = { DAYBOOK: behaviour.dayBook, VOUCHERREGISTER: behaviour.voucherRegister };
  const name = plainName(request.name);
  if (name !== 'DAYBOOK' && name !== 'VOUCHERREGISTER') {
    const message = quoted(`Could not find Report '${request.name}'!`);
    return { xml: `<RESPONSE><LINEERROR>${message}</LINEERROR></RESPONSE>\r\n` };
  }
  if (book) return reportAnswer(book, periodOf(rules[name], request, book));
  return {
    xml: request.company === undefined ? '' : lineError(`Could not set 'SVCurrentCompany' to '${request.company}'`),
  };
}

function collectionTo(request: TallyRequest, open: readonly Book[], book: Book | undefined, type: string): Answer {
  // Lists all open companies, whatever company is named.
  if (type === 'COMPANY') return { xml: collectionXml(open[0], 'COMPANY', companyRows(open), request.fields) };
  // An unknown company is no error here: success, and nothing.
  if (!book) return { xml: collectionXml(undefined, type, [], []) };
  if (type === 'VOUCHER') return indexAnswer(book, periodOf('honours-dates', request, book)!, request.fields);
  return { xml: collectionXml(book, type, masterRows(book, type) ?? [], request.fields) };
}

const isNamed = (book: Book, name: string): boolean => book.companyName.trim().toLowerCase() === name.toLowerCase();
