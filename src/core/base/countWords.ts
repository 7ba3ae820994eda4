// How many there are of something, and from when to when, in the reader's language. The singular and the plural are
// sentences of their own, as languages differ in them. The log stays English: `formatCountOf`, `formatSpan`.
import { t } from '@vscode/l10n';
import type { DateRange } from './calendar.js';
import { formatCount } from './format.js';

export const invoiceCount = (n: number): string =>
  n === 1 ? t('1 invoice') : t('{count} invoices', { count: formatCount(n) });

export const voucherCount = (n: number): string =>
  n === 1 ? t('1 voucher') : t('{count} vouchers', { count: formatCount(n) });

export const dayCount = (n: number): string => (n === 1 ? t('1 day') : t('{count} days', { count: formatCount(n) }));

export const lineCount = (n: number): string => (n === 1 ? t('1 line') : t('{count} lines', { count: formatCount(n) }));

export const rowCount = (n: number): string => (n === 1 ? t('1 row') : t('{count} rows', { count: formatCount(n) }));

/** `2024-04-01 to 2024-10-13`; a single day once. */
export const rangeText = ({ from, to }: DateRange): string => (from === to ? from : t('{from} to {to}', { from, to }));
