import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { t } from '@vscode/l10n';
import type { Client, FieldDef, QueryResultRow } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { cancelled, EtlError } from '../../base/errors.js';
import type { Logger } from '../../base/logger.js';
import { demandAuthentication } from './authentication.js';
import { announcedPid, isUnixSocket, newClient, socketOf } from './client.js';
import type { ServerAddress } from './dbUrl.js';
import { keepsSessions, sharedSessions } from './pooler.js';
import { takeSession, type ServerSession } from './sessionSettings.js';
import { lookAtServer, silenceLimits } from './silence.js';
import { WatchedClient, type Way } from './watchedClient.js';
import {
  errorCode,
  fixedByOthers,
  isTlsFailure,
  outcomeUnknown,
  type Target,
  warehouseError,
} from '../warehouseError.js';

/** Re-exported so that few files import pg, which opens connections; a test looks at them. */
export { escapeIdentifier, escapeLiteral, types } from 'pg';

/**
 * One session of PostgreSQL. Dates, timestamps, numeric and bigint come back as text. Every failure is
 * `warehouse-unreachable` or `warehouse-refused`; a lost session fails the next call and never the process.
 */
export class Connection {
  #inTransaction = false;
  #server: ServerSession | undefined;
  #isPooled = false;
  /** What the server has sent waits for us, as a slow disk makes it. */
  #isTaking = false;

  private constructor(
    private readonly watched: WatchedClient,
    private readonly way: Way,
  ) {}

  /** For the migration library alone; everything else asks through this class, which maps errors. */
  get client(): Client {
    return this.watched.client;
  }

  /**
   * Connects within 10 seconds, with the first kind of encryption that the server takes, and gives the session our
   * settings. Throws `config` for a pooler that does not keep sessions apart.
   */
  static async open(
    address: ServerAddress,
    target: Target,
    applicationName: string,
    logger: Logger,
    signal?: AbortSignal,
  ): Promise<Connection> {
    const connection = await Connection.#connect({ address, target, applicationName, logger, signal });
    try {
      await connection.#takeSession();
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  static async #connect(way: Way): Promise<Connection> {
    const { address, target, applicationName, logger } = way;
    const config = { application_name: applicationName, ...address.config };
    const attempts = isUnixSocket(config) ? [false as const] : address.tls;
    for (const [i, ssl] of attempts.entries()) {
      const watched = new WatchedClient(newClient(config, ssl), way);
      if (address.auth) demandAuthentication(watched.client, address.auth, target);
      try {
        await watched.connect();
        return new Connection(watched, way);
      } catch (error) {
        const again = error instanceof Error && (isTlsFailure(error) || errorCode(error) === '28000');
        if (!again || i === attempts.length - 1) throw warehouseError(error, target);
        logger.debug(`Trying the warehouse ${ssl ? 'without' : 'with'} encryption: ${error.message}`);
      }
    }
    throw new Error('No way to connect was given.');
  }

  /** Our settings are given to a session that is ours alone, never to one of a pool that others use after us. */
  async #takeSession(): Promise<void> {
    const { address, target } = this.way;
    const announced = announcedPid(this.client);
    const take = (pid: number): Promise<ServerSession> =>
      takeSession(this, pid, address.keep ?? []).catch((error: unknown) => {
        throw error instanceof EtlError && errorCode(error.cause) === '42501' ? fixedByOthers(error) : error;
      });
    const session = await take(announced);
    this.#isPooled = session.pid !== announced;
    if (this.#isPooled) {
      address.keepsSessions ??= await this.#keepsSessions();
      if (!address.keepsSessions) throw sharedSessions(target);
      await take(session.pid);
    }
    this.#server = session;
  }

