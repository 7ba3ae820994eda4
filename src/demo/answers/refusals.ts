import type { Behaviour, FaultKind } from '../behaviours/behaviour.js';
import { collectionXml, counted } from './xml/collectionXml.js';
import { plainName, type TallyRequest } from './request.js';
import { escaped } from './xml/xmlText.js';

/** Escapes a message; unlike other text, messages keep plain apostrophes. */
const quoted = (message: string): string => escaped(message).replaceAll('&apos;', "'");

export const unknownRequest = '<RESPONSE>Unknown Request, cannot be processed</RESPONSE>\r\n';

/** The answer to a report without vouchers, in 23 bytes. */
export const bareEnvelope = '<ENVELOPE></ENVELOPE>\r\n';

/** An answer with STATUS 0, with a message or without. */
export const lineError = (message?: string): string =>
  '<ENVELOPE>\r\n <HEADER>\r\n  <VERSION>1</VERSION>\r\n  <STATUS>0</STATUS>\r\n </HEADER>\r\n <BODY>\r\n  <DATA>\r\n' +
  (message === undefined ? '' : `   <LINEERROR>${quoted(message)}</LINEERROR>\r\n`) +
  '  </DATA>\r\n </BODY>\r\n</ENVELOPE>\r\n';

export const unknownReport = (name: string): string =>
  `<RESPONSE><LINEERROR>${quoted(`Could not find Report '${name}'!`)}</LINEERROR></RESPONSE>\r\n`;

export const unknownCollection = (name: string): string => lineError(`Could not find Collection '${name}'!`);

export const companyRefused = (company: string): string =>
  lineError(`Could not set 'SVCurrentCompany' to '${company}'`);

export const voucherNotFound = (id: string): string =>
  `<ERRORMSG>${quoted(`Could not find Voucher:${id}!`)}</ERRORMSG>\r\n`;

const companyNotFound = (company: string): string =>
  `<ERRORMSG>${quoted(`Could not find Company:${company}!`)}</ERRORMSG>\r\n`;

/** The text that a fault sends in place of the answer; undefined for a fault that does not replace the text. */
export function faultText(kind: FaultKind, request: TallyRequest, behaviour: Behaviour): string | undefined {
  const company = request.company ?? behaviour.book.companyName;
  switch (kind) {
    case 'empty-body':
      return '';
    case 'empty-envelope':
      return bareEnvelope;
    case 'empty-list': {
      if (request.kind !== 'collection') return bareEnvelope;
      const type = plainName(request.name);
      // An empty company list means that no company is open. Then all counters are 0.
      return collectionXml(type === 'COMPANY' ? undefined : counted(behaviour, behaviour.book), type, [], []);
    }
    case 'unknown-request':
      return unknownRequest;
    case 'unknown-report':
      return unknownReport(request.name);
    case 'company-refused':
      return companyRefused(company);
    case 'company-not-found':
      return companyNotFound(company);
    case 'status-0':
      return lineError();
    default:
      return undefined;
  }
}
