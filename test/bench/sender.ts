import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { once } from 'node:events';
import type { DateRange } from '../../src/core/base/calendar.js';
import type { MastersAsked } from '../../src/demo/answers/xml/balanceFields.js';
import { collectionXml, companyRows } from '../../src/demo/answers/xml/collectionXml.js';
import { masterRows } from '../../src/demo/answers/xml/masterRows.js';
import { encoded } from '../../src/demo/answers/encoding.js';
import { answerHead } from '../../src/demo/answers/xml/head.js';
import { plain } from '../../src/demo/behaviours/rewriting.js';
import { voucherNotFound } from '../../src/demo/answers/refusals.js';
import { plainName, readRequest, type TallyRequest } from '../../src/demo/answers/request.js';
import { usualSwitches } from '../../src/demo/behaviours/switches.js';
import type { Book } from '../../src/demo/book/book.js';
import { collectionFields, digestSums, indexFields, ledgerFields, openingsAsked } from './asked.js';
import { benchBook } from './book.js';
import { VoucherPlaces, type Piece, type PreparedAnswer, type PreparedBook } from './prepared.js';

/**
 * Starts a Tally that only sends prepared answers, and returns its address. `/NAME` serves a book's whole Day Book
 * whatever the dates, and `/NAME?dates` only the requested days. Both answer all other requests of the product.
 */
