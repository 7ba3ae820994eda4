import { t } from '@vscode/l10n';
import type { Client } from 'pg';
import { cancelled } from '../../base/errors.js';
import type { Logger } from '../../base/logger.js';
import { stopAfter } from './afterCancel.js';
import { requestCancel, socketOf } from './client.js';
import type { ServerAddress } from './dbUrl.js';
import { endSilence, silenceLimits } from './silence.js';
import { type Target, unreachable } from '../warehouseError.js';

/**
 * Time limits after a cancel. The end of a cancelled run needs the server too: to roll back, and to write its row into
 * etl_logs. First the server is asked to stop the statement, so that its answer tells whether a COMMIT came before. If it does
 * not answer, the connection is cut.
 */
const graceMs = { connect: 1000, statement: 300, cut: 900 };
/** How long to wait for the end of a session: after a cancel, and otherwise. */
const closeMs = { cancelled: 300, atMost: 5000 };

/** How to open a session, and further sessions like it. */
export interface Way {
  address: ServerAddress;
  target: Target;
  applicationName: string;
  logger: Logger;
  signal: AbortSignal | undefined;
}

/** A client of pg whose waits always end: by a cancel of the run, or when the connection is dead. */
export class WatchedClient {
  #lost: Error | undefined;
  #brokenOff = false;

  constructor(
    readonly client: Client,
    private readonly way: Way,
  ) {
    client.on('error', (error) => {
      this.#lost ??= error; // the server's own error comes first
      way.logger.debug(`Connection to the warehouse lost: ${error.message}`);
    });
  }

  /** Throws pg's error, or `cancelled`; the connection is then closed. */
  async connect(): Promise<void> {
    try {
      await stopAfter(this.client.connect(), this.way.signal, graceMs.connect, () => {
        this.#cut();
      });
    } catch (error) {
      this.abandon(); // if the password is missing, pg leaves the socket open, which would keep the process alive
      throw this.#brokenOff ? cancelled() : error;
    }
  }

  /** The first error that ended the session; undefined while the session lives. `abandon` and a cut set it too: see `brokenOff`. */
  get lost(): Error | undefined {
    return this.#lost;
  }

  /** Whether a cancel of the run has ended a statement or the connection. */
  get brokenOff(): boolean {
    return this.#brokenOff;
  }

  /** Awaits `work` of the server. If a dead connection ended it, throws with the reason that `look` gives (Line.look). */
  async watch<T>(work: Promise<T>, look: () => Promise<string | undefined>): Promise<T> {
    const { signal, address } = this.way;
    const asked = stopAfter(work, signal, graceMs.statement, () => {
      this.#brokenOff = true;
      requestCancel(this.client, graceMs.cut);
    });
    const answered = stopAfter(asked, signal, graceMs.cut, () => {
      this.#cut();
    });
    const line = {
      progress: () => {
        const socket = socketOf(this.client);
        return socket.bytesRead + socket.bytesWritten - socket.writableLength;
      },
      look,
      cut: (words: string) => {
        const hint = t(
          'Perhaps a router, firewall or load balancer on the way dropped the connection, or the server is down. Run the command again; if that repeats, set keepalives_idle=5 in DB_URL.',
        );
        const error = unreachable(this.way.target, words, undefined, hint);
        this.#lost ??= error;
        socketOf(this.client).destroy(error);
      },
    };
    try {
      return await endSilence(answered, line, address.silence ?? silenceLimits);
    } catch (error) {
      throw this.#brokenOff ? cancelled() : error;
    }
  }

  /** Ends the session. A running statement is abandoned and its transaction rolled back. */
  async close(): Promise<void> {
    const cut = (): void => {
      this.abandon();
    };
    const timer = setTimeout(cut, closeMs.atMost);
    try {
      // After a cancel the wait for a silent server is short.
      await stopAfter(this.client.end(), this.way.signal, closeMs.cancelled, cut);
    } catch (error) {
      this.way.logger.debug(`Closing the connection to the warehouse: ${String(error)}`);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the connection at once; pending calls fail. */
  abandon(): void {
    socketOf(this.client).destroy();
  }

  /** As `abandon`, and also asks the server to stop: otherwise it would continue to send. */
  stop(): void {
    requestCancel(this.client, graceMs.cut);
    this.abandon();
  }

  #cut(): void {
    this.#brokenOff = true;
    this.abandon();
  }
}
