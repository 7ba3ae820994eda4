import { nameKey } from '../../base/names.js';
import { invoiceTypes, type InvoiceType } from '../invoice.js';
import type { VoucherTypeMaster } from './masters.js';
import { reservedVoucherTypes } from './reservedVoucherTypes.js';

/**
 * Tally's own type from which a voucher type is derived, such as `sales`, `receipt` or `stock_journal`: its name with `_`
 * between the words. Undefined if Tally's list does not tell.
 */
export type BaseTypeOf = (voucherType: string) => string | undefined;

/**
 * The kind of voucher of a voucher type: an invoice type, `none` (a receipt, an order, …), or `unknown`, if Tally's list does
 * not tell.
 */
export type InvoiceTypeOf = (voucherType: string) => InvoiceType | 'none' | 'unknown';

const isInvoiceType = (base: string): base is InvoiceType => invoiceTypes.some((type) => type === base);

/** Returns the function that finds the kind of a voucher type by Tally's list of types. */
export function invoiceTypesOf(types: VoucherTypeMaster[]): InvoiceTypeOf {
  const baseTypeOf = baseTypesOf(types);
  return (voucherType) => {
    const base = baseTypeOf(voucherType);
    if (base === undefined) return 'unknown';
    return isInvoiceType(base) ? base : 'none';
  };
}

/**
 * Finds the base type of each voucher type: its own RESERVEDNAME (which survives renaming), else its parent's, and so on to the
 * top. Orders and delivery notes use the invoice view too, so neither OBJVIEW nor ISINVOICE decides (docs/tally.md §1.7). A
 * type that leads to none of Tally's own types is unknown, so that its vouchers are rejected and not silently left out.
 */
export function baseTypesOf(types: VoucherTypeMaster[]): BaseTypeOf {
  const byName = new Map(types.map((type) => [nameKey(type.name), type]));
  const ambiguous = namesakes(types, byName);

  const climb = (key: string, seen: Set<string>): string | undefined => {
    const type = byName.get(key);
    if (!type || ambiguous.has(key)) return undefined;
    if (type.reservedName !== '') return withUnderscores(nameKey(type.reservedName));
    const parent = nameKey(type.parent);
    seen.add(key);
    // The top: the type has no parent, is its own ancestor, or its parent is not listed. The name of the parent decides, else
    // the type's own name.
    if (parent === '' || seen.has(parent) || !byName.has(parent)) return ownType(parent) ?? ownType(key);
    return climb(parent, seen);
  };

  const known = new Map([...byName.keys()].map((key) => [key, climb(key, new Set())]));
  return (voucherType) => known.get(nameKey(voucherType));
}

const withUnderscores = (key: string): string => key.replaceAll(' ', '_');

/**
 * Tally's own types. The types among them that are not invoices must be known by name too: orders, notes and rejections look
 * like invoices.
 */
const own = new Set(reservedVoucherTypes().map((type) => nameKey(type.name)));
const ownType = (key: string): string | undefined => (own.has(key) ? withUnderscores(key) : undefined);

/**
 * Names that several types share, unless the types have the same parent and RESERVEDNAME. Once Tally has lost their letters,
 * two Hindi names of one length are both `?????`.
 */
const namesakes = (types: VoucherTypeMaster[], byName: Map<string, VoucherTypeMaster>): Set<string> =>
  new Set(
    types
      .map((type) => ({ type, key: nameKey(type.name) }))
      .filter(({ type, key }) => {
        const last = byName.get(key)!;
        return last.parent !== type.parent || last.reservedName !== type.reservedName;
      })
      .map(({ key }) => key),
  );
