import type { ReaderAccess } from '../../core/core.js';

/** The way into the embedded warehouse as a SQL client takes it. It has no encryption, and needs none on its own computer. */
export const connectionString = ({ host, port, database, user, password }: ReaderAccess): string =>
  `postgresql://${user}:${password}@${host}:${port}/${database}?sslmode=disable`;

/** A warehouse URL without its password, wherever that stands in it; undefined where it cannot be told apart. */
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

/** A warehouse URL with a password as a person types it, whatever characters it has. */
export function withPassword(dbUrl: string, password: string): string {
  const url = new URL(dbUrl);
  url.password = encodeURIComponent(password);
  return url.href;
}
