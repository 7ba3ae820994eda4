import type { DateRange } from '../../../core/base/calendar.js';
import type { Book } from '../../book/book.js';
import type { LeanOptions } from './leanRow.js';
import { isLean, voucherCollection } from './voucherCollection.js';
import type { AnswerEncoding } from '../encoding.js';
import type { Omission } from '../../behaviours/omissions.js';
import { plain, type Rewriting } from '../../behaviours/rewriting.js';
import type { DemoVoucher } from '../../book/voucher.js';
import { writeVoucher } from './voucherXml.js';
import { BufferSink, CountingSink, element, type Sink } from './xmlText.js';

/** A long answer: text before, each voucher, text after. */
export interface VoucherAnswer {
  book: Book;
  /** Default: the whole book. */
  range?: DateRange;
  omission?: Omission | undefined;
  opening: string;
  closing: string;
  write: (sink: Sink, voucher: DemoVoucher) => void;
  /** Distinguishes answers of different form when their lengths are remembered. */
  form: string;
  /** How much the answer sends of each voucher. The cost of a voucher for Tally depends on it (`secondsPer`). */
  told: 'report' | 'object' | 'row' | 'lean' | 'fat';
  /** The answer ends after so many vouchers. */
  limit?: number | undefined;
}

/**
 * The answer of Day Book or Voucher Register. The two differ in their period and in the vouchers that they hide, not in form.
 */
export function reportAnswer(
  book: Book,
  range: DateRange | undefined,
  options: { omission?: Omission | undefined; erp9?: boolean } = {},
): VoucherAnswer {
  const company = element(5, 'SVCURRENTCOMPANY', book.companyName);
  return {
    book,
    ...(range && { range }),
    omission: options.omission,
    form: options.erp9 ? 'report of ERP 9' : 'report',
    told: 'report',
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
    write: options.erp9
      ? (sink, voucher) => {
          writeVoucher(sink, { ...voucher, release: 'erp9' });
        }
      : writeVoucher,
  };
}

/** One voucher as a report writes it, inside the elements of an answer to TYPE Object. */
export function objectAnswer(book: Book, voucher: DemoVoucher, erp9: boolean): VoucherAnswer {
  return {
    ...reportAnswer({ ...book, vouchers: () => [voucher] }, undefined, { erp9 }),
    told: 'object',
    opening:
      '<ENVELOPE>\r\n <HEADER>\r\n  <VERSION>1</VERSION>\r\n  <STATUS>1</STATUS>\r\n </HEADER>\r\n <BODY>\r\n' +
      '  <DESC>\r\n  </DESC>\r\n  <DATA>\r\n',
    closing: '  </DATA>\r\n </BODY>\r\n</ENVELOPE>\r\n',
  };
}

/** A collection of vouchers: the voucher index with ids only, or rows with the requested lines. */
export function collectionAnswer(
  book: Book,
  range: DateRange | undefined,
  fields: readonly string[],
  { omission, counters, ...lean }: { omission?: Omission | undefined; counters: Book | undefined } & LeanOptions,
): VoucherAnswer {
  const asked = lean.voucherCollection === 'ids-only' ? fields.filter((field) => !field.includes('.')) : fields;
  const isWhole = lean.voucherCollection === 'fat' || asked.some((field) => /^\w+\.\*$/.test(field));
  return {
    book,
    ...(range && { range }),
    omission,
    form: `collection:${asked.join()} ${Object.values(lean).join()} ${counters ? 'counted' : ''}`,
    told: !isLean(asked) ? 'row' : isWhole ? 'fat' : 'lean',
    ...voucherCollection(counters, asked, lean),
  };
}

/** An answer with only the first half of its vouchers, which ends as if it were whole. */
export const halfOf = (answer: VoucherAnswer): VoucherAnswer => ({
  ...answer,
  limit: Math.ceil(countVouchers(answer) / 2),
});

