import type { InvoiceType } from './invoice.js';
import type { VoucherTypeMaster } from './masters.js';

const reserved: Record<string, InvoiceType> = {
  sales: 'sales',
  purchase: 'purchase',
  'credit note': 'credit_note',
  'debit note': 'debit_note',
};

/** What a voucher type is: an invoice type, `none` (a receipt, an order, …), or `unknown` to Tally's own list. */
export type InvoiceTypeOf = (voucherType: string) => InvoiceType | 'none' | 'unknown';

/** Type names as Tally compares them: without regard to case and outer blanks. */
export const nameKey = (name: string): string => name.trim().toLowerCase();

/**
 * The base type of each voucher type: RESERVEDNAME (survives renaming), else the parent's, up to the top. Orders and
 * delivery notes use the invoice view too, so neither OBJVIEW nor ISINVOICE decides (tally.md §1.7).
 */
export function invoiceTypesOf(types: VoucherTypeMaster[]): InvoiceTypeOf {
  const byName = new Map(types.map((type) => [nameKey(type.name), type]));

  const climb = (key: string, seen: Set<string>): InvoiceType | 'none' | 'unknown' => {
    const type = byName.get(key);
    if (!type) return 'unknown';
    if (type.reservedName !== '') return reserved[nameKey(type.reservedName)] ?? 'none';
    const parent = nameKey(type.parent);
    seen.add(key);
    // A type that is its own parent, or whose parent is not listed, is a primary type: its name decides.
    if (parent === '' || seen.has(parent) || !byName.has(parent))
      return reserved[parent || key] ?? reserved[key] ?? 'none';
    return climb(parent, seen);
  };

  const known = new Map([...byName.keys()].map((key) => [key, climb(key, new Set())]));
  return (voucherType) => known.get(nameKey(voucherType)) ?? 'unknown';
}
