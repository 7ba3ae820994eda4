import { isLoaded } from '../../books/books.js';
import type { Run } from '../run.js';
import type { VoucherKind } from './voucherList.js';

/** Tells of a voucher in Tally's list whether the run loads it, and whether it is an invoice. */
export const kindsOf =
  ({ rules }: Run) =>
  ({ voucherType }: { voucherType: string }): VoucherKind => ({
    isLoaded: isLoaded(rules, voucherType),
    isInvoice: rules.rules.invoiceTypeOf(voucherType) !== 'none',
  });
