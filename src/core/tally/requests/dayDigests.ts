import type { CalendarDate, DateRange } from '../../base/calendar.js';
import { unreadable } from '../answerErrors.js';
import type { AnswerSource } from '../answerSource.js';
import { readMasterElements } from '../xml/masterElements.js';
import { fieldsOf, filled } from '../xml/recordReader.js';
import { aggregateDate, aggregateRows, wholeNumber } from './aggregateValues.js';
import { nameInTally, type Company } from './companies.js';
import { dayDigestsRequest } from './requests.js';

/**
 * What Tally adds up of the vouchers of a day, of every kind. An entry, an alteration, another date and a deletion each change it
 * (docs/tally.md §4). A number that moved under the same ALTERID does not, nor a master's new name.
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

/** Raised with each change of templates/dayDigests.xml.njk: what was seen of the old request says nothing of the new one. */
export const digestRequestVersion = 1;

/** For the log alone: a run that meets it asks for lists. */
const unknownForm = "Tally's digests of days are not in a known form.";

const fields = fieldsOf(filled('DATE', 'VOUCHERS', 'ALTERIDS', 'LASTALTERID', 'MASTERIDS'));

/**
 * Asks Tally for the digest of each day of a range that has vouchers (a row of some 200 bytes each). The answer may be of other
 * days, or of another company; the caller decides what it proves. A row in an unknown form fails with `answer-unreadable`,
 * other failures have the codes of a list.
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
    const date = aggregateDate(row.value('DATE'));
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

/** The digest of a day, added up voucher by voucher. One without ALTERID or MASTERID leaves it NaN, which equals none. */
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

/** Whether two days have the same digest; a day without vouchers has none. */
export const isSameDigest = (one: DayDigest | undefined, other: DayDigest | undefined): boolean =>
  one === undefined || other === undefined
    ? one === other
    : one.vouchers === other.vouchers &&
      one.alterIds === other.alterIds &&
      one.highestAlterId === other.highestAlterId &&
      one.masterIds === other.masterIds;
