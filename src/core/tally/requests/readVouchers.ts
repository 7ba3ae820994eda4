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
import { voucherRequest, type CollectionAsked, type VoucherReport } from './requests.js';
import { VoucherReader } from './voucherReader.js';

/** The fields by which `keep` decides; each is read only when it is asked for. Text is '' if the voucher has none. */
export interface VoucherHead {
  /** Undefined if the voucher has no readable date. Keep such a voucher, so that it is rejected and not lost. */
  date: CalendarDate | undefined;
  voucherType: string;
  guid: string;
  /** The voucher as Tally's list would show it; undefined for a voucher without a GUID or a readable date. */
  readonly indexed: IndexedVoucher | undefined;
}

/** A voucher that was kept. */
export interface ReadVoucher {
  voucher: Voucher;
  /**
   * The decoded text as Tally sent it, for a reject. Costs as much as all other reading, and is available only inside `take`.
   */
  readonly raw: string;
  /** Why the voucher could not be read at all (its XML is broken). `voucher` then has neither a date nor lines. */
  problem?: string;
}

export interface VoucherRequest<Taken = ReadVoucher> extends CollectionAsked {
  report: VoucherReport;
  company: Company;
  range: DateRange;
  /** The only wanted day, if the requested range is wider than that day. */
  day?: CalendarDate | undefined;
  /** Called for every voucher before it is parsed; a voucher that is not kept costs next to nothing. */
  keep: (head: VoucherHead) => boolean;
  /** Whether Tally's voucher list of this company contains this GUID, though the GUID begins with another company's. */
  listsForeign?: (guid: string) => boolean;
  /** Converts a kept voucher into what `batches` yields. Without it `batches` yields the whole voucher with its text. */
  take?: (read: ReadVoucher) => Taken;
}

/** Figures of Tally's answer so far, over all of its vouchers, kept or not. They grow while the batches are read. */
export interface VoucherAnswer {
  vouchers: number;
  /** Vouchers that needed the full parse by fast-xml-parser, including broken ones. */
  unusual: number;
  /** The first and last date of the vouchers. */
  from: CalendarDate | undefined;
  to: CalendarDate | undefined;
  bytes: number;
  /** Undefined if Tally does not announce the length. */
  totalBytes: number | undefined;
}

interface VoucherReading<Taken = ReadVoucher> {
  /**
   * The kept vouchers in Tally's order, at most 20 at a time. Empty batches come now and then, so that progress can be shown.
   * Can be read once. Fails with the codes `tally-*`, `answer-*`, `company-not-open` and `cancelled`; vouchers that came before
   * a failure must be discarded.
   */
  batches: AsyncIterable<Taken[]>;
  answer: Readonly<VoucherAnswer>;
}

const batchVouchers = 20;
const batchBytes = 8_000_000;
const batchMs = 200;

/** Reads the vouchers of a report from Tally's answer while it arrives. The request is sent when `batches` is first read. */
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
      xml: voucherRequest(report, nameInTally(company), range, day, request),
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

/** Counts a voucher of the answer, and reads the voucher if `keep` accepts it. */
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
      NUMBERINGSTYLE: '', // not a part of an invoice, so the number counts as one that may change
    }[field];
  }

  /** A field that the head does not tell is read from the whole voucher, so that no voucher is left out by a guess. */
  #text(name: 'date' | 'voucherType' | 'guid'): string {
    return this.#whole?.voucher[name] ?? this.#reader[name] ?? this.whole.voucher[name];
  }
}

/** All of a voucher. If its XML is broken, `problem` says so. */
export function readWhole({ bytes, encoding }: ElementBytes, reader: VoucherReader): ReadVoucher {
  const read = {
    get raw() {
      return decodeBytes(bytes, encoding);
    },
  };
  try {
    return Object.assign(read, { voucher: reader.read() });
  } catch (error) {
    // Only this voucher has broken XML: it becomes a reject, and the others load.
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
 * Checks whose vouchers an answer holds. In real books single imported vouchers carry another company's GUID. If not even one
 * voucher has the company's own GUID, another company has answered.
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

  /** Looks at GUIDs until one of them is the company's. */
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