  async #keepsSessions(): Promise<boolean> {
    const other = await Connection.#connect(this.way);
    const pidOf = (connection: Connection) => async (): Promise<number> => {
      const [row] = await connection.query<{ pid: number }>('SELECT pg_catalog.pg_backend_pid() AS pid');
      return row!.pid;
    };
    try {
      return await keepsSessions(pidOf(this), pidOf(other));
    } finally {
      await other.close();
    }
  }

  get server(): ServerSession {
    return this.#server!;
  }

  /** Between this program and what it talks to: a pooler may talk on in the clear. */
  get isEncrypted(): boolean {
    return 'encrypted' in socketOf(this.client);
  }

  /** True once the server or the network has ended the session. */
  get lost(): boolean {
    return this.watched.lost !== undefined;
  }

  /** The loss of the session, where a library's error hides it. */
  causeOf(error: unknown): unknown {
    return error instanceof EtlError ? error : (this.watched.lost ?? error);
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
    this.way.logger.trace(sql);
    try {
      if (this.watched.lost) throw this.watched.lost;
      await this.breakable(() => pipeline(Readable.from(chunks), this.client.query(copyFrom(sql))));
    } catch (error) {
      throw warehouseError(error, this.way.target);
    }
  }

  /**
   * COPY … TO STDOUT, a piece at a time and no faster than `write` takes them; the number of rows. Where it ends before
   * its end the session is lost: the rows that nobody took would stand before every later answer.
   */
  async copyOut(sql: string, write: (bytes: Buffer) => Promise<void>): Promise<number> {
    this.way.logger.trace(sql);
    const copy = copyTo(sql);
    try {
      if (this.watched.lost) throw this.watched.lost;
      await this.breakable(() =>
        pipeline(this.client.query(copy), async (pieces: AsyncIterable<Buffer>) => {
          for await (const piece of pieces) {
            this.#isTaking = true;
            await write(piece);
            this.#isTaking = false;
          }
        }),
      );
      return copy.rowCount;
    } catch (error) {
      if (!copy.readableEnded) this.watched.stop();
      throw warehouseError(error, this.way.target);
    }
  }

  async describe(sql: string): Promise<FieldDef[]> {
    return (await this.#ask(sql, [])).fields;
  }

  /**
   * Work of the server that a cancel of the run breaks off, a wait for a lock too; fails with `cancelled` then. Where the
   * connection carries nothing any more it ends with `warehouse-unreachable`, within two minutes.
   */
  async breakable<T>(work: () => Promise<T>): Promise<T> {
    if (this.#inTransaction && this.way.signal?.aborted) throw cancelled();
    return this.watched.watch(work(), () => this.#look());
  }

  async #look(): Promise<string | undefined> {
    if (this.#isTaking) return undefined;
    if (this.#server === undefined) return t('the server accepted the connection and then sent nothing.');
    const { address } = this.way;
    const { lookMs } = address.silence ?? silenceLimits;
    const own = address.config.connectionTimeoutMillis ?? lookMs;
    const config = { ...address.config, connectionTimeoutMillis: Math.min(own || lookMs, lookMs) }; // 0: no limit
    const connect = (): Promise<Connection> => Connection.#connect({ ...this.way, address: { ...address, config } });
    return lookAtServer(connect, this.#server, lookMs, this.#isPooled);
  }

  /** Runs `work` in one transaction. If the session breaks in COMMIT, the error says that its outcome is unknown. */
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
          this.way.logger.debug(`ROLLBACK was not answered: ${String(e)}`);
          return false;
        },
      );
      throw committing && !answered ? outcomeUnknown(error) : error;
    }
  }

  /** Ends the session; a statement still running is given up and its transaction rolled back. */
  close(): Promise<void> {
    return this.watched.close();
  }

  /** Ends the connection at once; what is asked of it fails. */
  abandon(): void {
    this.watched.abandon();
  }

  async #ask<Row extends QueryResultRow>(sql: string, values: unknown[]) {
    this.way.logger.trace(sql);
    try {
      // pg itself would only say that it cannot be queried any more, not why.
      if (this.watched.lost && !this.watched.brokenOff) throw this.watched.lost;
      return await this.breakable(() => this.client.query<Row>(sql, values));
    } catch (error) {
      throw warehouseError(error, this.way.target);
    }
  }
}
