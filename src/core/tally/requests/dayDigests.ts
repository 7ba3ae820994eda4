import type { CalendarDate, DateRange } from '../../base/calendar.js';
import { readDate } from '../../invoice/values/readDate.js';
import { unreadable } from '../answerErrors.js';
import type { AnswerSource } from '../answerSource.js';
import { readMasterElements } from '../xml/masterElements.js';
import { fieldsOf, filled } from '../xml/recordReader.js';
import { aggregateRows, wholeNumber } from './aggregateValues.js';
import { nameInTally, type Company } from './companies.js';
import { dayDigestsRequest } from './requests.js';

/**
 * Tally's digest of one day: the count of its vouchers of every kind, and sums of their ids. MASTERID is a voucher's lasting
 * number, ALTERID the counter value of its last change. Entering, altering, re-dating and deleting a voucher each change the
 * digest (docs/tally.md §4). Two changes do not: a voucher number that moved under the same ALTERID, and a master's new name.
 */
export interface DayDigest {
  vouchers: number;
  /** Sum of ALTERIDs. */
  alterIds: number;
  highestAlterId: number;
  /** Sum of MASTERIDs. */
  masterIds: number;
}

export type DayDigests = Map<CalendarDate, DayDigest>;

/**
 * Increased with each change of templates/dayDigests.xml.njk: experience with the old request proves nothing about the new one.
 */
export const digestRequestVersion = 1;

/** Appears only in the log: a run that gets this error requests lists instead. */
const unknownForm = "Tally's digests of days are not in a known form.";

const fields = fieldsOf(filled('DATE', 'VOUCHERS', 'ALTERIDS', 'LASTALTERID', 'MASTERIDS'));

/**
 * Requests the digest of each day of a range that has vouchers (a row of some 200 bytes each). The answer may cover other days,
 * or another company; the caller decides what the answer proves. A row in an unknown form fails with `answer-unreadable`. Other
 * failures are those of readVoucherIndex.
 */
export async function readDayDigests(
  source: AnswerSource,
  company: Company,
  range: DateRange,
  signal?: AbortSignal,
): Promise<DayDigests> {
  const digests: DayDigests = new Map();
  const request = { xml: dayDigestsRequest(nameInTally(company), range), element: aggregateRows };
  for await (const row of readMasterElements(source, request, fields, signal)) {
    const date = readDate(row.value('DATE'));
    const number = (field: string): number => {
      const value = wholeNumber(row.value(field));
      if (value === undefined) throw unreadable(unknownForm);
      return value;
    };
    const digest = {
      vouchers: number('VOUCHERS'),
      alterIds: number('ALTERIDS'),
      highestAlterId: number('LASTALTERID'),
      masterIds: number('MASTERIDS'),
    };
    if (date === undefined || digests.has(date)) throw unreadable(unknownForm);
    digests.set(date, digest);
  }
  return digests;
}

/**
 * Digests of days, added up voucher by voucher. A voucher without ALTERID or MASTERID makes a sum NaN, which equals no other.
 */
export class DigestSum {
  readonly days: DayDigests = new Map();

  add(date: CalendarDate, alterId: number | undefined, masterId: number | undefined): void {
    let day = this.days.get(date);
    if (day === undefined) this.days.set(date, (day = { vouchers: 0, alterIds: 0, highestAlterId: 0, masterIds: 0 }));
    day.vouchers++;
    day.alterIds += alterId ?? NaN;
    day.highestAlterId = Math.max(day.highestAlterId, alterId ?? NaN);
    day.masterIds += masterId ?? NaN;
  }
}

/** Whether two days have the same digest. A day without vouchers has undefined, which equals only undefined. */
export const isSameDigest = (one: DayDigest | undefined, other: DayDigest | undefined): boolean =>
  one === undefined || other === undefined
    ? one === other
    : one.vouchers === other.vouchers &&
      one.alterIds === other.alterIds &&
      one.highestAlterId === other.highestAlterId &&
      one.masterIds === other.masterIds;
