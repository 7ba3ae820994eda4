import { addDays, today, type CalendarDate } from '../../../base/calendar.js';
import type { Doubt, Invoice } from '../../../invoice/invoice.js';
import type { LedgerVoucher } from '../../../ledger/ledgerVoucher.js';
import type { KnownSource } from '../../../warehouse/records/sources.js';

/** A voucher as read from the collection or from the whole voucher. */
export interface VoucherReading {
  /** Absent for a voucher that is no invoice. */
  invoice?: Invoice;
  /** Only with the stream `ledger`. */
  voucher?: LedgerVoucher;
  doubts: readonly Doubt[];
  alterId: bigint | null;
  number: string | null;
  date: CalendarDate;
  /** The view in which Tally holds the voucher. */
  view: 'invoice' | 'accounting';
}

/**
 * Increased with each change of templates/voucherCollection.xml.njk or voucherObject.xml.njk: experience with the old requests
 * proves nothing.
 */
const requestVersion = 2;
/** The verdict on a company's collection, to be remembered: one of these words, and the version of the request. */
type Word =
  | 'right'
  | 'wrong'
  /** As `wrong`, but invoices had been read from the collection. If it proves wrong later, these are read again too. */
  | 'dropped'
  /** A whole voucher differed before any invoice was taken from the collection, which is not requested again. */
  | 'differs'
  /** A whole voucher differed after invoices had been taken from the collection. All of them are read again. */
  | 'contradicted';
/**
 * With the stream `ledger` the same request has more fields. So `right` without `ledger` does not prove the request with it. All
 * other verdicts are about both.
 */
const verdict = (word: Word, withLedger: boolean): string => `${word} ${requestVersion}${withLedger ? ' ledger' : ''}`;

/** Whether a verdict says that invoices were taken from a collection that is wrong. */
export const isContradicted = (said: string | null): boolean => said?.startsWith('contradicted ') === true;

/** A Tally that did not know the request, or did not answer in time, gets it again after so many days. */
const wrongDays = 30;

/** Stands before the kinds whose vouchers differ, in a verdict: `right 2 ledger without stock_journal accounting`. */
const without = ' without ';

/**
 * How often a field must be the same in the collection and in the whole voucher before it is believed: in a run that proves the
 * collection, and in later runs.
 */
const samples = { first: 3, later: 1 };

/**
 * The experience of one run with Tally's collection of vouchers, which has only the requested fields. Below, “invoice”
 * means any voucher that the run loads, so with the stream `ledger` vouchers of every type. An invoice from the
 * collection is believed if each of its filled fields was the same in whole vouchers, for an invoice of its type. A
 * field that the collection loses does not show in this way. For that, randomly chosen invoices are read whole.
 */
export class CollectionProof {
  /** Whether this run or an earlier one found the collection to be right. */
  isRight: boolean;
  /** Whether invoices may have been read from the collection in an earlier run, also by an older request. */
  readonly #wasRight: boolean;
  /** Whether an earlier run may have read invoices by the present request. */
  readonly #wasAsked: boolean;
  /** The number of vouchers that this run has taken from the collection. If the collection proves wrong, they may be wrong. */
  taken = 0;
  readonly #takenKinds = new Set<string>();
  /** The kinds of vouchers that differ in the collection. They are read whole. */
  readonly #differing: Set<string>;
  /** A whole voucher differed after invoices had been taken from the collection. This run then proves no day. */
  hasContradicted = false;
  readonly #samples: number;
  #isOff: boolean;
  #hasAgreed = false;
  /**
   * How often each kind and field was the same in the collection and in the whole voucher (#agreed), or was chosen for
   * comparison (#asked).
   */
  readonly #agreed = new Map<string, number>();
  readonly #asked = new Map<string, number>();
  /** The fields that were the same often enough, by kind. Not kept by invoice, because nearly every invoice has other fields. */
  readonly #believed = new Map<string, Set<string>>();

