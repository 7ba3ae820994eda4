import { fromTallyDate, type CalendarDate, type DateRange } from '../../../base/calendar.js';
import { cancelled } from '../../../base/errors.js';
import type { Logger } from '../../../base/logger.js';
import type { Invoice, Reject } from '../../../invoice/invoice.js';
import { mapInvoice, wholeNumber, type Mapped, type MappingRules } from '../../../invoice/mapInvoice.js';
import type { LedgerVoucher } from '../../../ledger/ledgerVoucher.js';
import { mapLedgerVoucher, type LedgerDoubt, type LedgerRules } from '../../../ledger/mapLedgerVoucher.js';
import type { Voucher } from '../../../invoice/voucher.js';
import type { AnswerSource } from '../../../tally/answerSource.js';
import { ownGuidTest, type IndexedVoucher } from '../../../tally/requests/readVoucherIndex.js';
import {
  readVouchers,
  type ReadVoucher,
  type VoucherAnswer,
  type VoucherHead,
} from '../../../tally/requests/readVouchers.js';
import { firstText } from '../../../tally/xml/xmlText.js';
import type { VoucherReport } from '../../../tally/requests/requests.js';
import { isLoaded } from '../../books/books.js';
import type { Company, JobContext } from '../../job.js';
import type { Arrivals } from './arrivals.js';
import type { TallyTotals } from './tallyTotals.js';

/**
 * The receiver of mapped invoices: the stage of a warehouse, or firstInvoices in a dry run without one. `add` resolves only
 * when there is room for more, so that reading is not faster than writing.
 */
export interface Sink {
  add(invoices: Invoice[], rejects: Reject[], vouchers?: LedgerVoucher[]): Promise<void>;
}

/** How many rejects are named in the log; etl_rejects has all of them. */
const loggedRejects = 20;

/** How to handle the vouchers of an answer. */
export interface Taking {
  source: AnswerSource;
  company: Company;
  rules: MappingRules;
  /** With the stream `ledger`, vouchers of every type are taken. */
  ledgerRules?: LedgerRules | undefined;
  /** The days that are taken from the answer, which may reach beyond the request. */
  wanted: DateRange;
  arrivals: Arrivals;
  /** The number of the answer among all answers for the range, from 0. */
  number: number;
  totals: TallyTotals;
  sink: Sink;
}

/** One request, and how to handle its answer. */
export interface AnswerReading extends Taking {
  report: VoucherReport;
  /** The range of the request. */
  chunk: DateRange;
  /** The day of the request, if it is for a single day. */
  day: CalendarDate | undefined;
  /** Whether a voucher is taken from this answer; by default it is. A voucher that is not taken stays awaited. */
  accepts?: Judge | undefined;
  /** Receives each voucher of the answer, of any kind, as Tally's list would show it. */
  onVoucher?: OnVoucher | undefined;
  /** Called after every 100th invoice and after every 1,000th voucher. */
  onProgress: (answer: VoucherAnswer) => void;
}

/** Called with undefined for a voucher without a GUID or a date. */
export type OnVoucher = (voucher: IndexedVoucher | undefined) => void;

/** Decides by the voucher and its mapping whether it is taken. */
export type Judge = (voucher: Voucher, taken: MappedVoucher) => boolean;

