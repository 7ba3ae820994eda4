import { createHash } from 'node:crypto';
import { mappingVersion, type Invoice } from './invoice.js';

/**
 * SHA-256 (hex) of an invoice and its lines as they will stand in the warehouse. The mapping version is part of it:
 * rows of an older mapping are rewritten once.
 */
export function contentHash(invoice: Omit<Invoice, 'contentHash'>): string {
  // JSON keeps the fields apart whatever text they hold; bigints go in as their digits.
  const text = JSON.stringify([mappingVersion, invoice], (_key, value: unknown) =>
    typeof value === 'bigint' ? `${value}n` : value,
  );
  return createHash('sha256').update(text).digest('hex');
}
