import { isLoaded } from '../../books/books.js';
import type { Run } from '../run.js';
import type { VoucherKind } from './voucherList.js';

/** Which vouchers of Tally's list a run loads. */
export const kindsOf =
  ({ rules }: Run) =>
  ({ voucherType }: { voucherType: string }): VoucherKind => ({
    isLoaded: isLoaded(rules, voucherType),
    isInvoice: rules.rules.invoiceTypeOf(voucherType) !== 'none',
  });
