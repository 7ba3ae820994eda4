import type { Dispatcher } from 'undici';

/** Headers by their names in lower case. A header that came more than once has an array of values. */
type Headers = Record<string, string | string[] | undefined>;

export interface AnswerHead {
  statusCode: number;
  headers: Headers;
}

/**
 * The handler that undici calls while an answer arrives. It keeps the bytes that the caller has not taken yet. undici's own
 * body is a stream, whose events and promises cost as much per piece as searching the piece for vouchers.
 */
export class AnswerHandler implements Dispatcher.DispatchHandler {
  /** The head of the answer; rejects with the error of the request. */
  readonly head: Promise<AnswerHead>;
  /** The number of bytes that have arrived and have not been taken. */
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

  /**
   * Resolves with all waiting chunks as soon as there are any, and with an empty list at the end. Rejects if the answer broke
   * off.
   */
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
    // undici recognises its newer kind of handler by this method
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
