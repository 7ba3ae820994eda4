import type { Dispatcher } from 'undici';
import { cancelled, EtlError } from '../errors.js';
import type { Logger } from '../logger.js';
import type { AnswerSource, TallyAnswer } from './answerSource.js';
import { Connection } from './connection.js';
import { charsetOf } from './encoding.js';
import { bodyFailure, requestFailure, statusFailure, timedOut } from './transportErrors.js';

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

/**
 * Talks to one Tally. One request is in flight at a time, the others wait their turn: Tally serves one after the other and
 * goes on working for callers that have left. Nothing is sent twice, and no connection is used twice: Tally closes idle
 * ones without a word.
 */
export class TallyClient implements AnswerSource {
  readonly #url: URL;
  readonly #options: TallyClientOptions;
  #lastTurn: Promise<void> = Promise.resolve();
  #connection: Connection | undefined;
  #closed = false;

  /** Throws `config` when the address is none for HTTP. */
  constructor(options: TallyClientOptions) {
    const url = URL.canParse(options.url) ? new URL(options.url) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol))
      throw new EtlError(
        'config',
        `Tally's address is not an http address: ${options.url}`,
        'Write TALLY_URL in your .env, or the setting tally.url, like http://localhost:9000.',
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
    return this.#send(sent, signal);
  }

  /** Asks for a path, `/status`. Fails as post does. */
  get(path: string, signal?: AbortSignal): Promise<TallyAnswer> {
    return this.#send({ method: 'GET', path }, signal);
  }

  /** Breaks off what is in flight and refuses what waits. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#connection?.destroy(cancelled());
  }

  async #send(sent: Dispatcher.RequestOptions, signal?: AbortSignal): Promise<TallyAnswer> {
    const release = await this.#turn(signal);
    const connection = new Connection(this.address, Math.min(maxConnectMs, this.#silenceMs), this.#silenceMs);
    const onAbort = (): void => void connection.destroy(cancelled());
    const close = async (): Promise<void> => {
      signal?.removeEventListener('abort', onAbort);
      await connection.destroy(null);
      release();
    };
    this.#connection = connection;
    signal?.addEventListener('abort', onAbort);
    const { logger, timeoutSeconds } = this.#options;
    const started = performance.now();
    try {
      logger.debug(`${sent.method} ${this.address}${sent.path}`);
      const response = await connection.send(sent);
      const length = Number(response.headers['content-length'] ?? NaN);
      const type = response.headers['content-type'];
      logger.debug(
        `Tally answered ${response.statusCode} after ${Math.round(performance.now() - started)} ms: ` +
          `${String(type ?? 'no content type')}, ${Number.isNaN(length) ? 'length unknown' : `${length} bytes`}`,
      );
      if (response.statusCode !== 200) throw statusFailure(response.statusCode, this.address);
      return {
        charset: charsetOf(Array.isArray(type) ? type[0] : type),
        totalBytes: Number.isNaN(length) ? undefined : length,
        body: this.#body(connection),
        close,
      };
    } catch (error) {
      await close();
      throw requestFailure(error, this.address, timeoutSeconds);
    }
  }

  get #silenceMs(): number {
    return Math.max(1, Math.round(this.#options.timeoutSeconds * 1000));
  }

  async *#body(connection: Connection): AsyncGenerator<Buffer> {
    const silence = timedOut('stopped in the middle of its answer', this.#options.timeoutSeconds);
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
