import net from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { t } from '@vscode/l10n';
import { Client, TypeOverrides, types, type ClientConfig } from 'pg';
import { unreadableDbUrl } from '../../base/config.js';
import type { ServerAddress } from './dbUrl.js';

const connectTimeoutMs = 10_000;

/**
 * Some NATs and load balancers forget a connection that was silent for a few minutes. Probes keep the connection alive, or end
 * it.
 */
const keepAliveMs = 15_000;

/** pg would convert these types to Date, which a time zone can shift. pg already returns int8 and numeric as text. */
const textDates = new TypeOverrides();
for (const type of [types.builtins.DATE, types.builtins.TIMESTAMP, types.builtins.TIMESTAMPTZ])
  textDates.setTypeParser(type, String);

/** The fields of a client that pg has but does not declare in its types. */
interface Inside {
  processID: number;
  secretKey: number;
  connectionParameters: { options: string | undefined; replication: string | undefined };
}

const inside = (client: Client): Client & Inside => client as Client & Inside;

/** The process that serves the session, as announced at the start. A pooler announces a number of its own. */
export const announcedPid = (client: Client): number => inside(client).processID;

/** The session's socket, encrypted or not. */
export type ClientSocket = Duplex & Pick<net.Socket, 'bytesRead' | 'bytesWritten' | 'remoteAddress' | 'remotePort'>;
export const socketOf = (client: Client): ClientSocket => client.connection.stream as ClientSocket;

/**
 * A client that is not connected yet. Ignores the environment variables that pg would read beside `config`. Throws `config`.
 */
export function newClient(config: ClientConfig, ssl: ConnectionOptions | false): Client {
  try {
    const client = inside(
      new Client({
        connectionTimeoutMillis: connectTimeoutMs,
        ...config,
        ssl,
        types: textDates,
        keepAlive: true,
        keepAliveInitialDelayMillis: keepAliveMs,
        // If this were unset, pg would read PGSSLNEGOTIATION, and refuse `direct` without encryption.
        sslnegotiation: (ssl !== false && config.sslnegotiation) || 'postgres',
      }),
    );
    // pg has read PGOPTIONS and PGREPLICATION, which would reach the embedded server too.
    Object.assign(client.connectionParameters, { options: config.options, replication: undefined });
    return client;
  } catch {
    throw unreadableDbUrl();
  }
}

/**
 * The server and database of a URL for messages, without user and password: `localhost:5432, database books`. Throws `config`.
 */
export function describeAddress(address: ServerAddress): string {
  const { host, port, database } = newClient(address.config, false);
  return t('{host}:{port}, database {database}', { host, port, database: database ?? '' });
}

// As in libpq, sslmode is ignored on a Unix socket.
export const isUnixSocket = (config: ClientConfig): boolean => newClient(config, false).host.startsWith('/');

const cancelRequestCode = 80877102; // "1234" and "5678" in 16 bits each

/**
 * Asks PostgreSQL to cancel the running statement. The request needs a connection of its own, on which PostgreSQL does not
 * answer.
 */
export function requestCancel(client: Client, patienceMs: number): void {
  const { host, port, processID, secretKey } = inside(client);
  const { remoteAddress, remotePort } = socketOf(client);
  const request = Buffer.alloc(16);
  for (const [i, value] of [16, cancelRequestCode, processID, secretKey].entries()) request.writeInt32BE(value, 4 * i);
  const to =
    remoteAddress === undefined ? { path: `${host}/.s.PGSQL.${port}` } : { host: remoteAddress, port: remotePort! };
  const socket = net.connect(to).on('error', () => undefined); // if this request fails, the session's connection is cut later
  socket.setTimeout(patienceMs, () => socket.destroy());
  socket.end(request);
}
