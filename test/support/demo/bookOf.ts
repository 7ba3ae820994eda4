import type { Book } from '../../../src/demo/book/book.js';
import { demoCompanyGuid, demoCompanyName } from '../../../src/demo/demoNames.js';
import { groups } from '../../../src/demo/book/masters/groups.js';
import { ledgers } from '../../../src/demo/book/masters/ledgers.js';
import { voucherTypes } from '../../../src/demo/book/masters/voucherTypes.js';
import type { DemoVoucher } from '../../../src/demo/book/voucher.js';

/** Hand-made books: the given vouchers in their order, with the demo company's masters by default. */
export function bookOf(vouchers: readonly DemoVoucher[], fields: Partial<Omit<Book, 'vouchers'>> = {}): Book {
  const kept = [...vouchers];
  return {
    companyName: demoCompanyName,
    companyGuid: demoCompanyGuid,
    range: { from: '2023-04-01', to: '2026-03-31' },
    voucherTypes,
    ledgers,
    groups,
    size: kept.length,
    lastAlterId: Math.max(0, ...kept.map((v) => v.alterId)),
    ...fields,
    vouchers: (range) => (range ? kept.filter((v) => v.date >= range.from && v.date <= range.to) : kept),
  };
}
