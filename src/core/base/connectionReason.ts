import { t } from '@vscode/l10n';

/** The reason why a connection failed, by the error code; undefined for codes without words here. */
export const connectionReason = (code: string): string | undefined => reasons[code]?.();

const reasons: Record<string, () => string> = {
  ECONNREFUSED: () => t('nothing listens there (connection refused)'),
  ENOTFOUND: () => t('no computer of that name was found'),
  EAI_AGAIN: () => t('the name could not be looked up'),
  EHOSTUNREACH: () => t('the computer cannot be reached'),
  ENETUNREACH: () => t('the network cannot be reached'),
  ETIMEDOUT: () => t('no answer to the connection; a firewall may be in the way'),
  UND_ERR_CONNECT_TIMEOUT: () => t('no answer to the connection; a firewall may be in the way'),
};
