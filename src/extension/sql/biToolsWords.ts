import { t } from '@vscode/l10n';
import type { ReaderAccess } from '../../core/core.js';
import type { OpenSign } from './sqlClients.js';

export const biToolsWords = {
  title: () => t('Keep Open for BI Tools'),
  opening: () => t('Tally: Opening the warehouse to BI tools'),
  opened: ({ host, port, user }: ReaderAccess) =>
    t(
      'The built-in warehouse is open to BI tools at {host}:{port} as {user}, for reading, and again in each new window until you close it. The connection string is on the clipboard, with its password.',
      { host, port, user },
    ),
  stillOpen: ({ host, port, user }: ReaderAccess) =>
    t('The built-in warehouse is open to BI tools at {host}:{port} as {user}, for reading.', { host, port, user }),
  closed: () => t('The built-in warehouse is closed to BI tools. That password no longer works.'),
};

export const biToolsSign: OpenSign = {
  id: 'tally.biTools',
  contextKey: 'tally.openToBiTools',
  name: () => t('Tally warehouse open to BI tools'),
  text: '$(graph) Tally BI',
  tooltip: ({ host, port }) =>
    t(
      'The built-in warehouse is open to BI tools at {host}:{port}. Click to copy its connection string or to close it.',
      { host, port },
    ),
  command: () => ({ title: biToolsWords.title(), command: 'tally.keepOpenForBiTools' }),
};
