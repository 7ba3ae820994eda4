import net from 'node:net';
import type { Duplex } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { t } from '@vscode/l10n';
import { Client, TypeOverrides, types, type ClientConfig } from 'pg';
import { unreadableDbUrl } from '../../base/config.js';
import type { ServerAddress } from './dbUrl.js';

const connectTimeoutMs = 10_000;

/** Some NATs and load balancers forget a connection that was silent for a few minutes: probes keep it, or end it. */
const keepAliveMs = 15_000;

/** pg would make a Date of these, which a time zone can shift. int8 and numeric are text by pg's own default. */
const textDates = new TypeOverrides();
for (const type of [types.builtins.DATE, types.builtins.TIMESTAMP, types.builtins.TIMESTAMPTZ])
  textDates.setTypeParser(type, String);

/** What pg keeps of a client beside what its types say. */
interface Inside {
  processID: number;
  secretKey: number;
  connectionParameters: { options: string | undefined; replication: string | undefined };
}

const inside = (client: Client): Client & Inside => client as Client & Inside;

/** The process that serves the session, as the other side said it at the start. A pooler says a number of its own. */
export const announcedPid = (client: Client): number => inside(client).processID;

/** The session's socket, encrypted or not. */
export type ClientSocket = Duplex & Pick<net.Socket, 'bytesRead' | 'bytesWritten' | 'remoteAddress' | 'remotePort'>;
export const socketOf = (client: Client): ClientSocket => client.connection.stream as ClientSocket;

/** A client that is not connected yet. Of the environment only what the config names counts. Throws `config`. */
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
        // Unset, pg would read PGSSLNEGOTIATION, and refuse `direct` without encryption.
        sslnegotiation: (ssl !== false && config.sslnegotiation) || 'postgres',
      }),
    );
    // Unset, pg has read PGOPTIONS and PGREPLICATION, which reached the embedded server too.
    Object.assign(client.connectionParameters, { options: config.options, replication: undefined });
    return client;
  } catch {
    throw unreadableDbUrl();
  }
}

/** Where a URL leads, in words without user and password: `localhost:5432, database books`. Throws `config`. */
export function describeAddress(address: ServerAddress): string {
  const { host, port, database } = newClient(address.config, false);
  return t('{host}:{port}, database {database}', { host, port, database: database ?? '' });
}

// libpq: sslmode is ignored on a Unix socket.
export const isUnixSocket = (config: ClientConfig): boolean => newClient(config, false).host.startsWith('/');

const cancelRequestCode = 80877102; // "1234" and "5678" in 16 bits each

/** PostgreSQL takes the request to break a statement off on a connection of its own, and answers nothing there. */
export function requestCancel(client: Client, patienceMs: number): void {
  const { host, port, processID, secretKey } = inside(client);
  const { remoteAddress, remotePort } = socketOf(client);
  const request = Buffer.alloc(16);
  for (const [i, value] of [16, cancelRequestCode, processID, secretKey].entries()) request.writeInt32BE(value, 4 * i);
  const to =
    remoteAddress === undefined ? { path: `${host}/.s.PGSQL.${port}` } : { host: remoteAddress, port: remotePort! };
  const socket = net.connect(to).on('error', () => undefined); // then the connection is cut
  socket.setTimeout(patienceMs, () => socket.destroy());
  socket.end(request);
}
