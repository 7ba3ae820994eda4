import net from 'node:net';
import { Readable, type Duplex } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ConnectionOptions } from 'node:tls';
import { t } from '@vscode/l10n';
import { Client, TypeOverrides, types, type ClientConfig, type FieldDef, type QueryResultRow } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { unreadableDbUrl } from '../config.js';
import { cancelled, EtlError } from '../errors.js';
import type { Logger } from '../logger.js';
import { stopAfter } from './afterCancel.js';
import type { ServerAddress } from './dbUrl.js';
import { errorCode, isTlsFailure, outcomeUnknown, warehouseError } from './warehouseError.js';

/** Of pg, which opens connections: what imports from it is looked at by a test. */
export { escapeIdentifier, escapeLiteral, types } from 'pg';

const connectTimeoutMs = 10_000;

/**
 * How long after a cancel what is under way may still take. The end of a cancelled run needs the server too: to roll
 * back, and to put the run on record. The server is asked first to break a statement off, so that its answer says
 * whether a COMMIT came before; where it does not answer, the connection is cut.
 */
const graceMs = { connect: 1000, statement: 300, cut: 900 };
const closeMs = 300;

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
  #brokenOff = false;
  #inTransaction = false;

  private constructor(
    /** For the migration library alone; everything else asks through this class, which maps errors. */
    readonly client: Client,
    private readonly target: string,
    private readonly logger: Logger,
    private readonly signal?: AbortSignal,
  ) {}

  /** Connects within 10 seconds, with the first kind of encryption that the server takes. */
  static async open(
    address: ServerAddress,
    target: string,
    applicationName: string,
    logger: Logger,
    signal?: AbortSignal,
  ): Promise<Connection> {
    const config = { ...address.config, application_name: applicationName };
    const attempts = isUnixSocket(config) ? [false as const] : address.tls;
    for (const [i, ssl] of attempts.entries()) {
      const client = newClient(config, ssl);
      const connection = new Connection(client, target, logger, signal);
      client.on('error', (error) => {
        connection.#lost = error;
        logger.debug(`Connection to the warehouse lost: ${error.message}`);
      });
      try {
        await stopAfter(client.connect(), signal, graceMs.connect, () => {
          connection.#cut();
        });
        return connection;
      } catch (error) {
        client.connection.stream.destroy(); // pg leaves it open where it lacks a password, and the process with it
        if (connection.#brokenOff) throw cancelled();
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

  /** What is behind a failure of a library that works with the client: it may hide in its own words that the session was lost. */
  causeOf(error: unknown): unknown {
    return error instanceof EtlError ? error : (this.#lost ?? error);
  }

  async query<Row extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.#ask<Row>(sql, values)).rows;
  }

  /** The number of rows that the statement wrote. */
  async execute(sql: string, values: unknown[] = []): Promise<number> {
    return (await this.#ask(sql, values)).rowCount ?? 0;
  }

  /** COPY … FROM STDIN of rows in COPY's text format; resolves when the server has them. */
  async copyIn(sql: string, chunks: Iterable<string | Buffer>): Promise<void> {
    this.logger.trace(sql);
    try {
      if (this.#lost) throw this.#lost;
      await this.breakable(() => pipeline(Readable.from(chunks), this.client.query(copyFrom(sql))));
    } catch (error) {
      throw warehouseError(error, this.target);
    }
  }

  /**
   * COPY … TO STDOUT, a piece at a time and no faster than `write` takes them; the number of rows. Where it ends before
   * its end the session is lost: the rows that nobody took would stand before every later answer.
   */
  async copyOut(sql: string, write: (bytes: Buffer) => Promise<void>): Promise<number> {
    this.logger.trace(sql);
    const copy = copyTo(sql);
    try {
      if (this.#lost) throw this.#lost;
      await this.breakable(() =>
        pipeline(this.client.query(copy), async (pieces: AsyncIterable<Buffer>) => {
          for await (const piece of pieces) await write(piece);
        }),
      );
      return copy.rowCount;
    } catch (error) {
      if (!copy.readableEnded) {
        requestCancel(this.client);
        this.client.connection.stream.destroy();
      }
      throw warehouseError(error, this.target);
    }
  }

  /** The columns that a statement would give. */
  async describe(sql: string): Promise<FieldDef[]> {
    return (await this.#ask(sql, [])).fields;
  }

  /** Work of the server that a cancel of the run breaks off, a wait for a lock too; fails with `cancelled` then. */
  async breakable<T>(work: () => Promise<T>): Promise<T> {
    const { signal } = this;
    if (this.#inTransaction && signal?.aborted) throw cancelled();
    const asked = stopAfter(work(), signal, graceMs.statement, () => {
      this.#brokenOff = true;
      requestCancel(this.client);
    });
    try {
      return await stopAfter(asked, signal, graceMs.cut, () => {
        this.#cut();
      });
    } catch (error) {
      throw this.#brokenOff ? cancelled() : error;
    }
  }

  /**
   * Runs `work` in one transaction: all of it, or, when it throws, nothing of it. Only where the session breaks in the
   * middle of the COMMIT nobody knows, and the error says so.
   */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.execute('BEGIN');
    let committing = false;
    this.#inTransaction = true; // a cancel ends it between two statements too
    try {
      const result = await work();
      committing = !this.lost;
      await this.execute('COMMIT');
      this.#inTransaction = false;
      return result;
    } catch (error) {
      this.#inTransaction = false;
      // Where the session is gone the server rolls back by itself; the first failure is the one to report.
      const answered = await this.execute('ROLLBACK').then(
        () => true,
        (e: unknown) => {
          this.logger.debug(`ROLLBACK was not answered: ${String(e)}`);
          return false;
        },
      );
      throw committing && !answered ? outcomeUnknown(error) : error;
    }
  }

  /** Ends the session; a statement still running is given up and its transaction rolled back. */
  async close(): Promise<void> {
    try {
      // After a cancel nobody waits for a server that is silent.
      await stopAfter(this.client.end(), this.signal, closeMs, () => {
        this.#cut();
      });
    } catch (error) {
      this.logger.debug(`Closing the connection to the warehouse: ${String(error)}`);
    }
  }

  #cut(): void {
    this.#brokenOff = true;
    this.client.connection.stream.destroy();
  }

  async #ask<Row extends QueryResultRow>(sql: string, values: unknown[]) {
    this.logger.trace(sql);
    try {
      // pg itself would only say that it cannot be queried any more, not why.
      if (this.#lost && !this.#brokenOff) throw this.#lost;
      return await this.breakable(() => this.client.query<Row>(sql, values));
    } catch (error) {
      throw warehouseError(error, this.target);
    }
  }
}

/** Where a URL leads, in words without user and password: `localhost:5432, database books`. Throws `config`. */
export function describeAddress(address: ServerAddress): string {
  const { host, port, database } = newClient(address.config, false);
  return t('{host}:{port}, database {database}', { host, port, database: database ?? '' });
}

const cancelRequestCode = 80877102; // "1234" and "5678" in 16 bits each

/** PostgreSQL takes the request to break a statement off on a connection of its own, and answers nothing there. */
function requestCancel(client: Client): void {
  const { host, port, processID, secretKey } = client as Client & { processID: number; secretKey: number };
  const { remoteAddress, remotePort } = client.connection.stream as Duplex &
    Pick<net.Socket, 'remoteAddress' | 'remotePort'>;
  const request = Buffer.alloc(16);
  for (const [i, value] of [16, cancelRequestCode, processID, secretKey].entries()) request.writeInt32BE(value, 4 * i);
  const to =
    remoteAddress === undefined ? { path: `${host}/.s.PGSQL.${port}` } : { host: remoteAddress, port: remotePort! };
  const socket = net.connect(to).on('error', () => undefined); // then the connection is cut
  socket.setTimeout(graceMs.cut, () => socket.destroy());
  socket.end(request);
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
    throw unreadableDbUrl();
  }
}
