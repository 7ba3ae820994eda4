import type { CalendarDate, DateRange } from '../../../base/calendar.js';
import { formatCount, formatCountOf, formatSpan } from '../../../base/format.js';
import type { MappingRules } from '../../../invoice/mapInvoice.js';
import { isNotOffered } from '../../../tally/answerErrors.js';
import type { Books } from '../../books/books.js';
import { yearsOf } from '../chunks.js';
import type { JobContext } from '../../job.js';
import type { ListRemark } from '../../remark.js';
import { VoucherIndex } from './voucherIndex.js';
import type { VoucherLists } from './voucherLists.js';

export interface ReadIndex {
  index: VoucherIndex;
  /** Tally gave its list, and the list proves what it leaves out. Else completeness can be judged by dates only. */
  offered: boolean;
  remarks: ListRemark[];
  /** Why Tally gave none, in its words. */
  refusal?: string;
  /** Tally gave a list of this time, and nothing shows that it is whole: the run is not proven, and nothing counts as missing. */
  unproven?: DateRange;
  /** The GUIDs that Tally lists now of each of these days; undefined where that proves nothing. */
  listDays: (dates: CalendarDate[]) => Promise<ReadonlyMap<CalendarDate, ReadonlySet<string>> | undefined>;
}

/** Asks Tally which vouchers it has of the range. A file has no index, and neither have some Tallys. */
export async function readIndex(
  { lists, company }: Books,
  range: DateRange,
  { invoiceTypeOf }: MappingRules,
  { logger }: JobContext,
): Promise<ReadIndex> {
  const none = (about: Pick<ReadIndex, 'refusal' | 'unproven'>, ...remarks: ListRemark[]): ReadIndex => ({
    index: new VoucherIndex(company.id, range),
    offered: false,
    remarks,
    listDays: () => Promise.resolve(undefined),
    ...about,
  });
  if (lists === undefined) return none({}, { code: 'file-without-list' });
  const index = new VoucherIndex(company.id, range, company.voucherCounter);
  // A few names, and as many strings of each as there are rows.
  const types = new Map<string, string>();
  try {
    for (const year of yearsOf(range)) {
      const { isWhole } = await lists.list(year, ({ isDeleted, ...voucher }) => {
        if (isDeleted) return; // in Tally's store, and no longer in its books
        const voucherType = types.get(voucher.voucherType) ?? voucher.voucherType;
        types.set(voucherType, voucherType);
        index.list({ ...voucher, voucherType }, invoiceTypeOf(voucherType) !== 'none');
      });
      if (!isWhole) return none({ unproven: year });
    }
  } catch (error) {
    if (!isNotOffered(error)) throw error;
    return none({ refusal: error.message }, { code: 'list-refused', refusal: error.message });
  }
  logger.info(
    `Tally lists ${formatCountOf(index.vouchers, 'voucher')} of ${formatSpan(range.from, range.to)}, ${formatCount(index.invoices)} of them invoices`,
  );
  return { index, offered: true, remarks: [], listDays: (dates) => listDays(lists, dates) };
}

/** Days of one month in one list: it is asked for by the month's first day anyway. */
async function listDays(
  lists: VoucherLists,
  dates: CalendarDate[],
): Promise<ReadonlyMap<CalendarDate, ReadonlySet<string>> | undefined> {
  const listed = new Map(dates.map((date) => [date, new Set<string>()]));
  const months = new Map<string, CalendarDate[]>();
  for (const date of [...dates].sort()) months.set(date.slice(0, 7), [...(months.get(date.slice(0, 7)) ?? []), date]);
  for (const days of months.values()) {
    const { isWhole } = await lists.list({ from: days[0]!, to: days.at(-1)! }, ({ date, guid, isDeleted }) => {
      if (!isDeleted) listed.get(date)?.add(guid);
    });
    if (!isWhole) return undefined;
  }
  return listed;
}
