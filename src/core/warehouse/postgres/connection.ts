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

/** Re-exported so that few files import pg, which opens connections; a test checks these imports. */
export { escapeIdentifier, escapeLiteral, types } from 'pg';

/**
 * One session of PostgreSQL. Dates, timestamps, numeric and bigint are returned as text. A failure of the server or the
 * network is `warehouse-unreachable` or `warehouse-refused`; a cancel of the run is `cancelled`. A lost session makes
 * the next call fail, but never ends the process.
 */
export class Connection {
  #inTransaction = false;
  #server: ServerSession | undefined;
  #isPooled = false;
  /**
   * The caller is still writing the last piece of a COPY, perhaps to a slow disk. A silent connection is then not dead.
   */
  #isTaking = false;

  private constructor(
    private readonly watched: WatchedClient,
    private readonly way: Way,
  ) {}

  /** Only for the migration library. All other code uses this class, which maps errors. */
  get client(): Client {
    return this.watched.client;
  }

  /**
   * Connects within 10 seconds, with the first kind of encryption that the server accepts, and applies our settings. Throws
   * `config` for a pooler that does not keep sessions apart.
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

  /** Applies our settings only to a session that is ours alone, never to a pooled session that others use after us. */
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

  /** Whether the connection to the next hop is encrypted. A pooler there may use an unencrypted connection to the server. */
  get isEncrypted(): boolean {
    return 'encrypted' in socketOf(this.client);
  }

  /** True once the server or the network has ended the session. */
  get lost(): boolean {
    return this.watched.lost !== undefined;
  }

  /** The error that ended the session, if a library's error hides it. */
  causeOf(error: unknown): unknown {
    return error instanceof EtlError ? error : (this.watched.lost ?? error);
  }

  async query<Row extends QueryResultRow>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.#ask<Row>(sql, values)).rows;
  }

  /** Runs a statement and returns the number of rows that it wrote. */
  async execute(sql: string, values: unknown[] = []): Promise<number> {
    return (await this.#ask(sql, values)).rowCount ?? 0;
  }

  /** COPY … FROM STDIN of rows in COPY's text format; resolves when the server has received them. */
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
   * COPY … TO STDOUT, piece by piece and no faster than `write` accepts the pieces. Returns the number of rows. If the copy
   * ends early, the session is ended too: the unread rows would come before every later answer.
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

  /** Runs a statement without parameters, and returns the columns of its result. */
  async describe(sql: string): Promise<FieldDef[]> {
    return (await this.#ask(sql, [])).fields;
  }

  /**
   * Runs `work` on the server so that a cancel of the run ends it, even a wait for a lock; it then fails with `cancelled`. If
   * the connection has silently died, it fails with `warehouse-unreachable` within two minutes.
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
    const config = { ...address.config, connectionTimeoutMillis: Math.min(own || lookMs, lookMs) }; // 0 means without a limit
    const connect = (): Promise<Connection> => Connection.#connect({ ...this.way, address: { ...address, config } });
    return lookAtServer(connect, this.#server, lookMs, this.#isPooled);
  }

  /** Runs `work` in one transaction. If the session breaks during COMMIT, the error says that the outcome is unknown. */
  async transaction<T>(work: () => Promise<T>): Promise<T> {
    await this.execute('BEGIN');
    let committing = false;
    this.#inTransaction = true; // a cancel also ends the transaction between two statements
    try {
      const result = await work();
      committing = !this.lost;
      await this.execute('COMMIT');
      this.#inTransaction = false;
      return result;
    } catch (error) {
      this.#inTransaction = false;
      // If the session is lost, the server rolls back without our request. The first error is the one to report.
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

  /** As transaction, but everything that `work` reads is from one moment, whatever others commit meanwhile. */
  snapshot<T>(work: () => Promise<T>, { readOnly = false } = {}): Promise<T> {
    return this.transaction(async () => {
      await this.execute(
        readOnly
          ? 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY'
          : 'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ',
      );
      return work();
    });
  }

  /** Ends the session. A running statement is abandoned and its transaction rolled back. */
  close(): Promise<void> {
    return this.watched.close();
  }

  /** Ends the connection at once; pending calls fail. */
  abandon(): void {
    this.watched.abandon();
  }

  async #ask<Row extends QueryResultRow>(sql: string, values: unknown[]) {
    this.way.logger.trace(sql);
    try {
      // pg's own error would say only that the client cannot be queried any more, without the cause.
      if (this.watched.lost && !this.watched.brokenOff) throw this.watched.lost;
      return await this.breakable(() => this.client.query<Row>(sql, values));
    } catch (error) {
      throw warehouseError(error, this.way.target);
    }
  }
}
