import type { CalendarDate, DateRange } from '../../base/calendar.js';
import type { Paise } from '../../base/decimal.js';
import { unreadable } from '../answerErrors.js';
import type { AnswerSource } from '../answerSource.js';
import { readMasterElements } from '../xml/masterElements.js';
import { fieldsOf, filled } from '../xml/recordReader.js';
import { aggregateDate, aggregateRows, amountSum, wholeNumber } from './aggregateValues.js';
import { nameInTally, type Company } from './companies.js';
import { dayTotalsRequest } from './requests.js';

/** What Tally adds up of the vouchers of one type on one day. */
export interface DayTotal {
  date: CalendarDate;
  voucherType: string;
  vouchers: number;
  /** The sum of $Amount, whose sign and meaning no capture shows (docs/tally.md §1.2); undefined where Tally gives none. */
  amount: Paise | undefined;
}

/** Raised with each change of templates/dayTotals.xml.njk: what was seen of the old request says nothing of the new one. */
export const totalsRequestVersion = 1;

/** For the log alone: a run that meets it reads reports. */
const unknownForm = "Tally's totals of days are not in a known form.";

const fields = fieldsOf(filled('DATE', 'VOUCHERTYPENAME', 'VOUCHERS', 'AMOUNTS'));

/**
 * Asks Tally for the totals of each day and voucher type of a range (a row of some 250 bytes each). The answer may be of other
 * days, or of another company; the caller decides what it proves. Rows in an unknown form, and rows without any amount, fail with
 * `answer-unreadable`; other failures have the codes of a list.
 */
export async function readDayTotals(
  source: AnswerSource,
  company: Company,
  range: DateRange,
  signal?: AbortSignal,
): Promise<DayTotal[]> {
  const totals: DayTotal[] = [];
  const seen = new Set<string>();
  const request = { xml: dayTotalsRequest(nameInTally(company), range), element: aggregateRows };
  for await (const row of readMasterElements(source, request, fields, signal)) {
    const date = aggregateDate(row.value('DATE'));
    const voucherType = row.value('VOUCHERTYPENAME');
    const vouchers = wholeNumber(row.value('VOUCHERS'));
    const key = `${date} ${voucherType}`;
    if (date === undefined || voucherType === '' || vouchers === undefined || seen.has(key))
      throw unreadable(unknownForm);
    seen.add(key);
    totals.push({ date, voucherType, vouchers, amount: amountSum(row.value('AMOUNTS')) });
  }
  if (totals.length > 0 && totals.every(({ amount }) => amount === undefined)) throw unreadable(unknownForm);
  return totals;
}