/** The vouchers that an answer contains. */
function* served({ book, range, omission, limit = Infinity }: VoucherAnswer): Generator<DemoVoucher> {
  let count = 0;
  for (const voucher of book.vouchers(range)) {
    if (omission && !omission.keeps(voucher)) continue;
    if (++count > limit) return;
    yield voucher;
  }
}

/** The number of vouchers that an answer contains. */
export function countVouchers(answer: VoucherAnswer): number {
  const all = served(answer);
  let count = 0;
  while (all.next().done !== true) count++;
  return count;
}

/** The number of vouchers that Tally goes through in the period of an answer, including those that a filter removes. */
export const countWalked = (answer: VoucherAnswer): number =>
  countVouchers({ ...answer, omission: undefined, limit: undefined });

export const isEmpty = (answer: VoucherAnswer): boolean => served(answer).next().done === true;

const lengths = new WeakMap<Book, Map<string, number>>();

/** Answers that were built to find their length, kept until they are sent. */
const made = new WeakMap<VoucherAnswer, { encoding: AnswerEncoding; rewriting: Rewriting; chunks: Buffer[] }>();
const megabyte = 1024 * 1024;
/** Longer answers are not kept. A long report is faster to count than to build; an answer of chosen fields is not. */
const mostKept = { report: 16 * megabyte, lean: 128 * megabyte };

/**
 * The length of an answer in bytes, which is remembered for the same answer. Building the answer gives the length; the
 * bytes of a long report are only counted. Yields often, so that the process can do other work meanwhile.
 */
export function* answerLength(
  answer: VoucherAnswer,
  encoding: AnswerEncoding,
  rewriting: Rewriting = plain,
): Generator<undefined, number> {
  const known = lengths.get(answer.book) ?? new Map<string, number>();
  lengths.set(answer.book, known);
  const { form, range, omission, limit } = answer;
  const key = [form, range?.from, range?.to, omission?.name, limit, encoding, rewriting.name].join('|');
  const remembered = known.get(key);
  if (remembered !== undefined) return remembered;
  const length = yield* madeLength(answer, encoding, rewriting);
  known.set(key, length);
  return length;
}

function* countedLength(
  answer: VoucherAnswer,
  encoding: AnswerEncoding,
  rewriting: Rewriting,
): Generator<undefined, number> {
  const sink = new CountingSink(encoding, rewriting);
  sink.text(answer.opening);
  let count = 0;
  for (const voucher of served(answer)) {
    answer.write(sink, voucher);
    if (++count % 200 === 0) yield;
  }
  sink.text(answer.closing);
  return sink.bytes;
}

function* madeLength(
  answer: VoucherAnswer,
  encoding: AnswerEncoding,
  rewriting: Rewriting,
): Generator<undefined, number> {
  const isLean = answer.told === 'lean' || answer.told === 'fat';
  const most = isLean ? mostKept.lean : mostKept.report;
  const chunks: Buffer[] = [];
  let length = 0;
  for (const chunk of answerChunks(answer, encoding, rewriting)) {
    length += chunk.length;
    if (length <= most) chunks.push(chunk);
    else if (isLean) chunks.length = 0;
    else return yield* countedLength(answer, encoding, rewriting);
    yield;
  }
  if (length <= most) made.set(answer, { encoding, rewriting, chunks });
  return length;
}

/** The answer, chunk by chunk. Only one chunk is in memory, unless the answer was built before. */
export function* answerChunks(
  answer: VoucherAnswer,
  encoding: AnswerEncoding,
  rewriting: Rewriting = plain,
): Generator<Buffer> {
  const ready = made.get(answer);
  if (ready?.encoding === encoding && ready.rewriting === rewriting) {
    yield* ready.chunks;
    return;
  }
  const sink = new BufferSink(encoding, rewriting);
  sink.text(answer.opening);
  for (const voucher of served(answer)) {
    answer.write(sink, voucher);
    yield* sink.take();
  }
  sink.text(answer.closing);
  yield* sink.takeRest();
}
