import { t } from '@vscode/l10n';
import { fromTallyDate, type CalendarDate, type DateRange } from '../../base/calendar.js';
import { isYes } from '../../invoice/values/values.js';
import { unreadable } from '../answerErrors.js';
import type { AnswerSource } from '../answerSource.js';
import { nameInTally, type Company } from './companies.js';
import { readRow, type MasterRow } from '../xml/masterElements.js';
import { fieldsOf, filled } from '../xml/recordReader.js';
import { readElementGroups } from '../xml/readElements.js';
import { repeated } from '../xml/repeated.js';
import { voucherIndexRequest, type ListBounds } from './requests.js';

/** One voucher of the index, of any kind. */
export interface IndexedVoucher {
  guid: string;
  date: CalendarDate;
  voucherType: string;
  /** '' if the voucher has no number, or if Tally does not list numbers. */
  voucherNumber: string;
  /** Tally's counter value of the voucher's last change; undefined if Tally does not give it. */
  alterId: number | undefined;
  /** The voucher's lasting number in the company; undefined if Tally does not give it. */
  masterId: number | undefined;
  /** The number may change when an earlier voucher is added or removed: Tally does not say `Auto Retain` (docs/tally.md §4). */
  mayRenumber: boolean;
  /** ISDELETED or ISDELETEDVCHRETAINED: the voucher is still in Tally's store, but no longer in the books. */
  isDeleted: boolean;
}

const fields = fieldsOf(
  filled(
    ...['GUID', 'DATE', 'ALTERID', 'VOUCHERTYPENAME', 'VCHTYPE', 'VOUCHERNUMBER', 'ISDELETED', 'ISDELETEDVCHRETAINED'],
    ...['MASTERID', 'NUMBERINGSTYLE'],
  ),
);

/**
 * Asks Tally which vouchers it has (a collection of ids, about 1.2 KB a voucher) and yields them as they arrive, many at a
 * time. The answer may hold rows outside the range: Tally silently ignores a bound that it cannot use. The answer may also be
 * incomplete or another company's. A company that is not open has no rows (docs/tally.md §1.3, §2). The caller decides what the
 * answer proves. Fails with the codes `tally-*` and `answer-*`.
 */
export async function* readVoucherIndex(
  source: AnswerSource,
  company: Company,
  range: DateRange,
  { signal, ...bounds }: ListBounds & { signal?: AbortSignal } = {},
): AsyncGenerator<IndexedVoucher[]> {
  const request = { xml: voucherIndexRequest(nameInTally(company), range, bounds), element: 'VOUCHER' };
  const readDate = repeated(fromTallyDate);
  for await (const elements of readElementGroups(source, request, signal)) {
    const vouchers: IndexedVoucher[] = [];
    for (const element of elements) vouchers.push(toIndexed(readRow(element, fields), readDate));
    yield vouchers;
  }
}

/**
 * Returns a test whether a voucher's GUID begins with this company's GUID. In real books a few vouchers fail the test, because
 * they were imported from another company. Only if all vouchers of an answer fail can it be another company's answer.
 */
export function ownGuidTest({ id }: Pick<Company, 'id'>): (guid: string) => boolean {
  const prefix = id.toLowerCase();
  return (guid) => guid.startsWith(id) || guid.toLowerCase().startsWith(prefix);
}

function toIndexed(row: MasterRow, readDate: (text: string) => CalendarDate | undefined): IndexedVoucher {
  const guid = row.value('GUID');
  const date = readDate(row.value('DATE'));
  if (guid === '') throw unreadable(t('Tally lists a voucher without a GUID.'));
  if (date === undefined) throw unreadable(t('Tally lists a voucher without a date: {guid}.', { guid }));
  const voucherType = row.value('VOUCHERTYPENAME') || row.value('VCHTYPE');
  return indexedVoucher({ guid, date, voucherType }, (field) => row.value(field));
}

export type IndexField =
  | 'VOUCHERNUMBER'
  | 'ALTERID'
  | 'MASTERID'
  | 'NUMBERINGSTYLE'
  | 'ISDELETED'
  | 'ISDELETEDVCHRETAINED';

/** Makes a voucher of the index from its fields; `value` returns '' for a field that the voucher does not have. */
export const indexedVoucher = (
  head: Pick<IndexedVoucher, 'guid' | 'date' | 'voucherType'>,
  value: (field: IndexField) => string,
): IndexedVoucher => ({
  ...{ guid: head.guid, date: head.date, voucherType: head.voucherType },
  voucherNumber: value('VOUCHERNUMBER'),
  alterId: numberOf(value('ALTERID')),
  masterId: numberOf(value('MASTERID')),
  mayRenumber: value('NUMBERINGSTYLE') !== 'Auto Retain',
  isDeleted: isYes(value('ISDELETED')) || isYes(value('ISDELETEDVCHRETAINED')),
});

function numberOf(text: string): number | undefined {
  const number = Number(text || NaN);
  return Number.isSafeInteger(number) ? number : undefined;
}
