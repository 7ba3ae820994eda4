import { t } from '@vscode/l10n';
import type { CalendarDate, DateRange } from '../../../base/calendar.js';
import { rangeText } from '../../../base/countWords.js';
import { formatCount, formatCountOf, formatSpan } from '../../../base/format.js';
import type { MappingRules } from '../../../invoice/mapInvoice.js';
import { isNotOffered } from '../../../tally/answerErrors.js';
import type { Books } from '../../books/books.js';
import { yearsOf } from '../chunks.js';
import type { JobContext } from '../../job.js';
import { VoucherIndex } from './voucherIndex.js';
import type { VoucherLists } from './voucherLists.js';

export interface ReadIndex {
  index: VoucherIndex;
  /** Tally gave its list, and the list proves what it leaves out. Else completeness can be judged by dates only. */
  offered: boolean;
  warnings: string[];
  /** Why Tally gave none, in its words. */
  refusal?: string;
  /** Tally gave lists, and nothing shows that they are whole: the run is not proven, and nothing counts as missing. */
  unproven?: string;
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
  const none = (about: Pick<ReadIndex, 'refusal' | 'unproven'>, ...warnings: string[]): ReadIndex => ({
    index: new VoucherIndex(company.id, range),
    offered: false,
    warnings,
    listDays: () => Promise.resolve(undefined),
    ...about,
  });
  if (lists === undefined)
    return none(
      {},
      t(
        'A file has no list of all vouchers to compare with: that nothing is missing in it is judged by its dates alone, not proven.',
      ),
    );
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
      if (!isWhole) return none({ unproven: notOfRange(year) });
    }
  } catch (error) {
    if (!isNotOffered(error)) throw error;
    const warning = t(
      'Tally did not give its list of vouchers: that nothing is missing is judged by the dates of its answer alone, not proven. {reason}',
      { reason: error.message },
    );
    return none({ refusal: error.message }, warning);
  }
  logger.info(
    `Tally lists ${formatCountOf(index.vouchers, 'voucher')} of ${formatSpan(range.from, range.to)}, ${formatCount(index.invoices)} of them invoices`,
  );
  return { index, offered: true, warnings: [], listDays: (dates) => listDays(lists, dates) };
}

const notOfRange = (year: DateRange): string =>
  t(
    "Nothing shows that Tally's list of vouchers holds all of {range}: in whatever way it was asked, it was empty or of other dates.",
    { range: rangeText(year) },
  );

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
