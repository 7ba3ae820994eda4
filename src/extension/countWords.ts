// How many there are of something: the singular and the plural are sentences of their own, as languages differ in them.
import { t } from '@vscode/l10n';
import { formatCount } from '../core/format.js';

export const invoiceCount = (n: number): string =>
  n === 1 ? t('1 invoice') : t('{count} invoices', { count: formatCount(n) });

export const voucherCount = (n: number): string =>
  n === 1 ? t('1 voucher') : t('{count} vouchers', { count: formatCount(n) });

export const dayCount = (n: number): string => (n === 1 ? t('1 day') : t('{count} days', { count: formatCount(n) }));

export const lineCount = (n: number): string => (n === 1 ? t('1 line') : t('{count} lines', { count: formatCount(n) }));

export const rowCount = (n: number): string => (n === 1 ? t('1 row') : t('{count} rows', { count: formatCount(n) }));
