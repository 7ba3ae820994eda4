import { Random } from '../random.js';

/** A bill that was open when the books began. */
export interface OpeningBill {
  name: string;
  /** In paise. As in Tally, a debit is negative. */
  value: bigint;
  /** How many days before the first day of the books the bill was made. */
  daysBefore: number;
  creditDays: number;
}

/** The opening bills of the n-th party, up to three. A customer owes (`debit`), a supplier is owed (`credit`). */
export function openingBillsOf(side: 'debit' | 'credit', n: number): OpeningBill[] {
  const random = new Random(side === 'debit' ? 22_023 : 32_023, n);
  return Array.from({ length: n % 4 }, (_, b) => {
    const value = BigInt(random.between(150_000, 25_000_000));
    return {
      name: side === 'debit' ? `BT/22-23/${9_000 + n * 4 + b}` : `OP-${n * 4 + b} & Co`,
      value: side === 'debit' ? -value : value,
      daysBefore: random.between(1, 120),
      creditDays: random.pick([0, 15, 30, 45]),
    };
  });
}

/** The opening amount of the n-th party that belongs to no bill. */
export const onAccountOf = (n: number): bigint => (n % 16 === 3 ? BigInt(n + 1) * 12_345n : 0n);
