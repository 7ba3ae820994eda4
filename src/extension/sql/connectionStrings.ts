import type { ReaderAccess } from '../../core/core.js';

/** The connection string of the embedded warehouse. No encryption: the server and its clients are on one computer. */
export const connectionString = ({ host, port, database, user, password }: ReaderAccess): string =>
  `postgresql://${user}:${password}@${host}:${port}/${database}?sslmode=disable`;

/** A warehouse URL without its password, wherever it stands in the URL; undefined if the URL cannot be read. */
export function withoutPassword(dbUrl: string): string | undefined {
  if (!URL.canParse(dbUrl)) return undefined;
  const url = new URL(dbUrl);
  url.password = '';
  url.searchParams.delete('password');
  return url.href;
}

/** Whether the URL has a password, or may have one. */
export function hasPassword(dbUrl: string): boolean {
  const bare = withoutPassword(dbUrl);
  return bare === undefined || bare !== new URL(dbUrl).href;
}

/** A warehouse URL with this password, which may have any characters. */
export function withPassword(dbUrl: string, password: string): string {
  const url = new URL(dbUrl);
  url.password = encodeURIComponent(password);
  return url.href;
}
