import type { CalendarDate, DateRange } from '../../../base/calendar.js';
import type { LoadedDay, StagedList } from '../../../warehouse/load/stagedList.js';
import type { MissingInvoice } from '../../../warehouse/read/comparison.js';
import { markMissing } from '../../../warehouse/records/loadedDays.js';
import type { Warehouse } from '../../../warehouse/warehouse.js';
import type { AbsenceRemark, Lost } from '../../remark.js';
import type { VoucherList } from '../list/voucherList.js';
import { isPlausible } from './guard.js';

/** The outcome for the invoices that Tally's lists lack. */
export interface Marked {
  /** The invoices that this run marked as missing; those marked by earlier runs are left out. */
  marked: MissingInvoice[];
  /** Why no invoice was marked. */
  remarks: AbsenceRemark[];
  /** Set if so many invoices are missing that it looks like a mistake. The run is then not proven. */
  notProven: AbsenceRemark | null;
}

/** The invoices of the warehouse in a range, compared with Tally's list of the range. */
export interface Compared {
  /** How many vouchers the warehouse has on the loaded days, and how many of them are invoices. */
  had: number;
  invoices: number;
  /**
   * The warehouse's invoices that the list lacks, or has under another date (`listedOn`). With the stream `ledger` other
   * vouchers too.
   */
  gone: { invoiceId: string; listedOn: CalendarDate | null }[];
  /** How many vouchers the list has. */
  listed: number;
}

/** Compares the loaded days of a range with the staged list. */
export const besideList = async (
  range: DateRange,
  days: readonly LoadedDay[],
  staged: StagedList,
  list: VoucherList,
): Promise<Compared> => ({
  had: days.reduce((sum, { rows }) => sum + rows, 0),
  invoices: days.reduce((sum, { invoices }) => sum + invoices, 0),
  gone: await staged.gone(range),
  listed: list.countVouchers(range),
});

/**
 * Collects the invoices that the warehouse has and Tally's lists lack, and marks them as missing. Sync and backfill use the
 * same rules. An invoice is missing (`gone`) if
 *
 * - the list of its year lacks it and no report brought it, or the list has it on a day that was never loaded,
 * - and no other list has it on a loaded day.
 *
 * Missing invoices are marked only if no list proved incomplete and Tally has a licence (without one it may leave vouchers out
 * of lists). If too many are missing, none is marked: that points to another company or a damaged list.
 */
export class Absence {
  readonly #gone = new Set<string>();
  /**
   * Invoices that Tally lists on a loaded day, and that the warehouse lacks or has in another state. If an invoice was re-dated
   * into another year, the old year's list puts it into #gone and the new year's list into this set. Such an invoice is not
   * missing.
   */
  readonly #listed = new Set<string>();
  readonly #implausible: (Lost & { range: DateRange })[] = [];
  /** At least one list proved incomplete: absence from a list then proves nothing. */
  isIncomplete = false;
  /** The number of invoices that were compared. */
  invoices = 0;

  /**
   * `mayHide`: Tally may run without a licence, and then leave vouchers of most days out of any list (docs/tally.md §1.3, §2).
   */
  constructor(private readonly mayHide: () => boolean) {}

  /**
   * Adds the comparison of a range. `isLoaded` tells which days count as loaded. An invoice that Tally moved to any other day
   * counts as missing, because the run does not load that day. `isRead` tells which invoices a report brought although the list
   * lacks them. They are not missing.
   */
  compare(
    range: DateRange,
    { had, invoices, gone, listed }: Compared,
    isLoaded: (date: CalendarDate) => boolean,
    isRead: (invoiceId: string) => boolean,
  ): void {
    let lost = 0;
    for (const { invoiceId, listedOn } of gone) {
      if (listedOn === null && isRead(invoiceId)) continue;
      if (listedOn === null) lost++;
      if (listedOn === null || !isLoaded(listedOn)) this.#gone.add(invoiceId);
    }
    this.invoices += invoices;
    if (!isPlausible({ had, lost, listed })) this.#implausible.push({ range, had, lost, listed });
  }

  /** Notes an invoice that Tally lists on a loaded day, and that the warehouse lacks or has in another state. */
  addListed(invoiceId: string): void {
    this.#listed.add(invoiceId);
  }

  /** The missing invoices, by the lists compared so far. */
  get gone(): string[] {
    return [...this.#gone].filter((invoiceId) => !this.#listed.has(invoiceId));
  }

  /** Whether absence from the lists proves that an invoice is no longer in Tally. */
  get isCertain(): boolean {
    return !this.isIncomplete && !this.mayHide() && this.#implausible.length === 0;
  }

  /**
   * Marks missing invoices. Marks none if Tally may hide vouchers (`mayHide`), if a list is incomplete, or if so many are
   * missing that another company may have answered.
   */
  async mark(warehouse: Warehouse, companyId: string): Promise<Marked> {
    const { gone } = this;
    if (gone.length === 0) return { marked: [], remarks: [], notProven: null };
    const refused = this.#refusal(gone.length);
    if (refused === undefined)
      return {
        marked: await warehouse.useLocked(companyId, (session) => markMissing(session, companyId, gone)),
        remarks: [],
        notProven: null,
      };
    return { marked: [], remarks: [refused], notProven: refused.code === 'implausibly-gone' ? refused : null };
  }

  /** Why these invoices must not be marked; undefined if they may. */
  #refusal(invoices: number): AbsenceRemark | undefined {
    if (this.mayHide()) return { code: 'hidden-perhaps', invoices };
    if (this.#implausible.length > 0) return { code: 'implausibly-gone', invoices, parts: this.#implausible };
    return this.isIncomplete ? { code: 'list-incomplete', invoices } : undefined;
  }
}
