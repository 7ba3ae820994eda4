import type { CalendarDate, DateRange } from '../calendar.js';
import { cancelled } from '../errors.js';
import type { Invoice, Reject } from '../invoice/invoice.js';
import { mapInvoice, type Mapped, type MappingRules } from '../invoice/mapInvoice.js';
import type { TallyClient } from '../tally/client.js';
import { readVouchers, type ReadVoucher, type VoucherAnswer, type VoucherHead } from '../tally/readVouchers.js';
import type { Company, JobContext, JobResult } from './job.js';
import { TallyTotals } from './tallyTotals.js';

/** Where mapped invoices go: the stage of a warehouse, or nowhere in a dry run without one. */
export interface Sink {
  add(invoices: Invoice[], rejects: Reject[]): Promise<void>;
}

/** Invoices handed to the sink at once: more gains no speed and costs memory and event-loop delay. */
const batchSize = 500;

/** Rejects named in the log; etl_rejects has them all. */
const loggedRejects = 20;

export interface RangeReading {
  client: TallyClient;
  company: Company;
  report: JobResult['report'];
  rules: MappingRules;
  /** What is to be loaded. */
  range: DateRange;
  /** What Tally is asked for, one request each: the range, or each of its days. */
  chunks: DateRange[];
  sink: Sink;
}

/** All of Tally's answers to a run together. */
export interface Answered {
  vouchers: number;
  from: CalendarDate | undefined;
  to: CalendarDate | undefined;
}

/**
 * Reads the invoices of a range into the sink. A Tally whose first answer reaches beyond what was asked returns
 * everything whatever the dates (original-guide.md, "Date Filtering"): that one answer then serves the whole range.
 */
export async function readRange(
  reading: RangeReading,
  context: JobContext,
): Promise<{ totals: TallyTotals; answered: Answered }> {
  const totals = new TallyTotals();
  const answered: Answered = { vouchers: 0, from: undefined, to: undefined };
  for (const [index, chunk] of reading.chunks.entries()) {
    const wanted = index === 0 ? reading.range : chunk;
    const progress = (answer: VoucherAnswer): void => {
      const fraction = servesAll(answer, chunk)
        ? fractionOf(answer, 0, 1)
        : fractionOf(answer, index, reading.chunks.length);
      context.onProgress?.({
        phase: 'reading',
        invoices: totals.invoices,
        vouchers: answered.vouchers + answer.vouchers,
        ...(fraction !== undefined && { fraction }),
        ...(totals.lastDate !== undefined && { date: totals.lastDate }),
      });
    };
    const answer = await readAnswer(reading, chunk, wanted, totals, progress, context);
    answered.vouchers += answer.vouchers;
    answered.from = earlier(answered.from, answer.from);
    answered.to = later(answered.to, answer.to);
    if (index === 0 && servesAll(answer, chunk)) break;
  }
  return { totals, answered };
}

/**
 * Reads one answer. The next batch is parsed while the last one is written; reading waits when a second one is full,
 * and so does Tally: nothing piles up between them.
 */
async function readAnswer(
  { client, company, report, rules, sink }: RangeReading,
  chunk: DateRange,
  wanted: DateRange,
  totals: TallyTotals,
  progress: (answer: VoucherAnswer) => void,
  { logger, signal }: JobContext,
): Promise<VoucherAnswer> {
  const read = readVouchers(client, { report, company, range: chunk, keep: keepTest(wanted, rules) }, signal);
  const { answer } = read;
  let invoices: Invoice[] = [];
  let rejects: Reject[] = [];
  let writing = Promise.resolve();
  let toldVouchers = 0;

  const flush = async (): Promise<void> => {
    await writing;
    writing = sink.add(invoices, rejects);
    writing.catch(() => undefined); // not lost: the next await of `writing` throws it
    invoices = [];
    rejects = [];
  };

  for await (const batch of read.batches) {
    if (signal.aborted) throw cancelled();
    for (const voucher of batch) {
      const mapped = mapVoucher(voucher, rules);
      if ('reject' in mapped && isWanted(mapped.reject.date, wanted)) {
        totals.rejected++;
        rejects.push(mapped.reject);
        if (totals.rejected <= loggedRejects) logger.warn(describeReject(mapped.reject));
      } else if ('invoice' in mapped && isWanted(mapped.invoice.date, wanted)) {
        totals.add(mapped.invoice, mapped.doubts);
        invoices.push(mapped.invoice);
        if (totals.invoices % 100 === 0) progress(answer);
      }
      if (invoices.length + rejects.length >= batchSize) await flush();
    }
    if (answer.vouchers - toldVouchers >= 1000) {
      toldVouchers = answer.vouchers;
      progress(answer);
    }
  }
  await flush();
  await writing;
  progress(answer);
  logger.debug(`${report} ${chunk.from} to ${chunk.to}: ${answer.vouchers} vouchers, ${answer.bytes} bytes`);
  return answer;
}

const describeReject = ({ invoiceId, invoiceNumber, date, field, reason }: Reject): string =>
  `Rejected: voucher ${invoiceNumber ?? invoiceId ?? 'without number'}${date === null ? '' : ` of ${date}`}: ${field}: ${reason}`;

/** Tally's dates are filtered again on our side, before a voucher is parsed; so are the other kinds of vouchers. */
function keepTest(wanted: DateRange, { invoiceTypeOf }: MappingRules): (head: VoucherHead) => boolean {
  return ({ date, voucherType }) => isWanted(date ?? null, wanted) && invoiceTypeOf(voucherType) !== 'none';
}

function mapVoucher({ voucher, raw, problem }: ReadVoucher, rules: MappingRules): Mapped {
  if (problem === undefined) return mapInvoice(voucher, raw, rules);
  return {
    reject: {
      invoiceId: voucher.guid || null,
      invoiceNumber: null,
      date: null,
      field: 'VOUCHER',
      reason: problem,
      raw,
    },
  };
}

/** A voucher without a readable date may be one of the range: it is kept, as a reject. */
const isWanted = (date: CalendarDate | null, range: DateRange): boolean =>
  date === null || (date >= range.from && date <= range.to);

const servesAll = ({ from, to }: VoucherAnswer, chunk: DateRange): boolean =>
  (from !== undefined && from < chunk.from) || (to !== undefined && to > chunk.to);

function fractionOf({ bytes, totalBytes }: VoucherAnswer, index: number, count: number): number | undefined {
  return totalBytes ? (index + bytes / totalBytes) / count : undefined;
}

const earlier = (a: CalendarDate | undefined, b: CalendarDate | undefined): CalendarDate | undefined =>
  a === undefined || (b !== undefined && b < a) ? b : a;

const later = (a: CalendarDate | undefined, b: CalendarDate | undefined): CalendarDate | undefined =>
  a === undefined || (b !== undefined && b > a) ? b : a;
