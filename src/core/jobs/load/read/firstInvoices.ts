import { formatDecimal } from '../../../base/decimal.js';
import { typeOrder, type Invoice } from '../../../invoice/invoice.js';
import type { Difference } from '../../job.js';
import type { Sink } from './readAnswer.js';

const kept = 100;

/** A sink for a dry run without a warehouse to compare with. Keeps the first invoices by date, type and number. */
export function firstInvoices(): Sink & { listed: Difference[] } {
  return {
    listed: [],
    add(invoices) {
      this.listed = [...this.listed, ...invoices.map(missingHere)].sort(byPlace).slice(0, kept);
      return Promise.resolve();
    },
  };
}

const missingHere = (invoice: Invoice): Difference => ({
  kind: 'missing-here',
  invoiceId: invoice.invoiceId,
  date: invoice.date,
  invoiceType: invoice.invoiceType,
  invoiceNumber: invoice.invoiceNumber,
  partyName: invoice.partyName,
  totalAmount: formatDecimal(invoice.totalAmount, 2),
  fields: [],
});

/** The order in which the warehouse lists differences. */
function byPlace(a: Difference, b: Difference): number {
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  const [one, other] = [a.invoiceNumber ?? '', b.invoiceNumber ?? ''];
  return (
    typeOrder.indexOf(a.invoiceType) - typeOrder.indexOf(b.invoiceType) ||
    one.length - other.length ||
    (one < other ? -1 : one > other ? 1 : 0)
  );
}