/** Reads one answer. While the sink has no room, Tally waits too, so that nothing piles up between them. */
export async function readAnswer(reading: AnswerReading, { logger, signal }: JobContext): Promise<VoucherAnswer> {
  const { source, company, report, rules, ledgerRules, chunk, day, arrivals, accepts, onProgress } = reading;
  const take = (read: ReadVoucher): MappedVoucher | undefined => {
    const taken = mapVoucher(read, company, rules, ledgerRules);
    return accepts === undefined || accepts(read.voucher, taken) ? taken : undefined;
  };
  // While a part is being listed, foreign GUIDs are accepted: the part is then compared with Tally's digests of this company.
  const listsForeign = (guid: string): boolean => reading.onVoucher !== undefined || arrivals.list.listsForeign(guid);
  const withLedger = ledgerRules !== undefined;
  const asked = { report, company, range: chunk, day, withLedger, keep: keepTest(reading), listsForeign, take };
  const read = readVouchers(source, asked, signal);
  const { answer } = read;
  let toldVouchers = 0;
  const tell = (): void => {
    onProgress(answer);
  };

  for await (const batch of read.batches) {
    if (signal.aborted) throw cancelled();
    await takeVouchers(batch, reading, logger, tell);
    if (answer.vouchers - toldVouchers >= 1000) {
      toldVouchers = answer.vouchers;
      onProgress(answer);
    }
  }
  onProgress(answer);
  const { vouchers, unusual, bytes } = answer;
  logger.debug(`${report} ${chunk.from} to ${chunk.to}: ${vouchers} vouchers (${unusual} unusual), ${bytes} bytes`);
  return answer;
}

/**
 * Counts the vouchers of the wanted days, marks them as read, and passes them to the sink. Calls `tell` after every
 * 100th invoice.
 */
export async function takeVouchers(
  batch: readonly (MappedVoucher | undefined)[],
  { source, company, wanted, arrivals, number, totals, sink }: Taking,
  logger: Logger,
  tell: () => void,
): Promise<void> {
  const isOwn = ownGuidTest(company);
  const invoices: Invoice[] = [];
  const rejects: Reject[] = [];
  const vouchers: LedgerVoucher[] = [];
  for (const mapped of batch) {
    if (mapped === undefined) continue;
    if ('reject' in mapped && isWanted(mapped.reject.date, wanted)) {
      const { invoiceId } = mapped.reject;
      // If the voucher has no readable date, the date of Tally's list is used.
      const reject = { ...mapped.reject, date: mapped.reject.date ?? arrivals.dateOf(invoiceId ?? '') ?? null };
      rejects.push(reject);
      if (invoiceId !== null) arrivals.markRead(invoiceId, undefined, undefined, number);
      if (totals.addReject(reject) && totals.rejected <= loggedRejects) logger.warn(describeReject(reject));
    } else if ('skip' in mapped && mapped.ledger && isWanted(mapped.ledger.voucher.date, wanted)) {
      const { voucherId, date, alterId } = mapped.ledger.voucher;
      totals.addVoucher(mapped.ledger.voucher, mapped.ledger.doubts);
      arrivals.markRead(voucherId, date, alterId === null ? undefined : Number(alterId), number);
      vouchers.push(mapped.ledger.voucher);
    } else if ('skip' in mapped && isWanted(mapped.date ?? null, wanted)) {
      const { guid, invoiceNumber, date, deleted } = mapped;
      // The list did not show that this voucher is deleted or of another type. It has come, so it is no longer awaited.
      if (arrivals.has(guid)) arrivals.markRead(guid, undefined, undefined, number);
      if (deleted) totals.addDeleted(guid, invoiceNumber, date);
    } else if ('invoice' in mapped && isWanted(mapped.invoice.date, wanted)) {
      const { invoiceId, date, alterId } = mapped.invoice;
      // For files a remark of the run already names the foreign GUIDs.
      const isForeign = source.companyChecked !== true && !isOwn(invoiceId);
      totals.add(mapped.invoice, isForeign ? [...mapped.doubts, 'foreign-guid'] : mapped.doubts);
      mapped.invoice.classedBy = mapped.doubts.includes('unlisted-ledger') ? 'names' : 'masters';
      arrivals.markRead(invoiceId, date, alterId === null ? undefined : Number(alterId), number);
      invoices.push(mapped.invoice);
      if (mapped.ledger) {
        totals.addVoucher(mapped.ledger.voucher, mapped.ledger.doubts);
        vouchers.push(mapped.ledger.voucher);
      }
      if (totals.invoices % 100 === 0) tell();
    }
  }
  await sink.add(invoices, rejects, vouchers);
}

