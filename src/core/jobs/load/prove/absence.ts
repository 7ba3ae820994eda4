import type { CalendarDate, DateRange } from '../../../base/calendar.js';
import type { LoadedDay, StagedList } from '../../../warehouse/load/stagedList.js';
import type { MissingInvoice } from '../../../warehouse/read/comparison.js';
import { markMissing } from '../../../warehouse/records/loadedDays.js';
import type { Warehouse } from '../../../warehouse/warehouse.js';
import type { AbsenceRemark, Lost } from '../../remark.js';
import type { VoucherList } from '../list/voucherList.js';
import { isPlausible } from './guard.js';

/** What became of the invoices that Tally's lists do not have. */
export interface Marked {
  /** Those that were not marked before. */
  marked: MissingInvoice[];
  /** Why none was marked. */
  remarks: AbsenceRemark[];
  /** The same where it looks like a mistake: the run is not proven. */
  notProven: AbsenceRemark | null;
}

/** A range of the warehouse beside its list. */
export interface Compared {
  /** Invoices that the warehouse has. */
  had: number;
  /** Those of them that the list has not, or under another date. */
  gone: { invoiceId: string; listedOn: CalendarDate | null }[];
  /** Vouchers that the list has. */
  listed: number;
}

/** The loaded days of a range beside its list, which is staged. */
export const besideList = async (
  range: DateRange,
  days: readonly LoadedDay[],
  staged: StagedList,
  list: VoucherList,
): Promise<Compared> => ({
  had: days.reduce((sum, { invoices }) => sum + invoices, 0),
  gone: await staged.gone(range),
  listed: list.countVouchers(range),
});

/**
 * Invoices of the warehouse that Tally's lists do not have. The one rule by which sync and backfill call an invoice missing:
 * (1) the lists proved whole and lack it; (2) no other list of the run has it as new; (3) few enough vanished at once: many
 * point to another company or a damaged list.
 */
export class Absence {
  readonly #gone = new Set<string>();
  /** Invoices that Tally lists and the warehouse lacks, or holds otherwise. One "gone" from another year may be among them. */
  readonly #listed = new Set<string>();
  readonly #implausible: (Lost & { range: DateRange })[] = [];
  /** Some list proved incomplete: being absent from a list then proves nothing. */
  isIncomplete = false;
  /** Invoices that were compared. */
  invoices = 0;

  /** `mayHide`: Tally may run without a licence, and leave vouchers of most days out of any list (docs/tally.md §1.3, §2). */
  constructor(private readonly mayHide: () => boolean) {}

  /**
   * Takes what the warehouse has of a range and its list has not. `isLoaded`: days that count as loaded; an invoice that Tally
   * lists on another day is gone, as no run would find it there. `isRead`: invoices that a report brought all the same.
   */
  compare(
    range: DateRange,
    { had, gone, listed }: Compared,
    isLoaded: (date: CalendarDate) => boolean,
    isRead: (invoiceId: string) => boolean,
  ): void {
    let lost = 0;
    for (const { invoiceId, listedOn } of gone) {
      if (listedOn === null && isRead(invoiceId)) continue;
      if (listedOn === null) lost++;
      if (listedOn === null || !isLoaded(listedOn)) this.#gone.add(invoiceId);
    }
    this.invoices += had;
    if (!isPlausible({ had, lost, listed })) this.#implausible.push({ range, had, lost, listed });
  }

  /** Some list has this invoice, and the warehouse does not have it so. */
  addListed(invoiceId: string): void {
    this.#listed.add(invoiceId);
  }

  /** What the lists do not have, as far as they have been compared. */
  get gone(): string[] {
    return [...this.#gone].filter((invoiceId) => !this.#listed.has(invoiceId));
  }

  /** Whether absence from the lists proves that an invoice is gone. */
  get isCertain(): boolean {
    return !this.isIncomplete && !this.mayHide() && this.#implausible.length === 0;
  }

  /** Marks what is missing, unless that looks like another company or a list that is not whole. */
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

  /** Why none of so many invoices may be marked. */
  #refusal(invoices: number): AbsenceRemark | undefined {
    if (this.mayHide()) return { code: 'hidden-perhaps', invoices };
    if (this.#implausible.length > 0) return { code: 'implausibly-gone', invoices, parts: this.#implausible };
    return this.isIncomplete ? { code: 'list-incomplete', invoices } : undefined;
  }
}
