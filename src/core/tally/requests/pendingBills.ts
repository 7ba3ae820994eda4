import { addDays, type CalendarDate, type DateRange } from '../../base/calendar.js';
import type { Paise } from '../../base/decimal.js';
import { readAmount } from '../../invoice/values/values.js';
import { readDate } from '../../invoice/values/readDate.js';
import { unreadable } from '../answerErrors.js';
import type { AnswerSource } from '../answerSource.js';
import { decodeBytes } from '../xml/encoding.js';
import { readElements, type ElementBytes } from '../xml/readElements.js';
import { parseXmlElement, type XmlElement } from '../xml/xmlElement.js';
import { wholeNumber } from './aggregateValues.js';
import { nameInTally, type Company } from './companies.js';
import { pendingBillsRequest, type BillsReport } from './requests.js';

/** A bill that is open, by Tally's report. */
export interface TallyBill {
  ledger: string;
  reference: string;
  date: CalendarDate;
  /** Debit positive. */
  amount: Paise;
}

export interface TallyBills {
  bills: TallyBill[];
  /** The days that the rows are for: BILLDUE + BILLOVERDUE (docs/tally.md §9.3). Empty if no row has both. */
  days: Set<CalendarDate>;
}

/** Appears only in the log: the caller then says that nothing was compared. */
const unknownForm = "Tally's report of bills is not in a known form.";

/** The elements are siblings: BILLFIXED begins a bill, and the elements after it belong to that bill. */
const parts = ['BILLFIXED', 'BILLCL', 'BILLDUE', 'BILLOVERDUE'];

/**
 * Requests the bills of a report that are open at the end of a range (docs/tally.md §9.3). An answer without bills proves
 * nothing: Tally answers the same for a report that it did not make. Rows in an unknown form fail with `answer-unreadable`.
 */
export async function readPendingBills(
  source: AnswerSource,
  company: Company,
  report: BillsReport,
  range: DateRange,
  signal?: AbortSignal,
): Promise<TallyBills> {
  const found: TallyBills = { bills: [], days: new Set() };
  const xml = pendingBillsRequest(report, nameInTally(company), range);
  let open: Map<string, string> | undefined;
  const close = (): void => {
    if (open !== undefined) add(found, open);
  };
  for await (const element of readElements(source, { xml, element: parts, withLeaves: true }, signal)) {
    const { name, text, children } = parse(element);
    if (name === 'BILLFIXED') {
      close();
      open = new Map(children.map((child) => [child.name, child.text]));
    } else if (open === undefined || open.has(name)) throw unreadable(unknownForm);
    else open.set(name, text);
  }
  close();
  return found;
}

function parse({ bytes, encoding, damage }: ElementBytes): XmlElement {
  if (damage !== undefined) throw unreadable(unknownForm);
  try {
    return parseXmlElement(decodeBytes(bytes, encoding));
  } catch {
    throw unreadable(unknownForm);
  }
}

function add({ bills, days }: TallyBills, row: ReadonlyMap<string, string>): void {
  const text = (name: string): string => row.get(name) ?? '';
  const date = readDate(text('BILLDATE'));
  const amount = readAmount(text('BILLCL'));
  const ledger = text('BILLPARTY');
  if (date === undefined || 'reason' in amount || ledger === '') throw unreadable(unknownForm);
  bills.push({ ledger, reference: text('BILLREF'), date, amount: -amount.paise });
  const due = readDate(text('BILLDUE'));
  const overdue = wholeNumber(text('BILLOVERDUE'));
  if (due !== undefined && overdue !== undefined) days.add(addDays(due, overdue));
}
