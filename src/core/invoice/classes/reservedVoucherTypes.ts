import type { VoucherTypeMaster } from './masters.js';

/** Tally's 24 reserved types by the names that they have in every new company (docs/tally.md §1.7). */
const names = [
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

/** Masters of the reserved types, used for each type that no source of masters lists. */
export const reservedVoucherTypes = (): VoucherTypeMaster[] =>
  names.map((name) => ({ name, parent: name, reservedName: name }));
