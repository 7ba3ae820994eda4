import type { CalendarDate } from '../../src/core/base/calendar.js';
import {
  dayDigestsRequest,
  ledgerOpeningsRequest,
  voucherIndexRequest,
  voucherRequest,
} from '../../src/core/tally/requests/requests.js';
import { readRequest, type TallyRequest } from '../../src/demo/answers/request.js';

const day = { from: '2024-04-01', to: '2024-04-01' };
const asked = (xml: string): TallyRequest => readRequest(Buffer.from(xml), 'text/xml;charset=utf-8');

/**
 * The fields that the product's own templates ask for. Answers are prepared for them, and the sender refuses other
 * fields.
 */
export const indexFields = asked(voucherIndexRequest('', day)).fields;
export const collectionFields = asked(voucherRequest('Voucher Collection', '', day)).fields;
/** With the stream `ledger` the collection has more fields. */
export const ledgerFields = asked(
  voucherRequest('Voucher Collection', '', day, undefined, { withLedger: true }),
).fields;
/** The product's request for opening balances. To answer it, the demo Tally goes through all vouchers. */
export const openingsAsked = (company: string, from: CalendarDate): TallyRequest =>
  asked(ledgerOpeningsRequest(company, from));
export const digestSums = asked(dayDigestsRequest('', day)).sums!;
