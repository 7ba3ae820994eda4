import type { DateRange } from '../../../core/base/calendar.js';
import type { Omission } from '../../behaviours/omissions.js';
import type { Book } from '../../book/book.js';
import type { DemoVoucher } from '../../book/voucher.js';
import type { Sink } from './xmlText.js';

/** A long answer: something before, each voucher, something after. */
export interface VoucherAnswer {
  book: Book;
  /** Of the whole book when absent. */
  range?: DateRange;
  /** Of the range, what is served; all when absent. */
  omission?: Omission | undefined;
  opening: string;
  closing: string;
  write: (sink: Sink, voucher: DemoVoucher) => void;
  /** Tells answers of different form apart when their lengths are remembered. */
  form: string;
}
