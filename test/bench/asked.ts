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

/** What the product asks for, by its own templates. Answers are prepared for it; the sender refuses requests for anything else. */
export const indexFields = asked(voucherIndexRequest('', day)).fields;
export const collectionFields = asked(voucherRequest('Voucher Collection', '', day)).fields;
/** With the stream `ledger` the collection has more fields. */
export const ledgerFields = asked(voucherRequest('Voucher Collection', '', day, undefined, true)).fields;
/** What asks for balances: to answer it, vouchers are gone through. */
export const openingsAsked = (company: string, from: CalendarDate): TallyRequest =>
  asked(ledgerOpeningsRequest(company, from));
export const digestSums = asked(dayDigestsRequest('', day)).sums!;
