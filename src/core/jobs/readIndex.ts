import { t } from '@vscode/l10n';
import type { CalendarDate, DateRange } from '../calendar.js';
import { EtlError } from '../errors.js';
import { formatCount, formatCountOf, formatSpan } from '../format.js';
import type { MappingRules } from '../invoice/mapInvoice.js';
import { readVoucherIndex } from '../tally/readVoucherIndex.js';
import type { Books } from './books.js';
import { yearsOf } from './chunks.js';
import type { JobContext } from './job.js';
import { VoucherIndex } from './voucherIndex.js';

export interface ReadIndex {
  index: VoucherIndex;
  /** Tally gave it. Without one completeness can be judged by dates only. */
  offered: boolean;
  warnings: string[];
  /** Why not, in Tally's words. */
  refusal?: string;
  /** The GUIDs that Tally lists of a day now. */
  listDay: (date: CalendarDate) => Promise<ReadonlySet<string>>;
}

/** What a Tally says that does not know the request, or knows it differently. */
const withoutIndex = ['tally-refused', 'answer-unreadable'];

/** Asks Tally which vouchers it has of the range. A file has no index, and neither have some Tallys. */
export async function readIndex(
  books: Books,
  range: DateRange,
  { invoiceTypeOf }: MappingRules,
  { logger, signal }: JobContext,
): Promise<ReadIndex> {
  const { source, company } = books;
  const index = new VoucherIndex(company.id, range);
  const listDay = async (date: CalendarDate): Promise<ReadonlySet<string>> => {
    const guids = new Set<string>();
    for await (const vouchers of readVoucherIndex(source, company, { from: date, to: date }, signal))
      for (const voucher of vouchers) if (voucher.date === date) guids.add(voucher.guid);
    return guids;
  };
  const none = (warning: string): ReadIndex => ({
    index: new VoucherIndex(company.id, range),
    offered: false,
    warnings: [warning],
    listDay,
  });
  if (books.isFile)
    return none(
      t(
        'A file has no list of all vouchers to compare with: that nothing is missing in it is judged by its dates alone, not proven.',
      ),
    );
  try {
    const list = async (year: DateRange): Promise<boolean> => {
      const before = index.vouchers;
      for await (const vouchers of readVoucherIndex(source, company, year, signal))
        for (const { guid, date, alterId, voucherType } of vouchers)
          index.list(guid, date, alterId, invoiceTypeOf(voucherType) !== 'none');
      return index.vouchers > before;
    };
    const empty: DateRange[] = [];
    for (const year of yearsOf(range)) if (!(await list(year))) empty.push(year);
    // No report is asked for what is not listed, and one that shows another period does not contradict an empty list. Tally
    // sends one now and then where there is something: what it says twice is believed.
    for (const year of empty) await list(year);
  } catch (error) {
    if (!(error instanceof EtlError) || !withoutIndex.includes(error.code)) throw error;
    const warning = t(
      'Tally did not give its list of vouchers: that nothing is missing is judged by the dates of its answer alone, not proven. {reason}',
      { reason: error.message },
    );
    return { ...none(warning), refusal: error.message };
  }
  logger.info(
    `Tally lists ${formatCountOf(index.vouchers, 'voucher')} of ${formatSpan(range.from, range.to)}, ${formatCount(index.invoices)} of them invoices`,
  );
  return { index, offered: true, warnings: [], listDay };
}
