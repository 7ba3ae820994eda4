import { t } from '@vscode/l10n';
import { fromTallyDate, type CalendarDate, type DateRange } from '../../base/calendar.js';
import type { Voucher } from '../../invoice/voucher.js';
import { companyNotOpen, servedCompany } from '../answerErrors.js';
import type { AnswerSource } from '../answerSource.js';
import { nameInTally, sameCompanyName, type Company } from './companies.js';
import { decodeBytes } from '../xml/encoding.js';
import { readElementGroups, type ElementBytes } from '../xml/readElements.js';
import { indexedVoucher, ownGuidTest, type IndexedVoucher, type IndexField } from './readVoucherIndex.js';
import { repeated } from '../xml/repeated.js';
import { voucherRequest, type VoucherReport } from './requests.js';
import { VoucherReader } from './voucherReader.js';

/** What `keep` decides by; each is read when it is asked for. Text is '' where the voucher has none. */
export interface VoucherHead {
  /** Undefined when the voucher has no date that can be read: keep it, so that it is rejected and not lost. */
  date: CalendarDate | undefined;
  voucherType: string;
  guid: string;
  /** The voucher as Tally's list has it; undefined for one without a GUID or a date that can be read. */
  readonly indexed: IndexedVoucher | undefined;
}

/** A voucher that was kept. */
export interface ReadVoucher {
  voucher: Voucher;
  /** Its text as Tally sent it, decoded: for a reject. Costs as much as the rest, and is there only while it is taken. */
  readonly raw: string;
  /** Why it could not be read at all (its XML is broken); `voucher` then has no date and no lines. */
  problem?: string;
}

export interface VoucherRequest<Taken = ReadVoucher> {
  report: VoucherReport;
  company: Company;
  range: DateRange;
  /** The only day of the range that is wanted, where it is wider. */
  day?: CalendarDate | undefined;
  /** Asked for every voucher before it is parsed; what is not kept costs next to nothing. */
  keep: (head: VoucherHead) => boolean;
  /** Whether Tally's voucher list of this company has this GUID, though it is not one of the company's own. */
  listsForeign?: (guid: string) => boolean;
  /** What is handed out of a kept voucher; without it all of it, with its text. */
  take?: (read: ReadVoucher) => Taken;
}

/** What Tally has answered so far: all vouchers of the answer, kept or not. Moves while the batches are read. */
export interface VoucherAnswer {
  vouchers: number;
  /** Vouchers that needed the full parse, broken ones included. */
  unusual: number;
  /** The first and last date of the vouchers. */
  from: CalendarDate | undefined;
  to: CalendarDate | undefined;
  bytes: number;
  /** Where Tally says it. */
  totalBytes: number | undefined;
}

interface VoucherReading<Taken = ReadVoucher> {
  /**
   * The kept vouchers in Tally's order, at most 20 at a time; also empty ones now and then, so that progress can be seen.
   * To be read once. Fails by the codes of `tally-*`, `answer-*`, `company-not-open` and `cancelled`; what came before a
   * failure must not be believed.
   */
  batches: AsyncIterable<Taken[]>;
  answer: Readonly<VoucherAnswer>;
}

const batchVouchers = 20;
const batchBytes = 8_000_000;
const batchMs = 200;

/** Asks Tally for a report once `batches` is read, and reads the vouchers out of its answer as it comes. */
export function readVouchers<Taken = ReadVoucher>(
  source: AnswerSource,
  request: VoucherRequest<Taken>,
  signal?: AbortSignal,
): VoucherReading<Taken> {
  const answer: VoucherAnswer = {
    vouchers: 0,
    unusual: 0,
    from: undefined,
    to: undefined,
    bytes: 0,
    totalBytes: undefined,
  };
  return { batches: readBatches(source, request, answer, signal), answer };
}

async function* readBatches<Taken>(
  source: AnswerSource,
  request: VoucherRequest<Taken>,
  answer: VoucherAnswer,
  signal: AbortSignal | undefined,
): AsyncGenerator<Taken[]> {
  const { company, report, range, day } = request;
  const take = request.take ?? (({ ...read }: ReadVoucher) => read as Taken);
  const groups = readElementGroups(
    source,
    {
      xml: voucherRequest(report, nameInTally(company), range, day),
      element: 'VOUCHER',
      checkHead: (head) => {
        if (source.companyChecked !== true) refuseOtherCompany(head, company);
      },
      onBytes: (bytes, totalBytes) => Object.assign(answer, { bytes, totalBytes }),
    },
    signal,
  );
  const readDate = repeated(fromTallyDate);
  const owner = source.companyChecked === true ? undefined : new Owner(company, request.listsForeign);
  let batch: Taken[] = [];
  let bytes = 0;
  let since = performance.now();
  for await (const elements of groups) {
    for (const element of elements) {
      const read = readVoucher(element, request.keep, answer, readDate, owner);
      if (read === undefined) continue;
      batch.push(take(read));
      bytes += element.bytes.length;
      if (batch.length < batchVouchers && bytes < batchBytes) continue;
      yield batch;
      batch = [];
      bytes = 0;
      since = performance.now();
    }
    if (performance.now() - since < batchMs) continue;
    yield batch;
    batch = [];
    bytes = 0;
    since = performance.now();
  }
  owner?.refuseOther();
  yield batch;
}

