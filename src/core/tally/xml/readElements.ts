import { setImmediate } from 'node:timers/promises';
import { t } from '@vscode/l10n';
import { cancelled } from '../../base/errors.js';
import { formatCount } from '../../base/format.js';
import { answerCut, refuseErrorWords, refuseIncomplete, type Outside } from '../answerErrors.js';
import type { AnswerSource, TallyAnswer } from '../answerSource.js';
import {
  decodeAnswer,
  detectEncoding,
  detectionBytes,
  ElementEncodings,
  normalPieces,
  type Encoding,
} from './encoding.js';
import { ElementSplitter } from './splitElements.js';

/** One element of an answer, undecoded; valid until the next element is requested. */
export interface ElementBytes {
  bytes: Buffer;
  encoding: Encoding;
  /** Why the element's text cannot be trusted: its bytes do not fit the encoding of the rest of the answer. */
  damage?: string;
}

export interface ElementRequest {
  xml: string;
  /** The name or names of the elements to extract: `VOUCHER`, `LEDGER`. */
  element: string | readonly string[];
  /** Elements that hold nothing but text are wanted too: the rows of a report of Tally's screen. */
  withLeaves?: true;
  /** Called once with the text before the first element, also if the answer has no element; may throw. */
  checkHead?: (head: string) => void;
  /** Called for each piece with the number of bytes received so far, and with the whole length if Tally announces it. */
  onBytes?: (bytes: number, totalBytes: number | undefined) => void;
  /** Called at the end of a whole answer with the text around its elements. */
  checkOutside?: (outside: Outside) => void;
}

// Work is done in slices. Otherwise a body whose chunks are already buffered would block all timers for hundreds of
// milliseconds.
const sliceMs = 8;

/**
 * Sends a request and cuts the answer into elements while it arrives. An answer that is an error, is not XML or breaks off
 * fails with its code, at the end at the latest. The caller must then discard the elements that it has read.
 */
export async function* readElements(
  source: AnswerSource,
  request: ElementRequest,
  signal?: AbortSignal,
): AsyncGenerator<ElementBytes> {
  let sliceStart = performance.now();
  for await (const elements of readElementGroups(source, request, signal))
    for (const element of elements) {
      yield element;
      if (performance.now() - sliceStart < sliceMs) continue;
      await setImmediate();
      sliceStart = performance.now();
      if (signal?.aborted) throw cancelled();
    }
}

/**
 * Like readElements, but yields the elements in groups: those that a piece of about 64 KB completes. For small elements, where
 * yielding each one costs more than reading it. Read each group to its end before you request the next group.
 */
export async function* readElementGroups(
  source: AnswerSource,
  request: ElementRequest,
  signal?: AbortSignal,
): AsyncGenerator<Iterable<ElementBytes>> {
  if (source.parts !== undefined) {
    yield* readParts(source.parts, request, signal);
    return;
  }
  const answer = await source.post(request.xml, signal);
  const cutter = new AnswerCutter(request);
  let sliceStart = performance.now();
  try {
    for await (const piece of readPieces(answer)) {
      request.onBytes?.(piece.received, answer.totalBytes);
      cutter.push(piece);
      yield cutter.elements();
      if (signal?.aborted) throw cancelled();
      if (performance.now() - sliceStart < sliceMs) continue;
      await setImmediate();
      sliceStart = performance.now();
    }
    cutter.finish();
  } catch (error) {
    throw source.inWords?.(error) ?? error;
  } finally {
    await answer.close();
  }
}

async function* readParts(
  { sources, totalBytes }: NonNullable<AnswerSource['parts']>,
  request: ElementRequest,
  signal: AbortSignal | undefined,
): AsyncGenerator<Iterable<ElementBytes>> {
  let before = 0;
  for (const source of sources) {
    let read = 0;
    const onBytes = (bytes: number): void => {
      read = bytes;
      request.onBytes?.(before + bytes, totalBytes);
    };
    yield* readElementGroups(source, { ...request, onBytes }, signal);
    before += read;
  }
}

/** Cuts one answer into its elements. Checks the text around them for Tally's error messages as early as possible. */
class AnswerCutter {
  #encoding: Encoding = 'utf-8';
  #encodings: ElementEncodings | undefined;
  #splitter: ElementSplitter | undefined;
  #headChecked = false;
  #seen = false;

  constructor(private readonly request: ElementRequest) {}

  push({ bytes, encoding }: ElementBytes): void {
    this.#encoding = encoding;
    this.#encodings ??= new ElementEncodings(encoding);
    this.#splitter ??= new ElementSplitter(this.request.element, encoding, undefined, this.request.withLeaves);
    this.#splitter.push(bytes);
  }

  /** All complete elements. */
  *elements(): Generator<ElementBytes> {
    for (let element = this.#next(); element !== undefined; element = this.#next()) yield element;
  }

  #next(): ElementBytes | undefined {
    const splitter = this.#splitter!;
    const bytes = splitter.next();
    // Also checks a full head without an element: an answer that is not Tally's may never end.
    if (!this.#headChecked && (bytes !== undefined || splitter.outside.headIsFull)) {
      const head = decodeAnswer(splitter.outside.head, this.#encoding);
      refuseErrorWords({ head, tail: '' });
      this.request.checkHead?.(head);
      this.#headChecked = true;
    }
    if (bytes === undefined) return undefined;
    this.#seen = true;
    const { encoding, damage } = this.#encodings!.of(bytes);
    return damage === undefined ? { bytes, encoding } : { bytes, encoding, damage };
  }

  /** After the last bytes: throws unless a whole answer came. */
  finish(): void {
    const splitter = this.#splitter;
    const cut = splitter?.finish().cut ?? false;
    const outside = {
      head: splitter ? decodeAnswer(splitter.outside.head, this.#encoding) : '',
      tail: splitter ? decodeAnswer(splitter.outside.tail, this.#encoding) : '',
    };
    refuseIncomplete(outside, cut ? 'cut' : this.#seen ? 'whole' : 'none');
    if (!this.#headChecked) this.request.checkHead?.(outside.head);
    this.request.checkOutside?.(outside);
  }
}

interface Piece extends ElementBytes {
  /** The number of bytes of the answer so far. */
  received: number;
}

/** The body in pieces of at most 64 KB, with its encoding detected and its byte order mark removed. */
async function* readPieces(answer: TallyAnswer): AsyncGenerator<Piece> {
  let detected: ReturnType<typeof detectEncoding> | undefined;
  let waiting = Buffer.alloc(0);
  let received = 0;
  const carry: { byte?: number } = {};
  const pieces = function* (chunk: Buffer): Generator<Piece> {
    detected ??= detectEncoding(waiting, answer.charset);
    for (const bytes of normalPieces(chunk, detected, carry)) yield { bytes, encoding: detected.encoding, received };
  };
  for await (const chunk of answer.body) {
    received += chunk.length;
    if (detected !== undefined) {
      yield* pieces(chunk);
      continue;
    }
    waiting = Buffer.concat([waiting, chunk]);
    if (waiting.length < detectionBytes) continue;
    detected = detectEncoding(waiting, answer.charset);
    yield* pieces(waiting.subarray(detected.bomLength));
  }
  if (detected === undefined && waiting.length > 0) yield* pieces(waiting);
  if (answer.totalBytes !== undefined && received < answer.totalBytes)
    throw answerCut(
      t('Tally announced {announced} bytes and sent {received}.', {
        announced: formatCount(answer.totalBytes),
        received: formatCount(received),
      }),
    );
}
