/**
 * Exact decimals: a value is a bigint of the smallest unit (paise at scale 2). Never a float.
 */
export type Paise = bigint;

/** `-1234.5` at scale 2 is -123450n. Undefined if the text is not a plain decimal, or needs more decimals. */
export function parseDecimal(text: string, scale: number): bigint | undefined {
  const m = /^([+-]?)(\d+)(?:\.(\d*))?$/.exec(text) ?? /^([+-]?)()\.(\d+)$/.exec(text);
  if (!m) return undefined;
  const fraction = (m[3] ?? '').replace(/0+$/, '');
  if (fraction.length > scale) return undefined;
  const value = BigInt(`${m[2]}${fraction.padEnd(scale, '0')}`);
  return m[1] === '-' ? -value : value;
}

/** -123450n at scale 2 is `-1234.50`, the form PostgreSQL's numeric takes. */
export function formatDecimal(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const cut = digits.length - scale;
  return `${value < 0n ? '-' : ''}${digits.slice(0, cut)}${scale > 0 ? `.${digits.slice(cut)}` : ''}`;
}

/** Like parseDecimal, but digits beyond the scale are rounded half away from zero. For quantities and rates, never for money. */
export function roundDecimal(text: string, scale: number): bigint | undefined {
  const dot = text.indexOf('.');
  const digits = dot < 0 ? 0 : text.length - dot - 1;
  if (digits <= scale) return parseDecimal(text, scale);
  const value = parseDecimal(text, digits);
  if (value === undefined) return undefined;
  const unit = 10n ** BigInt(digits - scale);
  const half = value < 0n ? -unit / 2n : unit / 2n;
  return (value + half) / unit;
}

/**
 * Copies a row, with each bigint as text (`123n`), because JSON has no bigint. A replacer of JSON.stringify would cost more: it
 * is called for every field.
 */
export function withDigits(row: object): Record<string, unknown> {
  const copy: Record<string, unknown> = { ...row };
  for (const key in copy) if (typeof copy[key] === 'bigint') copy[key] = `${copy[key]}n`;
  return copy;
}
