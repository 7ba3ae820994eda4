import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { once } from 'node:events';
import type { DateRange } from '../../src/core/base/calendar.js';
import { collectionXml, companyRows, masterRows } from '../../src/demo/answers/xml/collectionXml.js';
import { digestXml } from '../../src/demo/answers/xml/digestXml.js';
import { encoded } from '../../src/demo/answers/encoding.js';
import { answerHead } from '../../src/demo/answers/xml/head.js';
import { plain } from '../../src/demo/behaviours/rewriting.js';
import { plainName, readRequest, type TallyRequest } from '../../src/demo/answers/request.js';
import { usualSwitches } from '../../src/demo/behaviours/switches.js';
import { benchBook } from './book.js';
import { indexFields } from './prepareBooks.js';
import type { PreparedAnswer, PreparedBook } from './prepared.js';

/**
 * A Tally that does nothing but send what lies ready. `/NAME` serves a book's whole Day Book whatever the dates,
 * `/NAME?dates` what it is asked for. Gives its address.
 */
export async function startSender(books: PreparedBook[]): Promise<string> {
  const server = http.createServer((incoming, response) => {
    answer(incoming, response, books).catch((error: unknown) => {
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
  books: PreparedBook[],
): Promise<void> {
  const request = readRequest(await buffer(incoming), incoming.headers['content-type']);
  const { pathname, search } = new URL(incoming.url!, 'http://sender');
  const book = books.find(({ name }) => pathname === `/${name}`);
  if (book === undefined) throw new Error(`No such book: ${pathname}`);
  const head = (length: number): void => {
    response.writeHead(200, answerHead({ ...usualSwitches, encoding: book.encoding, rewriting: plain }, length));
  };
  const name = plainName(request.name);
  const isDayBook = request.kind === 'report' && name === 'DAYBOOK';
  const isIndex = request.kind === 'collection' && name === 'VOUCHER' && request.sums === undefined;
  if (!isDayBook && !isIndex) {
    const { kind, fields, from, to, sums } = request;
    const key = JSON.stringify([pathname, kind, request.name, fields, sums && { from, to }]);
    const bytes = smallAnswers.get(key) ?? encoded(smallAnswer(request, book), book.encoding);
    smallAnswers.set(key, bytes);
    head(bytes.length);
    response.end(bytes);
    return;
  }
  if (isIndex && String(request.fields) !== String(indexFields)) throw new Error('The index asks for other fields.');
  const prepared = isDayBook ? book.dayBook : book.index;
  const pieces = isDayBook && search !== '?dates' ? whole(prepared) : piecesOf(prepared, rangeOf(request));
  head(pieces.reduce((sum, { from, to }) => sum + to - from, 0));
  for (const { from, to } of pieces) await sendPiece(response, prepared.file, from, to);
  response.end();
}

/** Made once: to tell a company's last voucher the whole book is gone through, which is no cost of the run. */
const smallAnswers = new Map<string, Buffer>();

/** Companies, masters and digests of days. */
function smallAnswer(request: TallyRequest, { invoices, changes }: PreparedBook): string {
  const book = benchBook(invoices, changes);
  if (request.sums)
    return digestXml(book, rangeOf(request), request.sums, {
      ...{ omission: undefined, counters: book, dayDigests: 'offered' },
    }).xml;
  const type = plainName(request.name);
  const rows = type === 'COMPANY' ? companyRows([book]) : masterRows(book, type);
  if (request.kind !== 'collection' || rows === undefined) throw new Error(`Not prepared for: ${request.name}`);
  return collectionXml(book, type, rows, request.fields);
}

function rangeOf({ from, to }: TallyRequest): DateRange {
  if (!from || !to) throw new Error('The request has no dates.');
  return { from, to };
}

interface Piece {
  from: number;
  /** Exclusive. */
  to: number;
}

const whole = ({ bytes }: PreparedAnswer): Piece[] => [{ from: 0, to: bytes }];

function piecesOf({ days, bytes, openingBytes, closingBytes }: PreparedAnswer, range: DateRange): Piece[] {
  const end = bytes - closingBytes;
  const from = days.find(({ date }) => date >= range.from)?.at ?? end;
  const to = days.find(({ date }) => date > range.to)?.at ?? end;
  return [
    { from: 0, to: openingBytes },
    { from, to },
    { from: end, to: bytes },
  ].filter((piece) => piece.to > piece.from);
}

async function sendPiece(response: http.ServerResponse, file: string, from: number, to: number): Promise<void> {
  await pipeline(fs.createReadStream(file, { start: from, end: to - 1, highWaterMark: 512 * 1024 }), response, {
    end: false,
  });
}
