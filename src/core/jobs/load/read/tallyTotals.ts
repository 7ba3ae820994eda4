import { createHash } from 'node:crypto';
import type { CalendarDate } from '../../../base/calendar.js';
import { formatDecimal, type Paise } from '../../../base/decimal.js';
import type { Doubt, Invoice, InvoiceType, Reject } from '../../../invoice/invoice.js';
import { invoiceTypes } from '../../../invoice/invoice.js';
import type { LedgerVoucher } from '../../../ledger/ledgerVoucher.js';
import type { LedgerDoubt } from '../../../ledger/mapLedgerVoucher.js';
import type { DayTypeTotal } from '../../job.js';
import type { Example, VoucherRemark } from '../../remark.js';

/**
 * Sums of what this run has read of the range. They need memory by days, types and rejects, not by the number of invoices.
 */
export class TallyTotals {
  invoices = 0;
  /** The vouchers of the stream `ledger`. */
  vouchers = 0;
  rejected = 0;
  deleted = 0;
  /**
   * The latest date of the vouchers that came. It never goes back, even if a report is not in order of date, or if a
   * second report is read.
   */
  lastDate: CalendarDate | undefined;
  private readonly sums = new Map<string, { date: CalendarDate; type: InvoiceType; invoices: number; total: Paise }>();
  private readonly doubts = new Map<Doubt, Seen>();
  private readonly deletedSeen: Seen = { count: 0, examples: [] };
  /** Rejected and deleted vouchers; each counts once, even if it comes repeatedly. */
  private readonly leftOut = new Set<string>();

  add(invoice: Invoice, doubts: Doubt[]): void {
    this.invoices++;
    this.#reach(invoice.date);
    const key = `${invoice.date} ${invoice.invoiceType}`;
    const sum = this.sums.get(key) ?? { date: invoice.date, type: invoice.invoiceType, invoices: 0, total: 0n };
    sum.invoices++;
    sum.total += invoice.totalAmount;
    this.sums.set(key, sum);
    for (const doubt of doubts) this.doubt(doubt, invoice);
  }

  /** Counts a voucher, invoices included, for the stream `ledger`. */
  addVoucher({ voucherNumber, voucherId, date }: LedgerVoucher, doubts: LedgerDoubt[]): void {
    this.vouchers++;
    this.#reach(date);
    for (const doubt of doubts) this.doubt(doubt, { invoiceNumber: voucherNumber, invoiceId: voucherId, date });
  }

  #reach(date: CalendarDate): void {
    if (this.lastDate === undefined || date > this.lastDate) this.lastDate = date;
  }

  /** Counts a reject. False for a reject that came before: etl_rejects has it once. */
  addReject({ invoiceId, raw }: Reject): boolean {
    const key = invoiceId ?? createHash('sha256').update(raw).digest('base64');
    if (this.leftOut.has(key)) return false;
    this.leftOut.add(key);
    this.rejected++;
    return true;
  }

  /** Counts an invoice that is marked as deleted. */
  addDeleted(guid: string, invoiceNumber: string, date: CalendarDate | undefined): void {
    if (this.leftOut.has(guid)) return;
    this.leftOut.add(guid);
    this.deleted++;
    note(this.deletedSeen, invoiceNumber || guid, date);
  }

  private doubt(
    doubt: Doubt,
    { invoiceNumber, invoiceId, date }: Pick<Invoice, 'invoiceNumber' | 'invoiceId' | 'date'>,
  ): void {
    const seen = this.doubts.get(doubt) ?? { count: 0, examples: [] };
    note(seen, invoiceNumber ?? invoiceId, date);
    this.doubts.set(doubt, seen);
  }

  /** Totals by day and type: oldest day first, types in the contract's order. */
  byType(): DayTypeTotal[] {
    return [...this.sums.values()]
      .sort((a, b) => a.date.localeCompare(b.date) || invoiceTypes.indexOf(a.type) - invoiceTypes.indexOf(b.type))
      .map(({ date, type, invoices, total }) => ({
        date,
        invoiceType: type,
        invoices,
        total: formatDecimal(total, 2),
      }));
  }

  /** One remark for each kind of doubt, then one for deleted invoices. */
  remarks(isFile: boolean): VoucherRemark[] {
    const seen = [...this.doubts, ...(this.deleted > 0 ? [['deleted', this.deletedSeen] as const] : [])];
    return seen.map(([doubt, { count, examples }]) => ({ code: 'doubt', doubt, isFile, count, examples }));
  }
}

/** How many vouchers have a doubt or are deleted, and a few examples. */
interface Seen {
  count: number;
  examples: Example[];
}

function note(seen: Seen, invoice: string, date: CalendarDate | undefined): void {
  seen.count++;
  if (seen.examples.length < 3) seen.examples.push({ invoice, date: date ?? null });
}
