import { createHash } from 'node:crypto';
import { mappingVersion, type Invoice } from './invoice.js';

/**
 * SHA-256 (hex) of an invoice and its lines as they will stand in the warehouse. The mapping version is part of it:
 * rows of an older mapping are rewritten once.
 */
export function contentHash(invoice: Omit<Invoice, 'contentHash'>): string {
  // JSON keeps the fields apart whatever text they hold; bigints go in as their digits.
  const text = JSON.stringify([mappingVersion, { ...withDigits(invoice), lines: invoice.lines.map(withDigits) }]);
  return createHash('sha256').update(text).digest('hex');
}

/** Not by a replacer of JSON.stringify, which is called for every field. */
function withDigits(row: object): Record<string, unknown> {
  const copy: Record<string, unknown> = { ...row };
  for (const key in copy) if (typeof copy[key] === 'bigint') copy[key] = `${copy[key]}n`;
  return copy;
}
