import fs from 'node:fs';
import path from 'node:path';
import { reportAnswer } from '../../src/demo/answers/xml/reportXml.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import { voucherCollection } from '../../src/demo/answers/xml/voucherCollection.js';
import { BufferSink, type Sink } from '../../src/demo/answers/xml/xmlText.js';
import { benchBook, writeThinVoucher } from './book.js';
import type { BookSpec, PreparedAnswer, PreparedBook } from './prepared.js';

/** The fields of templates/voucherIndex.xml.njk; the sender refuses a request for others. */
export const indexFields = [
  ...['GUID', 'DATE', 'ALTERID', 'VOUCHERTYPENAME', 'VOUCHERNUMBER', 'ISDELETED', 'ISDELETEDVCHRETAINED'],
  ...['MASTERID', 'NUMBERINGSTYLE'],
];

/** Writes the answers of a book to files of a folder. */
export function prepareBook(spec: BookSpec, folder: string): PreparedBook {
  const book = benchBook(spec.invoices, spec.changes);
  const { opening, closing } = reportAnswer(book, undefined);
  const dayBook = new AnswerFile(spec, folder, 'dayBook', { opening, closing, write: writeThinVoucher });
  const index = new AnswerFile(spec, folder, 'index', voucherCollection(book, indexFields));
  const prepared = { ...spec, vouchers: 0, ledgerLines: 0, stockLines: 0, days: [] as PreparedBook['days'] };
  for (const voucher of book.vouchers()) {
    const isNewDay = prepared.days.at(-1)?.date !== voucher.date;
    if (isNewDay) prepared.days.push({ date: voucher.date, vouchers: 0 });
    prepared.days.at(-1)!.vouchers++;
    prepared.vouchers++;
    for (const { kind } of voucher.entries) prepared[kind === 'ledger' ? 'ledgerLines' : 'stockLines']++;
    dayBook.add(voucher, isNewDay);
    index.add(voucher, isNewDay);
  }
  return { ...prepared, dayBook: dayBook.finish(), index: index.finish() };
}

interface Form {
  opening: string;
  closing: string;
  write: (sink: Sink, voucher: DemoVoucher) => void;
}

class AnswerFile {
  readonly #sink: BufferSink;
  readonly #file: string;
  readonly #handle: number;
  readonly #openingBytes: number;
  readonly #days: PreparedAnswer['days'] = [];
  #bytes = 0;

  constructor(
    { name, encoding }: BookSpec,
    folder: string,
    kind: string,
    private readonly form: Form,
  ) {
    this.#sink = new BufferSink(encoding);
    this.#file = path.join(folder, `${name}.${kind}`);
    this.#handle = fs.openSync(this.#file, 'w');
    this.#sink.text(form.opening);
    this.#openingBytes = this.#writeRest();
  }

  add(voucher: DemoVoucher, isNewDay: boolean): void {
    if (isNewDay) this.#days.push({ date: voucher.date, at: this.#writeRest() });
    this.form.write(this.#sink, voucher);
    for (const chunk of this.#sink.take()) this.#write(chunk);
  }

  finish(): PreparedAnswer {
    const before = this.#writeRest();
    this.#sink.text(this.form.closing);
    const bytes = this.#writeRest();
    fs.closeSync(this.#handle);
    const [file, openingBytes, days] = [this.#file, this.#openingBytes, this.#days];
    return { file, openingBytes, closingBytes: bytes - before, bytes, days };
  }

  #writeRest(): number {
    for (const chunk of this.#sink.takeRest()) this.#write(chunk);
    return this.#bytes;
  }

  #write(chunk: Buffer): void {
    this.#bytes += chunk.length;
    for (let at = 0; at < chunk.length;) at += fs.writeSync(this.#handle, chunk, at);
  }
}
