import { t } from '@vscode/l10n';
import type { CalendarDate, DateRange } from '../../base/calendar.js';
import { invoiceCount, rangeText, voucherCount } from '../../base/countWords.js';
import { formatCount } from '../../base/format.js';
import type { MissingInvoice } from '../../warehouse/read/comparison.js';
import type { LoadedDay } from '../../warehouse/records/loadedDays.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import { isPlausible } from './guard.js';
import type { VoucherIndex } from './read/voucherIndex.js';

/** What became of the invoices that Tally's lists do not have. */
export interface Marked {
  /** Those that were not marked before. */
  marked: MissingInvoice[];
  /** Why none was marked. */
  warnings: string[];
  /** The same where it looks like a mistake: the run is not proven. */
  notProven: string | null;
}

/**
 * Invoices of the warehouse that Tally's lists do not have. The one rule by which sync and backfill call an invoice missing:
 * lists that kept to their dates do not have it, no other list of the run shows it as new, the lists proved whole, and so
 * many have not vanished at once that another company or a damaged list is the likelier cause.
 */
export class Absence {
  readonly #gone = new Set<string>();
  /** Invoices that Tally lists and the warehouse lacks, or holds otherwise. One "gone" from another year may be among them. */
  readonly #awaited = new Set<string>();
  readonly #implausible: string[] = [];
  /** Some list proved incomplete: being absent from a list then proves nothing. */
  isIncomplete = false;
  /** Invoices that were compared. */
  invoices = 0;

  /** `mayHide`: Tally may run without a licence, and leave vouchers of most days out of any list (docs/tally.md §1.3, §2). */
  constructor(private readonly mayHide: () => boolean) {}

  /**
   * Compares what the warehouse has of a range with its list. `isLoaded`: days that count as loaded; an invoice that was
   * re-dated to another day is missing from those that were. `isRead`: invoices that a report brought all the same.
   */
  compare(
    range: DateRange,
    index: VoucherIndex,
    days: readonly LoadedDay[],
    isLoaded: (date: CalendarDate) => boolean,
    isRead: (invoiceId: string) => boolean,
  ): void {
    let had = 0;
    let lost = 0;
    for (const { invoices } of days) {
      had += invoices.length;
      for (const { invoiceId } of invoices) {
        const listedOn = index.dateOf(invoiceId);
        if (listedOn === undefined && isRead(invoiceId)) continue;
        if (listedOn === undefined) lost++;
        if (listedOn === undefined || !isLoaded(listedOn)) this.#gone.add(invoiceId);
      }
    }
    this.invoices += had;
    const listed = index.countVouchers(range);
    if (isPlausible({ had, lost, listed })) return;
    this.#implausible.push(
      t("of {range} Tally lists {vouchers}, and of the warehouse's {invoices} it does not list {count}", {
        range: rangeText(range),
        vouchers: voucherCount(listed),
        invoices: invoiceCount(had),
        count: formatCount(lost),
      }),
    );
  }

  /** Tally lists this invoice, and the warehouse does not have it so. */
  await(invoiceId: string): void {
    this.#awaited.add(invoiceId);
  }

  isAwaited(invoiceId: string): boolean {
    return this.#awaited.has(invoiceId);
  }

  /** What the lists do not have, as far as they have been compared. */
  get gone(): string[] {
    return [...this.#gone].filter((invoiceId) => !this.#awaited.has(invoiceId));
  }

  /** Nothing speaks against what the lists do not have. */
  get isCertain(): boolean {
    return !this.isIncomplete && !this.mayHide() && this.#implausible.length === 0;
  }

  /** Marks what is missing, unless that looks like another company or a list that is not whole. */
  async mark(warehouse: Warehouse, companyId: string): Promise<Marked> {
    const { gone } = this;
    if (gone.length === 0) return { marked: [], warnings: [], notProven: null };
    if (this.mayHide()) return { marked: [], warnings: [hiddenPerhaps(gone.length)], notProven: null };
    if (this.#implausible.length > 0) {
      const reason = this.#mistake(gone.length);
      return { marked: [], warnings: [reason], notProven: reason };
    }
    if (this.isIncomplete) return { marked: [], warnings: [notWhole(gone.length)], notProven: null };
    return { marked: await warehouse.markMissing(companyId, gone), warnings: [], notProven: null };
  }

  #mistake(gone: number): string {
    return t(
      '{invoices} would count as no longer in Tally, which looks like a mistake: {reasons}. None was marked. Check that the right company is open in Tally, and whole; if these invoices are gone indeed, run clear-and-reload over their dates and accept its result (--force, or the button Reload Anyway).',
      { invoices: invoiceCount(gone), reasons: this.#implausible.join('; ') },
    );
  }
}

/** Says of invoices that Tally does not show that a Tally without a licence may only hide them. */
export const hiddenPerhaps = (gone: number): string =>
  gone === 1
    ? t(
        "1 invoice of the warehouse is not in Tally's list of vouchers. A Tally without a licence (Education mode) may only hide it, and nothing shows that this one has a licence, so it was not marked as missing.",
      )
    : t(
        "{count} invoices of the warehouse are not in Tally's list of vouchers. A Tally without a licence (Education mode) may only hide them, and nothing shows that this one has a licence, so none was marked as missing.",
        { count: formatCount(gone) },
      );

const notWhole = (gone: number): string =>
  gone === 1
    ? t(
        "1 invoice of the warehouse is not in Tally's list of vouchers. Tally did not give a complete list of every loaded year, so none was marked as gone. The next sync tries again.",
      )
    : t(
        "{count} invoices of the warehouse are not in Tally's list of vouchers. Tally did not give a complete list of every loaded year, so none was marked as gone. The next sync tries again.",
        { count: formatCount(gone) },
      );
