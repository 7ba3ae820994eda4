import fs from 'node:fs';
import path from 'node:path';
import type { CalendarDate } from '../../src/core/base/calendar.js';
import { closing, opening } from '../../src/demo/answers/xml/collectionXml.js';
import { digestXml } from '../../src/demo/answers/xml/digestXml.js';
import { objectAnswer, reportAnswer } from '../../src/demo/answers/xml/reportXml.js';
import { voucherCollection } from '../../src/demo/answers/xml/voucherCollection.js';
import { BufferSink, type Sink } from '../../src/demo/answers/xml/xmlText.js';
import type { Book } from '../../src/demo/book/book.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import { collectionFields, digestSums, indexFields, ledgerFields } from './asked.js';
import { benchBook, thinWriter } from './book.js';
import { VoucherPlaces, type BookSpec, type Piece, type PreparedAnswer, type PreparedBook } from './prepared.js';

/** Writes the answers of a book to files of a folder. */
export function prepareBook(spec: BookSpec, folder: string): PreparedBook {
  const book = benchBook(spec);
  const report = reportAnswer(book, undefined);
  const ids = voucherCollection(book, indexFields);
  const lean = voucherCollection(book, collectionFields);
  const writeThin = thinWriter(spec);
  const entries = voucherCollection(book, ledgerFields);
  const dayBook = new AnswerFile(spec, folder, 'dayBook', report);
  const index = new AnswerFile(spec, folder, 'index', ids);
  const collection = spec.isForLittle ? new AnswerFile(spec, folder, 'collection', lean) : undefined;
  const ledgerCollection = spec.withOthers ? new AnswerFile(spec, folder, 'ledgerCollection', entries) : undefined;
  const digests = new AnswerFile(spec, folder, 'digests', { opening: opening(book), closing });
  const prepared = { ...spec, vouchers: 0, ledgerLines: 0, stockLines: 0, days: [] as PreparedBook['days'] };
  const places: number[] = [];
  for (const [date, vouchers] of byDay(book)) {
    prepared.days.push({ date, vouchers: vouchers.length });
    digests.add(date, (sink) => {
      sink.text(digestRow(book, vouchers));
    });
    for (const voucher of vouchers) {
      prepared.vouchers++;
      for (const { kind } of voucher.entries) prepared[kind === 'ledger' ? 'ledgerLines' : 'stockLines']++;
      const pieces = {
        dayBook: dayBook.add(date, (sink) => {
          writeThin(sink, voucher);
        }),
        index: index.add(date, (sink) => {
          ids.write(sink, voucher);
        }),
        collection: collection?.add(date, (sink) => {
          lean.write(sink, voucher);
        }),
        ledgerCollection: ledgerCollection?.add(date, (sink) => {
          entries.write(sink, voucher);
        }),
      };
      places.push(...VoucherPlaces.row(voucher, pieces));
    }
  }
  const file = path.join(folder, `${spec.name}.places`);
  fs.writeFileSync(file, new Float64Array(places));
  const [first] = book.vouchers();
  const object = objectAnswer(book, first!, false);
  return {
    ...prepared,
    dayBook: dayBook.finish(),
    index: index.finish(),
    ...(collection && { collection: collection.finish() }),
    ...(ledgerCollection && { ledgerCollection: ledgerCollection.finish() }),
    digests: digests.finish(),
    object: { opening: object.opening, closing: object.closing },
    places: file,
  };
}

function* byDay(book: Book): Generator<[CalendarDate, DemoVoucher[]]> {
  let ofDay: DemoVoucher[] = [];
  for (const voucher of book.vouchers()) {
    if (ofDay.length > 0 && ofDay[0]!.date !== voucher.date) {
      yield [ofDay[0]!.date, ofDay];
      ofDay = [];
    }
    ofDay.push(voucher);
  }
  if (ofDay.length > 0) yield [ofDay[0]!.date, ofDay];
}

/** The demo's digest row for a day, without the frame of the answer. */
function digestRow(book: Book, vouchers: DemoVoucher[]): string {
  const { xml } = digestXml({ ...book, vouchers: () => vouchers }, undefined, digestSums, {
    ...{ omission: undefined, counters: book, dayDigests: 'offered' },
  });
  return xml.slice(opening(book).length, -closing.length);
}

class AnswerFile {
  readonly #sink: BufferSink;
  readonly #file: string;
  readonly #handle: number;
  readonly #openingBytes: number;
  readonly #days: PreparedAnswer['days'] = [];

  constructor(
    { name, encoding }: BookSpec,
    folder: string,
    kind: string,
    private readonly frame: { opening: string; closing: string },
  ) {
    this.#sink = new BufferSink(encoding);
    this.#file = path.join(folder, `${name}.${kind}`);
    this.#handle = fs.openSync(this.#file, 'w');
    this.#sink.text(frame.opening);
    this.#openingBytes = this.#sink.length;
  }

  /** Writes a piece of a day, and returns its place in the file. Days must come in order. */
  add(date: CalendarDate, write: (sink: Sink) => void): Piece {
    const from = this.#sink.length;
    if (this.#days.at(-1)?.date !== date) this.#days.push({ date, at: from });
    write(this.#sink);
    for (const chunk of this.#sink.take()) this.#write(chunk);
    return { from, to: this.#sink.length };
  }

  finish(): PreparedAnswer {
    const before = this.#sink.length;
    this.#sink.text(this.frame.closing);
    const bytes = this.#sink.length;
    for (const chunk of this.#sink.takeRest()) this.#write(chunk);
    fs.closeSync(this.#handle);
    const [file, openingBytes, days] = [this.#file, this.#openingBytes, this.#days];
    return { file, openingBytes, closingBytes: bytes - before, bytes, days };
  }

  #write(chunk: Buffer): void {
    for (let at = 0; at < chunk.length;) at += fs.writeSync(this.#handle, chunk, at);
  }
}