export async function startSender(books: PreparedBook[]): Promise<string> {
  const served = new Map(books.map((book) => [`/${book.name}`, new ServedBook(book)]));
  const server = http.createServer((incoming, response) => {
    answer(incoming, response, served).catch((error: unknown) => {
      // A client may hang up as soon as it has its last byte.
      if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') console.error(error);
      response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function answer(
  incoming: http.IncomingMessage,
  response: http.ServerResponse,
  books: ReadonlyMap<string, ServedBook>,
): Promise<void> {
  const request = readRequest(await buffer(incoming), incoming.headers['content-type']);
  const { pathname, search } = new URL(incoming.url!, 'http://sender');
  const book = books.get(pathname);
  if (book === undefined) throw new Error(`No such book: ${pathname}`);
  const parts = book.answerTo(request, search === '?dates');
  const length = parts.reduce((sum, part) => sum + lengthOf(part), 0);
  const { encoding } = book.prepared;
  response.writeHead(200, answerHead({ ...usualSwitches, encoding, rewriting: plain }, length));
  if (length <= atOnceBytes) {
    response.end(Buffer.concat(parts.map(bytesOf)));
    return;
  }
  for (const part of parts) {
    if (Buffer.isBuffer(part) || lengthOf(part) <= atOnceBytes) response.write(bytesOf(part));
    else await sendPiece(response, part);
  }
  response.end();
}

/** Bytes in memory, or of an open file. */
type Part = Buffer | (Piece & { file: number });

/** Up to this size an answer or a piece is sent by one write: a stream for each of many small pieces would slow the sender. */
const atOnceBytes = 1024 * 1024;

const lengthOf = (part: Part): number => (Buffer.isBuffer(part) ? part.length : part.to - part.from);

function bytesOf(part: Part): Buffer {
  if (Buffer.isBuffer(part)) return part;
  const bytes = Buffer.allocUnsafe(lengthOf(part));
  for (let at = 0; at < bytes.length;) at += fs.readSync(part.file, bytes, at, bytes.length - at, part.from + at);
  return bytes;
}

async function sendPiece(response: http.ServerResponse, { file, from, to }: Exclude<Part, Buffer>): Promise<void> {
  if (to === from) return;
  const options = { fd: file, autoClose: false, start: from, end: to - 1, highWaterMark: 512 * 1024 };
  await pipeline(fs.createReadStream('', options), response, { end: false });
}

/** A prepared book. Answers that take long to make are made before the first request. */
class ServedBook {
  readonly #book: Book;
  readonly #places: VoucherPlaces;
  readonly #files = new Map<string, number>();
  readonly #small = new Map<string, Buffer>();

  constructor(readonly prepared: PreparedBook) {
    this.#book = benchBook(prepared);
    const { buffer, byteOffset, length } = fs.readFileSync(prepared.places);
    this.#places = new VoucherPlaces(new Float64Array(buffer, byteOffset, length / 8));
    // To find a company's last voucher the whole book is gone through. Done here, it costs the first run nothing.
    companyRows([this.#book]);
    const { companyName, range } = this.#book;
    if (prepared.withOthers) this.#smallAnswer(openingsAsked(companyName, range.from), 'LEDGER');
  }

  /** `keepsDates`: the Day Book has only the requested days. */
  answerTo(request: TallyRequest, keepsDates: boolean): Part[] {
    const name = plainName(request.name);
    const { dayBook, digests } = this.prepared;
    if (request.kind === 'voucher') return this.#objectOf(name);
    if (request.kind === 'report' && name === 'DAYBOOK')
      return this.#parts(dayBook, keepsDates ? daysOf(dayBook, rangeOf(request)) : allOf(dayBook));
    if (request.kind !== 'collection' || name !== 'VOUCHER') return [this.#smallAnswer(request, name)];
    if (request.literal !== undefined) throw new Error('It filters by dates.');
    if (request.sums) {
      refuseOthers(request.sums, digestSums);
      return this.#parts(digests, daysOf(digests, rangeOf(request)));
    }
    const kind = collectionOf(request.fields);
    const collection = this.prepared[kind];
    if (collection === undefined) throw new Error('This book is not prepared for chosen fields.');
    const days = daysOf(collection, rangeOf(request));
    const { alteredAfter } = request;
    const pieces = alteredAfter === undefined ? [days] : this.#places.alteredIn(kind, days, alteredAfter);
    return this.#parts(collection, ...pieces);
  }

  #objectOf(id: string): Part[] {
    const { dayBook, object, encoding } = this.prepared;
    const place = this.#places.inDayBook(Number(/^ID:(\d+)$/.exec(id)?.[1]));
    if (place === undefined) return [encoded(voucherNotFound(id), encoding)];
    const file = this.#open(dayBook);
    return [encoded(object.opening, encoding), { file, ...place }, encoded(object.closing, encoding)];
  }

  #parts(answer: PreparedAnswer, ...pieces: Piece[]): Part[] {
    const { bytes, openingBytes, closingBytes } = answer;
    const file = this.#open(answer);
    return [{ from: 0, to: openingBytes }, ...pieces, { from: bytes - closingBytes, to: bytes }].map((piece) => ({
      file,
      ...piece,
    }));
  }

  #open({ file }: PreparedAnswer): number {
    const open = this.#files.get(file) ?? fs.openSync(file, 'r');
    this.#files.set(file, open);
    return open;
  }

  /** The answer to a request for companies or masters. */
  #smallAnswer(request: TallyRequest, type: string): Buffer {
    const { kind, name, fields, from, to } = request;
    const key = JSON.stringify([kind, type, fields, from, to]);
    let bytes = this.#small.get(key);
    if (bytes === undefined) {
      const rows =
        type === 'COMPANY' ? companyRows([this.#book]) : masterRows(this.#book, type, this.#mastersAsked(request));
      if (kind !== 'collection' || rows === undefined) throw new Error(`Not prepared for: ${name}`);
      bytes = encoded(collectionXml(this.#book, type, rows, fields), this.prepared.encoding);
      this.#small.set(key, bytes);
    }
    return bytes;
  }

  #mastersAsked({ fields, from, to }: TallyRequest): MastersAsked {
    const { range } = this.#book;
    return { ...usualSwitches, fields, period: { from: from ?? range.from, to: to ?? range.to } };
  }
}

/** The prepared collection of vouchers that has just these fields. */
function collectionOf(fields: readonly string[]): 'index' | 'collection' | 'ledgerCollection' {
  if (!fields.some((field) => field.includes('.'))) {
    refuseOthers(fields, indexFields);
    return 'index';
  }
  const isWithLedger = fields.length === ledgerFields.length;
  refuseOthers(fields, isWithLedger ? ledgerFields : collectionFields);
  return isWithLedger ? 'ledgerCollection' : 'collection';
}

function refuseOthers(asked: unknown, prepared: unknown): void {
  if (JSON.stringify(asked) !== JSON.stringify(prepared))
    throw new Error(`Not prepared for the fields ${JSON.stringify(asked)}`);
}

function rangeOf({ from, to }: TallyRequest): DateRange {
  if (!from || !to) throw new Error('The request has no dates.');
  return { from, to };
}

/** All that stands between opening and closing. */
const allOf = ({ bytes, openingBytes, closingBytes }: PreparedAnswer): Piece => ({
  from: openingBytes,
  to: bytes - closingBytes,
});

function daysOf(answer: PreparedAnswer, range: DateRange): Piece {
  const end = allOf(answer).to;
  const from = answer.days.find(({ date }) => date >= range.from)?.at ?? end;
  return { from, to: answer.days.find(({ date }) => date > range.to)?.at ?? end };
}
