import type { GroupRow } from './groups.js';

/** One row of the voucher-type list. A reserved type is its own parent; a type made by the user has no RESERVEDNAME. */
export type VoucherTypeRow = GroupRow;

/** The reserved types under their own names. A renamed Sales type is added below. */
const reserved = [
  'Attendance',
  'Contra',
  'Credit Note',
  'Debit Note',
  'Delivery Note',
  'Job Work In Order',
  'Job Work Out Order',
  'Journal',
  'Material In',
  'Material Out',
  'Memorandum',
  'Payment',
  'Payroll',
  'Physical Stock',
  'Purchase',
  'Purchase Order',
  'Receipt',
  'Receipt Note',
  'Rejections In',
  'Rejections Out',
  'Reversing Journal',
  'Sales',
  'Sales Order',
  'Stock Journal',
];

/** The types of the demo company: reserved, renamed and user-made ones, with one chain of three. */
export const voucherTypes: readonly VoucherTypeRow[] = [
  ...reserved.map((name) => ({ name, parent: name, reservedName: name })),
  // Renamed: only RESERVEDNAME shows that this is the type Sales.
  { name: 'GST Sale Invoice', parent: 'GST Sale Invoice', reservedName: 'Sales' },
  { name: 'E-Sales', parent: 'Sales', reservedName: '' },
  { name: 'E-Sales Export', parent: 'E-Sales', reservedName: '' },
  { name: 'Expense', parent: 'Purchase', reservedName: '' },
  { name: 'वापसी (Returns)', parent: 'Credit Note', reservedName: '' },
  { name: 'Cash Payment', parent: 'Payment', reservedName: '' },
  // Its name says Sales, but it is an order.
  { name: 'Sales Quotation', parent: 'Sales Order', reservedName: '' },
];
