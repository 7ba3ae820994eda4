import { formatDecimal } from '../../../core/base/decimal.js';
import { tallyAmount, type DemoVoucher, type Entry } from '../../book/voucher.js';

/** A decimal without trailing zeros, but with at least `least` decimals: 82.99, 84.5, 1183. */
export function trimmed(value: bigint, scale: number, least = 0): string {
  let text = formatDecimal(value, scale);
  while (text.endsWith('0') && text.length - text.indexOf('.') - 1 > least) text = text.slice(0, -1);
  return text.endsWith('.') ? text.slice(0, -1) : text;
}

/** `-1180.00`, or `-$448.44 @ ₹ 82.99/$ = -₹ 37216.04` in foreign currency. `part`: an amount within the line's. */
export function amountText(
  voucher: DemoVoucher,
  entry: Entry,
  part: { value: bigint; foreign?: bigint } = entry,
): string {
  const value = tallyAmount(voucher, entry, part.value);
  if (!voucher.forex || part.foreign === undefined) return formatDecimal(value, 2);
  const { symbol, rate } = voucher.forex;
  const foreign = tallyAmount(voucher, entry, part.foreign);
  const money = (unit: string, v: bigint): string => `${v < 0n ? '-' : ''}${unit}${formatDecimal(v < 0n ? -v : v, 2)}`;
  return `${money(symbol, foreign)} @ ₹ ${trimmed(rate, 2)}/${symbol} = ${money('₹ ', value)}`;
}
