import { t } from '@vscode/l10n';
import type { InvoiceType, Side } from '../../../core/core.js';

export const typeNames: Record<InvoiceType, () => string> = {
  sales: () => t('Sales'),
  purchase: () => t('Purchases'),
  credit_note: () => t('Credit notes'),
  debit_note: () => t('Debit notes'),
};

export const sides: readonly Side[] = ['sales', 'purchases'];

/** Sales less credit notes, purchases less debit notes: as a title, and within a sentence. */
export const netNames: Record<Side, { title: () => string; within: () => string }> = {
  sales: { title: () => t('Net sales'), within: () => t('net sales') },
  purchases: { title: () => t('Net purchases'), within: () => t('net purchases') },
};

/** The invoice types of a net figure. */
export const typesOf: Record<Side, InvoiceType[]> = {
  sales: ['sales', 'credit_note'],
  purchases: ['purchase', 'debit_note'],
};

/** `18 %` for the warehouse's `18.0000`. Null: the invoices do not name a rate. */
export const rateName = (rate: string | null): string =>
  rate === null ? t('No rate named') : t('{number} %', { number: Number(rate) });

/** The name of a party or an item. Null: the invoices do not name it. */
export const nameOr = (name: string | null): string => name ?? t('(no name)');
