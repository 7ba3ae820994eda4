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

/** One element of an answer, undecoded; valid until the next one is asked for. */
export interface ElementBytes {
  bytes: Buffer;
  encoding: Encoding;
  /** Why its text cannot be trusted: its bytes do not fit the encoding that the rest of the answer has. */
  damage?: string;
}

export interface ElementRequest {
  xml: string;
  /** The name or names of the elements to cut out: `VOUCHER`, `LEDGER`. */
  element: string | readonly string[];
  /** Called before the first element with what stands before it; may throw. */
  checkHead?: (head: string) => void;
  /** Called with the number of bytes of each piece, and with the whole length where Tally says it. */
  onBytes?: (bytes: number, totalBytes: number | undefined) => void;
  /** Called after a whole answer with what stands around its elements. */
  checkOutside?: (outside: Outside) => void;
}

// Work is cut into slices: a body whose chunks are buffered would else run for hundreds of ms without one timer firing.
const sliceMs = 8;

/**
 * Asks Tally and cuts its answer into elements as it comes. An answer that is an error, is no XML or breaks off fails with
 * its code, at the latest at the end: what was read until then must not be believed.
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
 * As readElements, but hands over the elements in groups: those that a piece of about 64 KB completes. For small
 * elements, where handing over each one costs more than reading it. Read each group to its end before you ask for the
 * next group.
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
    this.#splitter ??= new ElementSplitter(this.request.element, encoding);
    this.#splitter.push(bytes);
  }

  /** All that are complete. */
  *elements(): Generator<ElementBytes> {
    for (let element = this.#next(); element !== undefined; element = this.#next()) yield element;
  }

  #next(): ElementBytes | undefined {
    const splitter = this.#splitter!;
    const bytes = splitter.next();
    // What is no answer of Tally's may have no end either.
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
  /** Bytes of the answer so far. */
  received: number;
}

/** The body in pieces of at most 64 KB, its encoding detected, without its byte order mark. */
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
