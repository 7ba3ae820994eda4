import { t } from '@vscode/l10n';
import type { InvoiceType } from '../../../core/core.js';

export const typeNames: Record<InvoiceType, () => string> = {
  sales: () => t('Sales'),
  purchase: () => t('Purchases'),
  credit_note: () => t('Credit notes'),
  debit_note: () => t('Debit notes'),
};
