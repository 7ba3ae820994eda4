import { t } from '@vscode/l10n';
import type { ReaderAccess } from '../../core/core.js';
import type { OpenSign } from './sqlClients.js';

export const sqlClientWords = {
  title: () => t('Open Warehouse in SQL Client'),
  opening: () => t('Tally: Opening the warehouse to SQL clients'),
  opened: ({ host, port, user, rights }: ReaderAccess) =>
    rights === 'write'
      ? t(
          'The built-in warehouse is open to SQL clients at {host}:{port} as {user}, for reading and writing, until you close it or this window. The connection string is on the clipboard, with a password for this time only.',
          { host, port, user },
        )
      : t(
          'The built-in warehouse is open to SQL clients at {host}:{port} as {user}, for reading, until you close it or this window. The connection string is on the clipboard, with a password for this time only.',
          { host, port, user },
        ),
  stillOpen: ({ host, port, user, rights }: ReaderAccess) =>
    rights === 'write'
      ? t('The built-in warehouse is open to SQL clients at {host}:{port} as {user}, for reading and writing.', {
          ...{ host, port, user },
        })
      : t('The built-in warehouse is open to SQL clients at {host}:{port} as {user}, for reading.', {
          ...{ host, port, user },
        }),
  rights: {
    question: (place: string) => t('What may the SQL client do with {place}?', { place }),
    read: () => ({ label: t('Read only'), detail: t('All tables and views. Nothing can be changed by mistake.') }),
    write: () => ({
      label: t('Read and write'),
      detail: t('Rows can be inserted, changed and deleted, not the tables themselves.'),
    }),
    confirm: (place: string) => t('Let a SQL client change the rows of {place}?', { place }),
    detail: () =>
      t('There is no undo. The next load of the same days brings deleted invoices back; other changes may stay.'),
    button: () => t('Allow Writing'),
  },
  copiedAgain: () => t('The connection string is on the clipboard, with its password.'),
  closed: () => t('SQL access is closed. That password no longer works.'),
  /** In a window that is connected to another computer. */
  remote: (name: string, port: number) =>
    t('The port is the remote computer’s ({name}): for a program on yours, forward {port} in the view Ports.', {
      name,
      port,
    }),
  /** As the documentation of Microsoft’s extension for PostgreSQL says; how others are opened from outside none tells. */
  extensionHint: () => t('In the PostgreSQL extension: PGSQL: Add New Connection, then Connection String.'),
  own: {
    question: (place: string) => t('The warehouse is {place}. What should the connection string hold?', { place }),
    without: () => ({ label: t('Without the password'), detail: t('The SQL client asks for it.') }),
    with: () => ({
      label: t('With the password'),
      detail: t('Anybody who can read the clipboard can then read the password.'),
    }),
    copied: (place: string, withPassword: boolean) =>
      withPassword
        ? t('The connection string of {place} is on the clipboard, with its password.', { place })
        : t('The connection string of {place} is on the clipboard, without its password.', { place }),
  },
};

export const sqlClientSign: OpenSign = {
  id: 'tally.sqlClients',
  contextKey: 'tally.openToSqlClients',
  name: () => t('Tally warehouse open to SQL clients'),
  text: '$(database) Tally SQL',
  tooltip: ({ host, port }) =>
    t(
      'The built-in warehouse is open to SQL clients at {host}:{port}. Click to copy its connection string or to close it.',
      { host, port },
    ),
  command: () => ({
    title: sqlClientWords.title(),
    command: 'tally.openInSqlClient',
    arguments: [{ open: 'embedded' }],
  }),
};
