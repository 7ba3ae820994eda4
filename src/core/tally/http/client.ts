import { setTimeout as sleep } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import type { Dispatcher } from 'undici';
import { cancelled, EtlError } from '../../base/errors.js';
import type { Logger } from '../../base/logger.js';
import type { AnswerSource, TallyAnswer } from '../answerSource.js';
import { Connection } from './connection.js';
import { charsetOf } from '../xml/encoding.js';
import { closesUnanswered, statusFailure } from './httpOddities.js';
import {
  bodyFailure,
  closedUnanswered,
  lostRequest,
  requestFailure,
  silentInAnswer,
  type Lost,
} from './transportErrors.js';

export interface TallyClientOptions {
  /** `http://host:port`. */
  url: string;
  /** The longest silence of Tally that is tolerated, before an answer and within it. */
  timeoutSeconds: number;
  logger: Logger;
  /**
   * The encoding of the requests, by default UTF-16. Tally answers in the same encoding; ₹ and Indian scripts survive only in
   * UTF-16.
   */
  encoding?: 'utf-16' | 'utf-8';
}

const maxConnectMs = 10_000;

/** How often a request is sent in total, if Tally is not busy with it. The waits between add up to 0.5 to 1.5 seconds. */
const maxTries = 3;
const firstWaitMs = 250;

/**
 * Talks to one Tally. Only one request is in flight; the others wait for their turn. Reason: Tally serves requests one after
 * the other, and goes on working for callers that have left (docs/tally.md §2, "Busy, slow, hanging"). So a request is sent
 * again only in two cases:
 *
 * - The connection was refused: Tally never saw the request.
 * - The connection was closed before the first byte of the answer, and Tally then answers `/status`. Tally may have begun with
 *   the request, but it answers `/status` only after it has finished the request.
 *
 * A request is never sent again after a time-out, which shows that Tally is busy, nor after the first byte of an answer. No
 * connection is used twice: Tally closes idle connections without notice.
 */
export class TallyClient implements AnswerSource {
  readonly #url: URL;
  readonly #options: TallyClientOptions;
  #lastTurn: Promise<void> = Promise.resolve();
  #connection: Connection | undefined;
  #inFlight: AbortController | undefined;
  #closed = false;