const describeReject = ({ invoiceId, invoiceNumber, date, field, reason }: Reject): string =>
  `Rejected: voucher ${invoiceNumber ?? invoiceId ?? 'without number'}${date === null ? '' : ` of ${date}`}: ${field}: ${reason}`;

/**
 * Decides which vouchers are parsed. Not parsed are vouchers of other dates (checked again on our side) or of types that are
 * not loaded. Vouchers that have come already, or that the warehouse has unchanged, are not parsed either.
 */
function keepTest(reading: AnswerReading): (head: VoucherHead) => boolean {
  const { wanted, arrivals, number, onVoucher } = reading;
  const keeps = (head: VoucherHead): boolean =>
    isWanted(head.date ?? null, wanted) && arrivals.wants(head.guid, number) && isLoaded(reading, head.voucherType);
  if (onVoucher === undefined) return keeps;
  return (head) => {
    onVoucher(head.indexed);
    return keeps(head);
  };
}

interface Skipped {
  skip: true;
  deleted?: true;
  guid: string;
  invoiceNumber: string;
  date: CalendarDate | undefined;
}

/**
 * The mapping of a voucher; if it is no invoice, only its ids and date. With the stream `ledger` also what the voucher books.
 * A voucher whose entries cannot be read is rejected whole, also as an invoice.
 */
export type MappedVoucher = (Exclude<Mapped, { skip: true }> | Skipped) & { ledger?: OfLedger };

interface OfLedger {
  voucher: LedgerVoucher;
  doubts: LedgerDoubt[];
}

export function mapVoucher(
  read: ReadVoucher,
  company: Company,
  rules: MappingRules,
  ledgerRules: LedgerRules | undefined,
): MappedVoucher {
  const voucher = rules.ofFile ? inLettersOf(company, read.voucher) : read.voucher;
  const taken = mapOne(read, voucher, rules);
  if (ledgerRules === undefined || 'reject' in taken || read.problem !== undefined) return taken;
  const ledger = mapLedgerVoucher(voucher, ledgerRules);
  if ('skip' in ledger) return taken;
  return 'reject' in ledger ? { reject: { ...ledger.reject, raw: read.raw } } : { ...taken, ledger };
}

function mapOne(read: ReadVoucher, voucher: Voucher, rules: MappingRules): Exclude<Mapped, { skip: true }> | Skipped {
  const { problem } = read;
  if (problem === undefined) {
    const mapped = mapInvoice(voucher, '', rules);
    if ('skip' in mapped) {
      const { guid, voucherNumber: invoiceNumber } = voucher;
      return { ...mapped, guid, invoiceNumber, date: fromTallyDate(voucher.date) };
    }
    return 'reject' in mapped ? { reject: { ...mapped.reject, raw: read.raw } } : mapped;
  }
  const { raw } = read;
  return {
    reject: {
      invoiceId: voucher.guid || null,
      alterId: wholeNumber(firstText(raw, 'ALTERID')),
      invoiceNumber: null,
      date: null,
      field: 'VOUCHER',
      reasonCode: 'xml-broken',
      reason: problem,
      raw,
      ...(rules.ofFile && { source: 'file' }),
    },
  };
}

/** A file may write GUIDs in capitals, but Tally does not. The same voucher must not become two invoices. */
function inLettersOf({ id }: Company, voucher: Voucher): Voucher {
  const { guid } = voucher;
  if (guid.startsWith(id) && !/[A-F]/.test(guid.slice(id.length))) return voucher;
  if (!guid.toLowerCase().startsWith(id.toLowerCase())) return voucher;
  return { ...voucher, guid: id + guid.slice(id.length).toLowerCase() };
}

/** A voucher without a readable date may belong to the range, so it is kept as a reject. */
const isWanted = (date: CalendarDate | null, range: DateRange): boolean =>
  date === null || (date >= range.from && date <= range.to);
