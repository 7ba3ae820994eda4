import type { Book } from '../book/book.js';
import { tallyAmount, type DemoVoucher, type LedgerEntry, type StockEntry } from '../book/voucher.js';

/** The reserved types whose vouchers are booked on ledgers. */
const bookedOnLedgers = new Set([
  ...['Sales', 'Purchase', 'Credit Note', 'Debit Note'],
  ...['Receipt', 'Payment', 'Contra', 'Journal', 'Payroll'],
]);
/**
 * The reserved types whose vouchers move goods. Delivery notes, receipt notes and rejections move goods but book nothing; orders
 * do neither.
 */
const movingGoods = new Set([
  ...['Sales', 'Purchase', 'Credit Note', 'Debit Note'],
  ...['Delivery Note', 'Receipt Note', 'Rejections In', 'Rejections Out'],
  ...['Stock Journal', 'Material In', 'Material Out'],
]);

/** Which vouchers of a book count. A post-dated voucher counts from its date on, like any other. */
export interface Counting {
  onLedgers: (voucher: DemoVoucher) => boolean;
  inStock: (voucher: DemoVoucher) => boolean;
}

export function countingOf({ voucherTypes }: Book): Counting {
  const rows = new Map(voucherTypes.map((row) => [row.name, row]));
  const reserved = new Map<string, string>();
  const reservedOf = (name: string): string => {
    let found = reserved.get(name);
    if (found === undefined) {
      const row = rows.get(name);
      // A type made by the user has the nature of its parent.
      found = row?.reservedName || (row && row.parent !== name ? reservedOf(row.parent) : '');
      reserved.set(name, found);
    }
    return found;
  };
  const counts = ({ cancelled, optional, deleted }: DemoVoucher): boolean => !cancelled && !optional && !deleted;
  return {
    onLedgers: (voucher) => counts(voucher) && bookedOnLedgers.has(reservedOf(voucher.typeName)),
    inStock: (voucher) => counts(voucher) && movingGoods.has(reservedOf(voucher.typeName)),
  };
}

/** An amount on a ledger, in paise. As in Tally, a debit is negative. */
export interface Posting {
  ledger: string;
  value: bigint;
  /** The ledger line; absent for the ledger's share in a stock line. */
  line?: LedgerEntry;
}

/** The amounts that a voucher books. They add up to zero. */
export function postingsOf(voucher: DemoVoucher): Posting[] {
  return voucher.entries.flatMap((entry): Posting[] => {
    if (entry.ledger === '') return [];
    const posting = { ledger: entry.ledger, value: tallyAmount(voucher, entry) };
    return [entry.kind === 'ledger' ? { ...posting, line: entry } : posting];
  });
}

/** Goods that a voucher brings in or takes out: a quantity in ten-thousandths of the base unit, and its value in paise. */
export interface Movement {
  item: string;
  isInward: boolean;
  count: bigint;
  value: bigint;
}

export function movementsOf(voucher: DemoVoucher): Movement[] {
  return voucher.entries.flatMap((entry) => (entry.kind === 'item' ? movementOf(voucher, entry) : []));
}

function movementOf(voucher: DemoVoucher, entry: StockEntry): Movement {
  // Goods on the debit side come in. Reversed signs do not turn goods round, so the reversal is undone here.
  const debited = tallyAmount({ ...voucher, reversed: false }, entry);
  return {
    item: entry.item,
    isInward: debited < 0n,
    count: entry.quantity?.count ?? 0n,
    value: debited < 0n ? -debited : debited,
  };
}
