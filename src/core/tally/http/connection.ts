// Not from 'undici': its main entry replaces the fetch dispatcher of the whole process. In VS Code's extension host every other
// extension would then use ours.
import buildConnector from 'undici/lib/core/connect.js';
import Client from 'undici/lib/dispatcher/client.js';
import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import { AnswerHandler, type AnswerHead } from './answerHandler.js';

// The limit for bytes that were read from the socket and that the caller has not taken yet.
const maxWaitingBytes = 128 * 1024;
// How much of the beginning of an answer is kept for messages about an unreadable answer. It equals undici's limit for headers.
const beginningBytes = 16 * 1024;

/**
 * A connection for one request, with back-pressure. undici 7 has a fault that callers cannot catch. If the server ends the
 * connection while a slow reader has paused the parser, an assertion ends the process. undici 8 has fixed it
 * (nodejs/undici#5360), but needs a newer Node than VS Code has. So the parser is never paused; the socket is held back
 * instead. While enough bytes wait, reading from the socket returns nothing. The socket's own buffer then fills, and TCP makes
 * Tally wait.
 */
export class Connection {
  readonly #client: InstanceType<typeof Client>;
  #socket: Socket | undefined;
  readonly #answer = new AnswerHandler();
  #heldBack = false;
  readonly #beginning: Buffer[] = [];

  constructor(origin: string, connectMs: number, headersMs: number) {
    const connect = buildConnector({
      timeout: connectMs,
      autoSelectFamily: true, // `localhost` may be ::1 and 127.0.0.1, and Tally listens on one of them
      autoSelectFamilyAttemptTimeout: 2000,
    });
    this.#client = new Client(origin, {
      pipelining: 0,
      headersTimeout: headersMs,
      bodyTimeout: 0, // a slow reader would trigger this time-out; read() watches for silence instead
      connect: (options, callback) => {
        this.#socket = connect(options, callback);
        this.#gate(this.#socket);
      },
    });
  }

  send(options: Dispatcher.RequestOptions): Promise<AnswerHead> {
    this.#client.dispatch({ ...options, reset: true }, this.#answer);
    return this.#answer.head;
  }

  /** The body of the answer; can be read once. Calls `onSilence` if nothing arrived for `silenceMs` while the caller waited. */
  async *read(silenceMs: number, onSilence: () => void): AsyncGenerator<Buffer> {
    let waits = false;
    const timer = setTimeout(() => {
      if (waits) onSilence();
    }, silenceMs);
    try {
      for (;;) {
        waits = true;
        timer.refresh();
        const chunks = await this.#answer.take();
        waits = false;
        if (chunks.length === 0) return;
        this.#letThrough();
        yield* chunks;
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Reads the body and discards it. A silence of `silenceMs` ends the connection. */
  async drain(silenceMs: number): Promise<void> {
    const chunks = this.read(silenceMs, () => void this.destroy(new Error('silent')));
    while ((await chunks.next()).done !== true);
  }

  /** The number of bytes that Tally has sent on this connection. */
  get bytesRead(): number {
    return this.#socket?.bytesRead ?? 0;
  }

  /** The first bytes of the answer, including its head. */
  get beginning(): Buffer {
    return Buffer.concat(this.#beginning).subarray(0, beginningBytes);
  }

  /** Aborts the request in flight; its caller gets this error. */
  async destroy(error: Error | null): Promise<void> {
    const destroyed = this.#client.destroy(error);
    this.#socket?.destroy(); // a socket that is still connecting would keep the process alive
    await destroyed;
  }

  #gate(socket: Socket): void {
    const read = socket.read.bind(socket);
    socket.read = (size?: number): unknown => {
      this.#heldBack = this.#answer.waitingBytes >= maxWaitingBytes;
      const chunk = this.#heldBack ? null : (read(size) as Buffer | null);
      if (chunk !== null && socket.bytesRead - chunk.length < beginningBytes) this.#beginning.push(chunk);
      return chunk;
    };
  }

  #letThrough(): void {
    if (this.#heldBack) this.#socket?.emit('readable');
  }
}