  /** Throws `config` if the URL is not an HTTP address. */
  constructor(options: TallyClientOptions) {
    const url = URL.canParse(options.url) ? new URL(options.url) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol))
      throw new EtlError(
        'config',
        t("Tally's address is not an http address: {address}", { address: options.url }),
        t('Write TALLY_URL like http://localhost:9000.'),
        { setting: 'TALLY_URL' },
      );
    this.#url = url;
    this.#options = options;
  }

  /** The address to which this client sends its requests, for messages. */
  get address(): string {
    return this.#url.origin;
  }

  /** Sends a request. Fails with the codes `tally-*` and `answer-*`, and with `cancelled`. */
  post(xml: string, signal?: AbortSignal): Promise<TallyAnswer> {
    const wide = this.#options.encoding !== 'utf-8';
    this.#options.logger.trace(xml);
    const sent = {
      method: 'POST',
      path: `${this.#url.pathname}${this.#url.search}`,
      headers: { 'content-type': `text/xml;charset=${wide ? 'utf-16' : 'utf-8'}` },
      body: Buffer.from(xml, wide ? 'utf16le' : 'utf8'),
    } as const;
    return this.#send(sent, maxTries, signal);
  }

  /** Requests a path (`/status`) once, without retries: the caller wants to know the present state. Fails as post does. */
  get(path: string, signal?: AbortSignal): Promise<TallyAnswer> {
    return this.#send({ method: 'GET', path }, 1, signal);
  }

  /** Whether Tally has finished all requests: it then answers `/status` within the time-out (docs/tally.md §2). */
  async isFree(signal: AbortSignal): Promise<boolean> {
    const release = await this.#turn(signal);
    try {
      return await this.#isFree(signal);
    } finally {
      release();
    }
  }

  /** Aborts the request in flight and refuses the requests that wait. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#inFlight?.abort();
    await this.#connection?.destroy(cancelled());
  }

  async #send(sent: Dispatcher.RequestOptions, tries: number, signal?: AbortSignal): Promise<TallyAnswer> {
    const release = await this.#turn(signal);
    const stop = new AbortController();
    const onAbort = (): void => {
      stop.abort();
    };
    const leave = (): void => {
      signal?.removeEventListener('abort', onAbort);
      release();
    };
    this.#inFlight = stop;
    signal?.addEventListener('abort', onAbort);
    try {
      for (let tried = 1; ; tried++) {
        const connection = this.#connect(stop.signal);
        try {
          return await this.#ask(connection, sent, leave);
        } catch (error) {
          await connection.destroy(null);
          const lost = tried < tries ? lostRequest(error, connection.bytesRead) : undefined;
          const again = lost !== undefined && (await this.#mayRepeat(lost, tried, stop.signal));
          if (stop.signal.aborted) throw cancelled();
          // A request with a single try is always `/status`.
          if (tries === 1 && closedUnanswered(error, connection.bytesRead)) throw closesUnanswered(this.address);
          if (!again) throw requestFailure(error, this.address, this.#options.timeoutSeconds, connection.beginning);
        }
      }
    } catch (error) {
      leave();
      throw error;
    }
  }

  #connect(signal: AbortSignal): Connection {
    const connection = new Connection(this.address, Math.min(maxConnectMs, this.#silenceMs), this.#silenceMs);
    signal.addEventListener('abort', () => void connection.destroy(cancelled()));
    this.#connection = connection;
    return connection;
  }

  async #ask(connection: Connection, sent: Dispatcher.RequestOptions, leave: () => void): Promise<TallyAnswer> {
    const { logger } = this.#options;
    const started = performance.now();
    logger.debug(`${sent.method} ${this.address}${sent.path}`);
    const response = await connection.send(sent);
    const length = Number(response.headers['content-length'] ?? NaN);
    const type = response.headers['content-type'];
    logger.debug(
      `Tally answered ${response.statusCode} after ${Math.round(performance.now() - started)} ms: ` +
        `${String(type ?? 'no content type')}, ${Number.isNaN(length) ? 'length unknown' : `${length} bytes`}`,
    );
    if (response.statusCode !== 200)
      throw statusFailure(response.statusCode, response.headers, connection.beginning, this.address);
    return {
      charset: charsetOf(Array.isArray(type) ? type[0] : type),
      totalBytes: Number.isNaN(length) ? undefined : length,
      body: this.#body(connection),
      close: async () => {
        await connection.destroy(null);
        leave();
      },
    };
  }

  /** Waits a random time, longer with each try. Returns whether the request may then be sent again. */
  async #mayRepeat(lost: Lost, tried: number, signal: AbortSignal): Promise<boolean> {
    const waitMs = firstWaitMs * 3 ** (tried - 1) * (0.5 + Math.random());
    this.#options.logger.info(
      lost === 'refused'
        ? `Nothing listens at ${this.address} (connection refused); trying again in ${(waitMs / 1000).toFixed(1)} seconds.`
        : 'Tally closed the connection without an answer; asking again when it is free.',
    );
    await sleep(waitMs, undefined, { signal }).catch(() => undefined); // the code below checks the signal
    return !signal.aborted && (lost === 'refused' || (await this.#isFree(signal)));
  }

  /** Whether Tally answers `/status` before the time-out. Throws if the connection for `/status` is closed unanswered too. */
  async #isFree(signal: AbortSignal): Promise<boolean> {
    const connection = this.#connect(signal);
    try {
      const response = await connection.send({ method: 'GET', path: '/status' });
      await connection.drain(this.#silenceMs);
      return response.statusCode === 200;
    } catch (error) {
      if (closedUnanswered(error, connection.bytesRead)) throw closesUnanswered(this.address);
      this.#options.logger.debug(`No answer to /status: ${String(error)}`); // the user sees the failure of the request itself
      return false;
    } finally {
      await connection.destroy(null);
    }
  }

  get #silenceMs(): number {
    return Math.max(1, Math.round(this.#options.timeoutSeconds * 1000));
  }

  async *#body(connection: Connection): AsyncGenerator<Buffer> {
    const silence = silentInAnswer(this.#options.timeoutSeconds);
    try {
      yield* connection.read(this.#silenceMs, () => void connection.destroy(silence));
    } catch (error) {
      throw bodyFailure(error);
    }
  }

  /** Waits until no other request is in flight. The returned function lets the next request start. */
  async #turn(signal?: AbortSignal): Promise<() => void> {
    const previous = this.#lastTurn;
    let release!: () => void;
    const mine = new Promise<void>((resolve) => (release = resolve));
    this.#lastTurn = previous.then(() => mine);
    try {
      await untilAborted(previous, signal);
      if (this.#closed) throw cancelled();
      return release;
    } catch (error) {
      release();
      throw error;
    }
  }
}

async function untilAborted(promise: Promise<void>, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) throw cancelled();
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => {
      reject(cancelled());
    };
    signal?.addEventListener('abort', onAbort);
  });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    if (onAbort) signal?.removeEventListener('abort', onAbort);
  }
}
