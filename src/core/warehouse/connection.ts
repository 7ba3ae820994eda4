import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ConnectionOptions } from 'node:tls';
import { Client, TypeOverrides, types, type ClientConfig, type QueryResultRow } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { EtlError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { ServerAddress } from './dbUrl.js';
import { errorCode, isTlsFailure, warehouseError } from './warehouseError.js';

const connectTimeoutMs = 10_000;

/** pg would make a Date of these, which a time zone can shift. int8 and numeric are text by pg's own default. */
const textDates = new TypeOverrides();
for (const type of [types.builtins.DATE, types.builtins.TIMESTAMP, types.builtins.TIMESTAMPTZ])
  textDates.setTypeParser(type, String);

/**
 * One session of PostgreSQL. Dates, timestamps, numeric and bigint come back as text. Every failure is
 * `warehouse-unreachable` or `warehouse-refused`; a lost session fails the next call and never the process.
 */
export class Connection {
  #lost: Error | undefined;

  private constructor(
    /** For the migration library alone; everything else asks through this class, which maps errors. */
    readonly client: Client,
    private readonly target: string,
    private readonly logger: Logger,
  ) {}

  /** Connects within 10 seconds, with the first kind of encryption that the server takes. */
  static async open(
    address: ServerAddress,
    target: string,
    applicationName: string,
    logger: Logger,
  ): Promise<Connection> {
    const config = { ...address.config, application_name: applicationName };
    const attempts = isUnixSocket(config) ? [false as const] : address.tls;
    for (const [i, ssl] of attempts.entries()) {
      const client = newClient(config, ssl);
      const connection = new Connection(client, target, logger);
      client.on('error', (error) => {
        connection.#lost = error;
        logger.debug(`Connection to the warehouse lost: ${error.message}`);
      });
      try {
        await client.connect();
        return connection;
      } catch (error) {
        const again = error instanceof Error && (isTlsFailure(error) || errorCode(error) === '28000');
        if (!again || i === attempts.length - 1) throw warehouseError(error, target);
        logger.debug(`Trying the warehouse ${ssl ? 'without' : 'with'} encryption: ${error.message}`);
      }
    }
    throw new Error('No way to connect was given.');
  }

  /** True once the server or the network has ended the session. */
  get lost(): boolean {
    return this.#lost !== undefined;
  }

  async query<Row extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.#ask<Row>(sql, values)).rows;
  }

  /** The number of rows that the statement wrote. */
  async execute(sql: string, values: unknown[] = []): Promise<number> {
    return (await this.#ask(sql, values)).rowCount ?? 0;
  }

  /** COPY … FROM STDIN of rows in COPY's text format; resolves when the server has them. */
  async copyIn(sql: string, chunks: Iterable<string>): Promise<void> {
    this.logger.trace(sql);
    try {
      if (this.#lost) throw this.#lost;
      await pipeline(Readable.from(chunks), this.client.query(copyFrom(sql)));
    } catch (error) {
      throw warehouseError(error, this.target);
    }
  }

  /** Runs `work` in one transaction: all of it, or, when it throws, nothing of it. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.execute('BEGIN');
    try {
      const result = await work();
      await this.execute('COMMIT');
      return result;
    } catch (error) {
      // Where the session is gone the server rolls back by itself; the first failure is the one to report.
      await this.execute('ROLLBACK').catch((e: unknown) => {
        this.logger.debug(`ROLLBACK was not answered: ${String(e)}`);
      });
      throw error;
    }
  }

  /** Ends the session; a statement still running is given up and its transaction rolled back. */
  async close(): Promise<void> {
    try {
      await this.client.end();
    } catch (error) {
      this.logger.debug(`Closing the connection to the warehouse: ${String(error)}`);
    }
  }

  async #ask<Row extends QueryResultRow>(sql: string, values: unknown[]) {
    this.logger.trace(sql);
    try {
      return await this.client.query<Row>(sql, values);
    } catch (error) {
      throw warehouseError(error, this.target);
    }
  }
}

/** Where a URL leads, in words without user and password: `localhost:5432, database books`. Throws `config`. */
export function describeAddress(address: ServerAddress): string {
  const { host, port, database } = newClient(address.config, false);
  return `${host}:${port}, database ${database ?? ''}`;
}

// libpq: sslmode is ignored on a Unix socket.
const isUnixSocket = (config: ClientConfig): boolean => newClient(config, false).host.startsWith('/');

function newClient(config: ClientConfig, ssl: ConnectionOptions | false): Client {
  try {
    return new Client({
      ...config,
      ssl,
      types: textDates,
      keepAlive: true,
      connectionTimeoutMillis: connectTimeoutMs,
    });
  } catch {
    // The cause would show the URL, which holds the password.
    throw new EtlError(
      'config',
      'DB_URL cannot be read as a PostgreSQL address.',
      'Write it like postgres://user:password@host:5432/database; write special characters of the password as %XX.',
    );
  }
}
