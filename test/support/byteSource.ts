import type { AnswerSource } from '../../src/core/tally/answerSource.js';

export interface ByteSourceOptions {
  charset?: string | undefined;
  /** The length that Tally announces; none if absent. */
  totalBytes?: number | undefined;
  /** The size of the next chunk; if absent, one chunk has everything. */
  nextSize?: () => number;
}

/** A source that answers every request with the same bytes, in chunks of any size. */
export const byteSource = (bytes: Buffer, options: ByteSourceOptions = {}): AnswerSource => ({
  post: () =>
    Promise.resolve({
      charset: options.charset,
      totalBytes: options.totalBytes,
      body: chunks(bytes, options.nextSize ?? (() => bytes.length)),
      close: () => Promise.resolve(),
    }),
});

// Each chunk is a copy, as from a socket: a reader that keeps a part of it would otherwise see the next chunk there.
async function* chunks(bytes: Buffer, nextSize: () => number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length;) {
    const size = Math.max(1, nextSize());
    yield Buffer.from(bytes.subarray(at, at + size));
    at += size;
    await Promise.resolve();
  }
}
