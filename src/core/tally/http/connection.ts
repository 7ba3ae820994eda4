// Not from 'undici': its main entry replaces the fetch dispatcher of the whole process, and in VS Code's extension host
// every other extension would then use ours.
import buildConnector from 'undici/lib/core/connect.js';
import Client from 'undici/lib/dispatcher/client.js';
import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import { AnswerHandler, type AnswerHead } from './answerHandler.js';

// What may wait, read from the socket and not yet by the caller.
const maxWaitingBytes = 128 * 1024;
// What is kept of the beginning of an answer, for messages about one that cannot be read: undici's limit for headers.
const beginningBytes = 16 * 1024;

/**
 * A connection for one request, with back-pressure. undici 7 has a fault that no caller can catch: when the server ends
 * the connection while a slow reader has paused the parser, an assertion ends the process (nodejs/undici#5360, mended in 8,
 * which needs a newer Node than VS Code has). So its parser is never paused; the socket is held back instead: while enough
 * bytes wait, reading it gives nothing, its own buffer fills, and TCP makes Tally wait.
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
      bodyTimeout: 0, // a slow reader would set it off; read() watches the silence instead
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

  /** The body of the answer, once; `onSilence` is called when nothing has come for so long while the caller waited. */
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

  /** Reads the body and keeps nothing of it; a silence breaks it off. */
  async drain(silenceMs: number): Promise<void> {
    const chunks = this.read(silenceMs, () => void this.destroy(new Error('silent')));
    while ((await chunks.next()).done !== true);
  }

  /** What Tally has sent on this connection. */
  get bytesRead(): number {
    return this.#socket?.bytesRead ?? 0;
  }

  /** The first bytes of the answer, its head among them. */
  get beginning(): Buffer {
    return Buffer.concat(this.#beginning).subarray(0, beginningBytes);
  }

  /** Breaks off what is in flight, with this error for whoever waits. */
  async destroy(error: Error | null): Promise<void> {
    const destroyed = this.#client.destroy(error);
    this.#socket?.destroy(); // one that is still connecting would keep the process alive
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
