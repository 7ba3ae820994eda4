// Messages about access to a warehouse for other programs: SQL clients for a time, BI tools in every window.
import { t } from '@vscode/l10n';
import type { ReaderAccess } from '../../core/core.js';
import type { OpenSign } from './sqlClients.js';

/** The messages about one kind of access. */
export interface OpenWords {
  title: () => string;
  opening: () => string;
  stillOpen: (access: ReaderAccess) => string;
  /** As `stillOpen`, and how long access lasts and what is on the clipboard. */
  opened: (access: ReaderAccess) => string;
  closed: () => string;
}

const openTo = (clients: string, { host, port, user, rights }: ReaderAccess): string => {
  const args = { clients, host, port, user };
  return rights === 'write'
    ? t('The built-in warehouse is open to {clients} at {host}:{port} as {user}, for reading and writing.', args)
    : t('The built-in warehouse is open to {clients} at {host}:{port} as {user}, for reading.', args);
};

const tooltip = (clients: string, { host, port }: ReaderAccess): string =>
  t(
    'The built-in warehouse is open to {clients} at {host}:{port}. Click to copy its connection string or to close it.',
    {
      ...{ clients, host, port },
    },
  );

const sqlClients = (): string => t('SQL clients');
const biTools = (): string => t('BI tools');

const toSqlClients: OpenWords = {
  title: () => t('Open Warehouse in SQL Client'),
  opening: () => t('Tally: Opening the warehouse to SQL clients'),
  stillOpen: (access) => openTo(sqlClients(), access),
  opened: (access) =>
    [
      openTo(sqlClients(), access),
      t(
        'The warehouse stays open until you close it or this window. The connection string is on the clipboard, with a password for this time only.',
      ),
    ].join(' '),
  closed: () => t('SQL access is closed. That password no longer works.'),
};

export const biToolsWords: OpenWords = {
  title: () => t('Keep Open for BI Tools'),
  opening: () => t('Tally: Opening the warehouse to BI tools'),
  stillOpen: (access) => openTo(biTools(), access),
  opened: (access) =>
    [
      openTo(biTools(), access),
      t(
        'Each new window opens the warehouse again until you close it. The connection string is on the clipboard, with its password.',
      ),
    ].join(' '),
  closed: () => t('The built-in warehouse is closed to BI tools. That password no longer works.'),
};

export const sqlClientWords = {
  ...toSqlClients,
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
  /** In a window that is connected to another computer. */
  remote: (name: string, port: number) =>
    t(
      'The port is on the remote computer ({name}). To connect from your own computer, forward port {port} in the view Ports.',
      {
        name,
        port,
      },
    ),
  /** From the documentation of Microsoft’s extension for PostgreSQL. Other extensions document no such way. */
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
  tooltip: (access) => tooltip(sqlClients(), access),
  command: () => ({
    title: sqlClientWords.title(),
    command: 'tally.openInSqlClient',
    arguments: [{ open: 'embedded' }],
  }),
};

export const biToolsSign: OpenSign = {
  id: 'tally.biTools',
  contextKey: 'tally.openToBiTools',
  name: () => t('Tally warehouse open to BI tools'),
  text: '$(graph) Tally BI',
  tooltip: (access) => tooltip(biTools(), access),
  command: () => ({ title: biToolsWords.title(), command: 'tally.keepOpenForBiTools' }),
};
