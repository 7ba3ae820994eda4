import type { DateRange } from '../core/calendar.js';
import type { Book } from './book.js';
import { voucherCollection } from './collectionXml.js';
import type { AnswerEncoding } from './encoding.js';
import type { DemoVoucher } from './voucher.js';
import { writeVoucher } from './voucherXml.js';
import { BufferSink, CountingSink, element, type Sink } from './xmlText.js';

/** A long answer: something before, each voucher, something after. */
export interface VoucherAnswer {
  book: Book;
  /** Of the whole book when absent. */
  range?: DateRange;
  opening: string;
  closing: string;
  write: (sink: Sink, voucher: DemoVoucher) => void;
  /** Tells answers of different form apart when their lengths are remembered. */
  form: string;
}

/** Day Book, Voucher Register: they differ in the period they look at, not in what they say. */
export function reportAnswer(book: Book, range: DateRange | undefined): VoucherAnswer {
  const company = element(5, 'SVCURRENTCOMPANY', book.companyName);
  return {
    book,
    ...(range && { range }),
    form: 'report',
    opening:
      '<ENVELOPE>\r\n <HEADER>\r\n  <TALLYREQUEST>Import Data</TALLYREQUEST>\r\n </HEADER>\r\n <BODY>\r\n  <IMPORTDATA>\r\n' +
      '   <REQUESTDESC>\r\n    <REPORTNAME>All Masters</REPORTNAME>\r\n    <STATICVARIABLES>\r\n' +
      `${company}    </STATICVARIABLES>\r\n   </REQUESTDESC>\r\n   <REQUESTDATA>\r\n`,
    closing:
      '    <TALLYMESSAGE xmlns:UDF="TallyUDF">\r\n     <COMPANY>\r\n      <REMOTECMPINFO.LIST MERGE="Yes">\r\n' +
      element(7, 'NAME', book.companyGuid) +
      element(7, 'REMOTECMPNAME', book.companyName) +
      element(7, 'REMOTECMPSTATE', 'Maharashtra') +
      '      </REMOTECMPINFO.LIST>\r\n     </COMPANY>\r\n    </TALLYMESSAGE>\r\n' +
      '   </REQUESTDATA>\r\n  </IMPORTDATA>\r\n </BODY>\r\n</ENVELOPE>\r\n',
    write: writeVoucher,
  };
}

/** The voucher index and its like: a collection of vouchers with the fields that were asked for. */
export function indexAnswer(book: Book, range: DateRange, fields: readonly string[]): VoucherAnswer {
  return { book, range, form: `index:${fields.join()}`, ...voucherCollection(book, fields) };
}

const lengths = new WeakMap<Book, Map<string, number>>();

/**
 * The length of an answer in bytes, without making it. Yields now and then, so that the server stays awake; remembered
 * per book, form, range and encoding.
 */
export function* answerLength(answer: VoucherAnswer, encoding: AnswerEncoding): Generator<undefined, number> {
  const known = lengths.get(answer.book) ?? new Map<string, number>();
  lengths.set(answer.book, known);
  const key = [answer.form, answer.range?.from, answer.range?.to, encoding].join('|');
  const remembered = known.get(key);
  if (remembered !== undefined) return remembered;
  const sink = new CountingSink(encoding);
  sink.text(answer.opening);
  let count = 0;
  for (const voucher of answer.book.vouchers(answer.range)) {
    answer.write(sink, voucher);
    if (++count % 200 === 0) yield;
  }
  sink.text(answer.closing);
  known.set(key, sink.bytes);
  return sink.bytes;
}

/** The answer, chunk by chunk; only one chunk is in memory. */
export function* answerChunks(answer: VoucherAnswer, encoding: AnswerEncoding): Generator<Buffer> {
  const sink = new BufferSink(encoding);
  sink.text(answer.opening);
  for (const voucher of answer.book.vouchers(answer.range)) {
    answer.write(sink, voucher);
    yield* sink.take();
  }
  sink.text(answer.closing);
  yield* sink.takeRest();
}
