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
