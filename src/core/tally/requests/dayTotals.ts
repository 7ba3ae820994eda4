import type { CalendarDate, DateRange } from '../../base/calendar.js';
import type { Paise } from '../../base/decimal.js';
import { readDate } from '../../invoice/values/readDate.js';
import { unreadable } from '../answerErrors.js';
import type { AnswerSource } from '../answerSource.js';
import { readMasterElements } from '../xml/masterElements.js';
import { fieldsOf, filled } from '../xml/recordReader.js';
import { aggregateRows, amountSum, wholeNumber } from './aggregateValues.js';
import { nameInTally, type Company } from './companies.js';
import { dayTotalsRequest } from './requests.js';

/** Tally's total of the vouchers of one type on one day. */
export interface DayTotal {
  date: CalendarDate;
  voucherType: string;
  vouchers: number;
  /** The sum of $Amount. No captured answer shows its sign and meaning (docs/tally.md §1.2). Undefined if Tally gives none. */
  amount: Paise | undefined;
}

/** Raise with each change of templates/dayTotals.xml.njk: remembered results of the old request say nothing about the new. */
export const totalsRequestVersion = 1;

/** Appears only in the log: after this error, verify compares field by field. */
const unknownForm = "Tally's totals of days are not in a known form.";

const fields = fieldsOf(filled('DATE', 'VOUCHERTYPENAME', 'VOUCHERS', 'AMOUNTS'));

/**
 * Requests the totals of each day and voucher type of a range (a row of some 250 bytes each). The answer may cover other days,
 * or another company; the caller decides what the answer proves. A row in an unknown form fails with `answer-unreadable`, and
 * so does an answer whose rows all lack an amount. Other failures are those of readVoucherIndex.
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
    const date = readDate(row.value('DATE'));
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
