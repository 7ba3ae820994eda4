import type { Dispatcher } from 'undici';

/** By their names in lower case; several when one came more than once. */
type Headers = Record<string, string | string[] | undefined>;

export interface AnswerHead {
  statusCode: number;
  headers: Headers;
}

/**
 * What undici calls as an answer comes in; what has not been taken yet waits here. undici's own body is a stream, whose
 * events and promises cost as much for each piece as looking for the vouchers in it.
 */
export class AnswerHandler implements Dispatcher.DispatchHandler {
  /** The head of the answer; fails with what the request failed with. */
  readonly head: Promise<AnswerHead>;
  /** Bytes that have come and have not been taken. */
  waitingBytes = 0;
  #chunks: Buffer[] = [];
  #ended = false;
  #error: Error | undefined;
  #answered!: (head: AnswerHead) => void;
  #failed!: (error: Error) => void;
  #wake: (() => void) | undefined;

  constructor() {
    this.head = new Promise((resolve, reject) => {
      this.#answered = resolve;
      this.#failed = reject;
    });
  }

  /** All that waits, as soon as there is something; nothing at the end. Fails with what the answer broke off with. */
  async take(): Promise<Buffer[]> {
    if (this.#chunks.length === 0 && !this.#ended && this.#error === undefined)
      await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#error !== undefined) throw this.#error;
    const chunks = this.#chunks;
    this.#chunks = [];
    this.waitingBytes = 0;
    return chunks;
  }

  onRequestStart(): void {
    // undici knows by this method that the others are of its newer kind
  }

  onResponseStart(_: Dispatcher.DispatchController, statusCode: number, headers: Headers): void {
    if (statusCode >= 200) this.#answered({ statusCode, headers });
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.waitingBytes += chunk.length;
    this.#wake?.();
  }

  onResponseEnd(): void {
    this.#ended = true;
    this.#wake?.();
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#error = error;
    this.#failed(error);
    this.#wake?.();
  }
}