  constructor(
    known: Pick<KnownSource, 'collection' | 'collectionOn'> | undefined,
    private readonly withLedger = false,
  ) {
    const { collection = null, collectionOn = null } = known ?? {};
    const [said, kinds] = (collection ?? '').split(without);
    this.#differing = new Set(kinds?.split('; '));
    const is = (word: Word, hasLedger: boolean): boolean => said === verdict(word, hasLedger);
    const isAny = (word: Word): boolean => is(word, false) || is(word, true);
    this.isRight = withLedger ? is('right', true) : isAny('right');
    this.#samples = this.isRight ? samples.later : samples.first;
    this.#wasAsked = this.isRight || isAny('dropped');
    this.#wasRight = /^(right|dropped) /.test(collection ?? '');
    const isLately = collectionOn !== null && collectionOn > addDays(today(), -wrongDays);
    this.#isOff = isAny('contradicted') || isAny('differs') || ((isAny('wrong') || isAny('dropped')) && isLately);
  }

  get isOff(): boolean {
    return this.#isOff;
  }

  /** Whether invoices are read from the collection, so that each request can be for a few days. */
  get isUsed(): boolean {
    return this.isRight && !this.#isOff;
  }

  /** The verdict to remember once the collection has agreed. */
  get right(): string {
    const kinds = [...this.#differing].join('; ');
    return `${verdict('right', this.withLedger)}${kinds === '' ? '' : without + kinds}`;
  }

  /** Notes that a voucher was taken from the collection. */
  take(seen: VoucherReading): void {
    this.taken++;
    this.#takenKinds.add(kindOf(seen));
  }

  /** Whether vouchers of this kind are read whole, because they differ in the collection. */
  isDiffering(seen: VoucherReading): boolean {
    return this.#differing.has(kindOf(seen));
  }

  /**
   * Notes that vouchers of this kind differ, so that they are read whole. Returns false, and notes nothing, without the
   * stream `ledger`, or if this run or an earlier one may have taken vouchers of the kind from the collection. The
   * caller must then contradict the whole collection.
   */
  addDiffering(seen: VoucherReading): boolean {
    if (!this.withLedger || this.#wasAsked || this.#takenKinds.has(kindOf(seen))) return false;
    this.#differing.add(kindOf(seen));
    return true;
  }

  /** The verdict to remember if Tally does not give the collection, or not wholly. */
  get notGiven(): string {
    return verdict(this.isRight || this.#wasRight ? 'dropped' : 'wrong', this.withLedger);
  }

  /** Notes that a whole voucher differs, and stops requests of the collection in this run. Returns the verdict to remember. */
  contradict(): string {
    this.turnOff();
    this.hasContradicted = this.isRight || this.#wasRight || this.taken > 0;
    return verdict(this.hasContradicted ? 'contradicted' : 'differs', this.withLedger);
  }

  /**
   * Whether at least one invoice with lines was the same in the collection and in the whole voucher. A cancelled
   * invoice has no lines to compare.
   */
  get hasAgreed(): boolean {
    return this.#hasAgreed;
  }

  /** Stops requests of the collection in this run. */
  turnOff(): void {
    this.#isOff = true;
  }

  /** Whether each filled field of this invoice was the same in whole vouchers. */
  hasConfirmed(seen: VoucherReading): boolean {
    for (const [kind, part] of partsOf(seen)) {
      const believed = this.#believed.get(kind);
      if (!believed || !filledFields(part).every((field) => believed.has(field))) return false;
    }
    return true;
  }

  /** Whether comparing this invoice would show something new. If so, counts the invoice as chosen for comparison. */
  wants(seen: VoucherReading): boolean {
    const keys = [...keysOf(seen).keys()];
    if (keys.every((key) => (this.#asked.get(key) ?? 0) >= this.#samples)) return false;
    for (const key of keys) this.#asked.set(key, (this.#asked.get(key) ?? 0) + 1);
    return true;
  }

  /** Notes that the invoice was the same in the collection and in the whole voucher. */
  agree(seen: VoucherReading): void {
    this.#hasAgreed ||= (seen.invoice?.lines.length ?? 0) + (seen.voucher?.entries.length ?? 0) > 0;
    for (const [key, { kind, field }] of keysOf(seen)) {
      const agreed = (this.#agreed.get(key) ?? 0) + 1;
      this.#agreed.set(key, agreed);
      if (agreed < this.#samples) continue;
      const believed = this.#believed.get(kind) ?? new Set();
      this.#believed.set(kind, believed.add(field));
    }
  }

  /** After a comparison: forgets the chosen invoices that could not be compared, so that they may be chosen again. */
  forgetChosen(): void {
    this.#asked.clear();
    for (const [key, count] of this.#agreed) this.#asked.set(key, count);
  }
}

/** The kind of a voucher: its base type (of an invoice the same as its type), its view, and whether it is cancelled. */
function kindOf({ invoice, voucher, view }: Pick<VoucherReading, 'invoice' | 'voucher' | 'view'>): string {
  const type = voucher?.baseType ?? invoice!.invoiceType;
  return `${type} ${view}${(voucher ?? invoice!).isCancelled ? ' cancelled' : ''}`;
}

/** The voucher, its lines and its entries, each with its kind. */
function* partsOf({ invoice, voucher, view }: VoucherReading): Generator<[kind: string, part: object]> {
  if (invoice) {
    const kind = kindOf({ invoice, view });
    yield [kind, invoice];
    for (const line of invoice.lines) yield [`${kind} ${line.lineType} ${line.ledgerClass}`, line];
  }
  if (!voucher) return;
  const kind = `ledger ${kindOf({ voucher, view })}`;
  yield [kind, voucher];
  for (const entry of voucher.entries) {
    yield [`${kind} entry`, entry];
    for (const bill of entry.bills) yield [`${kind} bill ${bill.kind}`, bill];
    for (const cost of entry.costs) yield [`${kind} cost`, cost];
    for (const bank of entry.banks) yield [`${kind} bank`, bank];
  }
  for (const stock of voucher.stock) yield [`${kind} stock ${stock.direction}`, stock];
}

/** The filled fields. An empty list does not count, because the collection may lose the whole list. */
const filledFields = (row: object): string[] =>
  Object.keys(row).filter((field) => {
    const value = row[field as keyof typeof row] as unknown;
    return Array.isArray(value) ? value.length > 0 : Boolean(value);
  });

/** The kinds and fields of an invoice that are compared: each filled field of each kind, once. */
function keysOf(seen: VoucherReading): Map<string, { kind: string; field: string }> {
  const keys = new Map<string, { kind: string; field: string }>();
  for (const [kind, part] of partsOf(seen))
    for (const field of filledFields(part)) keys.set(`${kind} ${field}`, { kind, field });
  return keys;
}

/** The first field in which two readings of an invoice differ; undefined if they are equal. */
export function differingField(one: VoucherReading, other: VoucherReading): string | undefined {
  const isSame = (['invoice', 'voucher'] as const).every((of) => one[of]?.contentHash === other[of]?.contentHash);
  if (isSame) {
    const doubts = (seen: VoucherReading): string => [...seen.doubts].sort().join();
    return doubts(one) === doubts(other) ? undefined : 'doubts';
  }
  const [ours, theirs] = [one, other].map(fieldsOf);
  const names = [...new Set([...ours!.keys(), ...theirs!.keys()])];
  return names.find((name) => ours!.get(name) !== theirs!.get(name)) ?? 'lines';
}

function fieldsOf({ invoice, voucher }: VoucherReading): Map<string, string> {
  const fields = new Map<string, string>();
  const add = (prefix: string, value: unknown): void => {
    if (typeof value !== 'object' || value === null) fields.set(prefix, String(value));
    else if (Array.isArray(value))
      value.forEach((one, i) => {
        add(`${prefix}[${i + 1}]`, one);
      });
    else for (const [name, one] of Object.entries(value)) add(prefix === '' ? name : `${prefix}.${name}`, one);
  };
  if (invoice) add('', { ...invoice, contentHash: '' });
  if (voucher) add('', { ...voucher, contentHash: '' });
  return fields;
}