/** Counts a voucher of the answer, and reads it if it is to be kept. */
function readVoucher(
  element: ElementBytes,
  keep: (head: VoucherHead) => boolean,
  answer: VoucherAnswer,
  readDate: typeof fromTallyDate,
  owner: Owner | undefined,
): ReadVoucher | undefined {
  const head = new ElementHead(element, readDate);
  const { date } = head;
  if (date !== undefined) {
    if (answer.from === undefined || date < answer.from) answer.from = date;
    if (answer.to === undefined || date > answer.to) answer.to = date;
  }
  const isKept = keep(head);
  owner?.see(head);
  answer.vouchers++;
  const read = isKept ? head.whole : undefined;
  if (head.isUnusual) answer.unusual++;
  return read;
}

class ElementHead implements VoucherHead {
  readonly #reader: VoucherReader;
  #whole: ReadVoucher | undefined;

  constructor(
    private readonly element: ElementBytes,
    private readonly readDate: typeof fromTallyDate,
  ) {
    this.#reader = new VoucherReader(element);
  }

  get date(): CalendarDate | undefined {
    return this.readDate(this.#text('date'));
  }

  get voucherType(): string {
    return this.#text('voucherType');
  }

  get guid(): string {
    return this.#text('guid');
  }

  get indexed(): IndexedVoucher | undefined {
    const { guid, date, voucherType } = this;
    if (guid === '' || date === undefined) return undefined;
    return indexedVoucher(
      { guid, date, voucherType },
      (field) => this.#reader.field(field) ?? this.#fieldOfWhole(field),
    );
  }

  get isUnusual(): boolean {
    return this.#reader.isUnusual;
  }

  get whole(): ReadVoucher {
    return (this.#whole ??= readWhole(this.element, this.#reader));
  }

  #fieldOfWhole(field: IndexField): string {
    const { alterId, masterId, voucherNumber, isDeleted, isDeletedRetained } = this.whole.voucher;
    return {
      ...{ ALTERID: alterId, MASTERID: masterId, VOUCHERNUMBER: voucherNumber },
      ...{ ISDELETED: isDeleted, ISDELETEDVCHRETAINED: isDeletedRetained },
      NUMBERINGSTYLE: '', // no part of an invoice: the number counts as one that may move
    }[field];
  }

  /** A field that the head does not tell is read from the whole voucher: no voucher is left out by a guess. */
  #text(name: 'date' | 'voucherType' | 'guid'): string {
    return this.#whole?.voucher[name] ?? this.#reader[name] ?? this.whole.voucher[name];
  }
}

/** All of a voucher; one whose XML is broken says so. */
export function readWhole({ bytes, encoding }: ElementBytes, reader: VoucherReader): ReadVoucher {
  const read = {
    get raw() {
      return decodeBytes(bytes, encoding);
    },
  };
  try {
    return Object.assign(read, { voucher: reader.read() });
  } catch (error) {
    // Broken XML in one voucher: it goes to the rejects, and the others load.
    return Object.assign(read, { voucher: reader.blank, problem: (error as Error).message });
  }
}

function refuseOtherCompany(head: string, company: Company): void {
  const served = servedCompany(head);
  if (served === undefined || served === '' || sameCompanyName(served, company.name)) return;
  throw companyNotOpen(
    t('Tally answered for the company {served} instead of {company}.', { served, company: company.name }),
  );
}

/**
 * Whose vouchers an answer holds. Real books have single vouchers with another company's GUID, which were imported; where
 * not one is of the company, another one has answered.
 */
class Owner {
  readonly #isOwn: (guid: string) => boolean;
  #hasOwn = false;
  #foreign: string | undefined;

  constructor(
    private readonly company: Company,
    listsForeign: (guid: string) => boolean = () => false,
  ) {
    const isOwn = ownGuidTest(company);
    this.#isOwn = (guid) => isOwn(guid) || listsForeign(guid);
  }

  /** Reads GUIDs until one is the company's. */
  see(head: VoucherHead): void {
    if (this.#hasOwn) return;
    const { guid } = head;
    if (guid === '') return;
    if (this.#isOwn(guid)) this.#hasOwn = true;
    else this.#foreign ??= guid;
  }

  refuseOther(): void {
    if (this.#hasOwn || this.#foreign === undefined) return;
    throw companyNotOpen(
      t("All vouchers of Tally's answer are of another company than {company} ({id}); one of them is {guid}.", {
        guid: this.#foreign,
        company: this.company.name,
        id: this.company.id,
      }),
    );
  }
}
