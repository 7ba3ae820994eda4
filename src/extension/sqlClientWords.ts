// What the extension says of opening the warehouse to SQL clients.
import type { ReaderAccess } from '../core/core.js';

export const sqlClientWords = {
  title: 'Open Warehouse in SQL Client',
  opening: 'Tally: Opening the warehouse to SQL clients',
  opened: ({ host, port, user }: ReaderAccess) =>
    `The embedded warehouse is open to SQL clients at ${host}:${port} as ${user}, for reading, until you close it or this window. The connection string is on the clipboard, with a password for this time only.`,
  stillOpen: ({ host, port, user }: ReaderAccess) =>
    `The embedded warehouse is open to SQL clients at ${host}:${port} as ${user}, for reading.`,
  copiedAgain: 'The connection string is on the clipboard, with its password.',
  closed: 'The embedded warehouse is closed to SQL clients: the password opens nothing any more.',
  /** In a window that is connected to another computer. */
  remote: (name: string, port: number) =>
    `The port is the remote computer’s (${name}): for a program on yours, forward ${port} in the view Ports.`,
  /** As the documentation of Microsoft’s extension for PostgreSQL says; how others are opened from outside none tells. */
  extensionHint: 'In the PostgreSQL extension: PGSQL: Add New Connection, then Connection String.',
  statusName: 'Tally warehouse open to SQL clients',
  statusText: '$(database) Tally SQL',
  statusTooltip: ({ host, port }: ReaderAccess) =>
    `The embedded warehouse is open to SQL clients at ${host}:${port}, for reading. Click to copy its connection string or to close it.`,
  own: {
    question: (place: string) => `The warehouse is ${place}. What should the connection string hold?`,
    without: { label: 'Without the password', detail: 'The SQL client asks for it.' },
    with: { label: 'With the password', detail: 'Anybody who can read the clipboard can then read the password.' },
    copied: (place: string, withPassword: boolean) =>
      `The connection string of ${place} is on the clipboard, ${withPassword ? 'with' : 'without'} its password.`,
  },
};
