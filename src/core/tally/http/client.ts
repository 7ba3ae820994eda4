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
  /** The longest silence of Tally that is waited out, before and within an answer. */
  timeoutSeconds: number;
  logger: Logger;
  /** How requests are sent, which decides how Tally answers: ₹ and Indian scripts survive in UTF-16 only. */
  encoding?: 'utf-16' | 'utf-8';
}

const maxConnectMs = 10_000;

/** How often a request is sent in all, when Tally is known not to be busy with it. The waits between come to 0.5 to 1.5 s. */
const maxTries = 3;
const firstWaitMs = 250;

/**
 * Talks to one Tally. One request is in flight at a time, the others wait their turn: Tally serves one after the other and
 * goes on working for callers that have left (docs/tally.md §2, "Busy, slow, hanging"). So a request is sent again only
 *
 * - when the connection was refused: Tally never saw it;
 * - when the connection was closed before a byte of the answer, and Tally then answers `/status`: it may have begun with
 *   the request, and that answer comes when it is done with it.
 *
 * Never after a time-out, which says that Tally is busy, and never after the first byte. No connection is used twice:
 * Tally closes idle ones without a word.
 */
export class TallyClient implements AnswerSource {
  readonly #url: URL;
  readonly #options: TallyClientOptions;
  #lastTurn: Promise<void> = Promise.resolve();
  #connection: Connection | undefined;
  #inFlight: AbortController | undefined;
  #closed = false;

  /** Throws `config` when the address is none for HTTP. */
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

  /** Where this client sends its requests, for messages. */
  get address(): string {
    return this.#url.origin;
  }

  /** Sends a request. Fails with `tally-unreachable`, `tally-timeout`, `tally-refused`, `answer-cut` or `cancelled`. */
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

  /** Asks for a path, `/status`, once: whoever does wants to know how it is now. Fails as post does. */
  get(path: string, signal?: AbortSignal): Promise<TallyAnswer> {
    return this.#send({ method: 'GET', path }, 1, signal);
  }

  /** Whether Tally has finished all requests: then it answers `/status` within the time-out (docs/tally.md §2). */
  async isFree(signal: AbortSignal): Promise<boolean> {
    const release = await this.#turn(signal);
    try {
      return await this.#isFree(signal);
    } finally {
      release();
    }
  }

  /** Breaks off what is in flight and refuses what waits. */
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
          // Asked once, it was `/status`.
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
    await sleep(waitMs, undefined, { signal }).catch(() => undefined); // who waits looks at the signal
    return !signal.aborted && (lost === 'refused' || (await this.#isFree(signal)));
  }

  /** Whether Tally answers `/status` before its longest silence is over. Throws where that is closed unanswered too. */
  async #isFree(signal: AbortSignal): Promise<boolean> {
    const connection = this.#connect(signal);
    try {
      const response = await connection.send({ method: 'GET', path: '/status' });
      await connection.drain(this.#silenceMs);
      return response.statusCode === 200;
    } catch (error) {
      if (closedUnanswered(error, connection.bytesRead)) throw closesUnanswered(this.address);
      this.#options.logger.debug(`No answer to /status: ${String(error)}`); // the request's own failure is told
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

  /** Waits until no other request is in flight; the returned function lets the next one go. */
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
