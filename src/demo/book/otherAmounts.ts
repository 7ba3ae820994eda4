import { formatDecimal, parseDecimal } from '../../core/base/decimal.js';
import { tallyAmount, type DemoVoucher } from './voucher.js';

/** One rupee, in paise. */
const moved = 100n;

/**
 * The voucher with wrong amounts on two lines, ledger lines before item lines. It still balances, so only a comparison
 * shows the error. A voucher that lacks two such lines is returned unchanged.
 */
export function withOtherAmounts(voucher: DemoVoucher): DemoVoucher {
  if (voucher.raw !== undefined) return { ...voucher, raw: rawWithOtherAmounts(voucher.raw) };
  const ofLedgers = voucher.entries.filter(({ kind }) => kind === 'ledger');
  const booked = voucher.entries.filter(({ kind, ledger }) => kind === 'item' && ledger !== '');
  const [first, second] = [...ofLedgers, ...booked];
  if (!first || !second) return voucher;
  const entries = voucher.entries.map((entry) => {
    if (entry !== first && entry !== second) return entry;
    const more = entry === first ? moved : -moved;
    return { ...entry, value: entry.value + tallyAmount(voucher, entry, more) };
  });
  return { ...voucher, entries };
}

const ledgerAmount =
  /(<(?:ALL)?LEDGERENTRIES\.LIST>(?:(?!<\/(?:ALL)?LEDGERENTRIES\.LIST>)[^])*?<AMOUNT>)(-?\d+\.\d\d)</g;

function rawWithOtherAmounts(raw: string): string {
  const due = [moved, -moved];
  if ([...raw.matchAll(ledgerAmount)].length < due.length) return raw;
  return raw.replace(ledgerAmount, (_, before: string, amount: string) => {
    return `${before}${formatDecimal(parseDecimal(amount, 2)! + (due.shift() ?? 0n), 2)}<`;
  });
}
