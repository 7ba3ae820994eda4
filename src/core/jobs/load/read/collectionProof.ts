import { addDays, today } from '../../../base/calendar.js';
import type { Doubt, Invoice, InvoiceLine } from '../../../invoice/invoice.js';
import type { KnownSource } from '../../../warehouse/records/sources.js';

/** An invoice as read from the collection or from the whole voucher. */
export interface Seen {
  invoice: Invoice;
  doubts: readonly Doubt[];
  /** The view in which Tally holds the invoice. */
  view: 'invoice' | 'accounting';
}

/**
 * Increased with each change of templates/voucherCollection.xml.njk or voucherObject.xml.njk: experience with the old requests
 * proves nothing.
 */
const requestVersion = 2;
export const right = `right ${requestVersion}`;
const wrong = `wrong ${requestVersion}`;
/**
 * Like `wrong`, but invoices had been read from the collection. If the collection proves wrong when it is requested again,
 * these invoices are read again too.
 */
const dropped = `dropped ${requestVersion}`;
/** A whole voucher differed from the collection before any invoice was taken from it. The collection is not requested again. */
export const differs = `differs ${requestVersion}`;
/** A whole voucher differed from the collection after invoices had been taken from it. All of them are read again. */
export const contradicted = `contradicted ${requestVersion}`;

/** A Tally that did not know the request, or did not answer in time, gets it again after so many days. */
const wrongDays = 30;

/** How often a field must be the same both ways before it is believed. */
const samples = 3;

/**
 * The experience of one run with Tally's collection of vouchers, which has only the requested fields. An invoice from it is
 * believed if each of its filled fields was the same in whole vouchers, for an invoice of its type. A field that the collection
 * loses does not show in this way. For that, randomly chosen invoices are read whole.
 */
export class CollectionProof {
  /** Whether Tally is known to answer the request. */
  isRight: boolean;
  /** Whether invoices may have been read from the collection in an earlier run, also by an older request. */
  readonly #wasRight: boolean;
  /** The number of invoices that this run has taken from the collection. If the collection proves wrong, they may be wrong. */
  taken = 0;
  /** A whole voucher differed after invoices had been taken from the collection. This run then proves no day. */
  hasContradicted = false;
  #isOff: boolean;
  #hasAgreed = false;
  /** How often each kind and field was the same both ways (#agreed), or was chosen for comparison (#asked). */
  readonly #agreed = new Map<string, number>();
  readonly #asked = new Map<string, number>();
  /** The fields that were the same often enough, by kind. Not kept by invoice, because nearly every invoice has other fields. */
  readonly #believed = new Map<string, Set<string>>();

  constructor(known: Pick<KnownSource, 'collection' | 'collectionOn'> | undefined) {
    const { collection = null, collectionOn = null } = known ?? {};
    this.isRight = collection === right;
    this.#wasRight = /^(right|dropped) /.test(collection ?? '');
    const isLately = collectionOn !== null && collectionOn > addDays(today(), -wrongDays);
    this.#isOff =
      collection === contradicted ||
      collection === differs ||
      ((collection === wrong || collection === dropped) && isLately);
  }

  get isOff(): boolean {
    return this.#isOff;
  }

  /** Whether invoices are read from the collection, so that each request can be for a few days. */
  get isUsed(): boolean {
    return this.isRight && !this.#isOff;
  }

  /** The verdict to remember if Tally does not give the collection, or not wholly. */
  get notGiven(): string {
    return this.isRight || this.#wasRight ? dropped : wrong;
  }

  /** Notes that a whole voucher differs. Returns the verdict to remember. */
  contradict(): string {
    this.turnOff();
    this.hasContradicted = this.isRight || this.#wasRight || this.taken > 0;
    return this.hasContradicted ? contradicted : differs;
  }

  /** Whether an invoice with lines was the same both ways; a cancelled invoice has no lines to compare. */
  get hasAgreed(): boolean {
    return this.#hasAgreed;
  }

  /** Stops requests of the collection in this run. */
  turnOff(): void {
    this.#isOff = true;
  }

  /** Whether each filled field of this invoice was the same in whole vouchers. */
  believes(seen: Seen): boolean {
    for (const [kind, part] of partsOf(seen)) {
      const believed = this.#believed.get(kind);
      if (believed === undefined) return false;
      for (const field in part) if (part[field as keyof typeof part] && !believed.has(field)) return false;
    }
    return true;
  }

  /** Whether comparing this invoice would show something new. If so, counts the invoice as chosen for comparison. */
  wants(seen: Seen): boolean {
    const keys = [...keysOf(seen).keys()];
    if (keys.every((key) => (this.#asked.get(key) ?? 0) >= samples)) return false;
    for (const key of keys) this.#asked.set(key, (this.#asked.get(key) ?? 0) + 1);
    return true;
  }

  /** Notes that the invoice was the same both ways. */
  agree(seen: Seen): void {
    this.#hasAgreed ||= seen.invoice.lines.length > 0;
    for (const [key, { kind, field }] of keysOf(seen)) {
      const agreed = (this.#agreed.get(key) ?? 0) + 1;
      this.#agreed.set(key, agreed);
      if (agreed < samples) continue;
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

/** The invoice and its lines, each with its kind. */
function* partsOf({ invoice, view }: Seen): Generator<[kind: string, part: Partial<Invoice & InvoiceLine>]> {
  const kind = `${invoice.invoiceType} ${view}${invoice.isCancelled ? ' cancelled' : ''}`;
  yield [kind, invoice];
  for (const line of invoice.lines) yield [`${kind} ${line.lineType} ${line.ledgerClass}`, line];
}

/** The kinds and fields of an invoice that are compared: each filled field of each kind, once. */
function keysOf(seen: Seen): Map<string, { kind: string; field: string }> {
  const keys = new Map<string, { kind: string; field: string }>();
  for (const [kind, part] of partsOf(seen))
    for (const [field, value] of Object.entries(part)) if (value) keys.set(`${kind} ${field}`, { kind, field });
  return keys;
}

/** The first field in which two readings of an invoice differ; undefined if they are equal. */
export function differingField(one: Seen, other: Seen): string | undefined {
  if (one.invoice.contentHash === other.invoice.contentHash) {
    const doubts = (seen: Seen): string => [...seen.doubts].sort().join();
    return doubts(one) === doubts(other) ? undefined : 'doubts';
  }
  const [ours, theirs] = [one.invoice, other.invoice].map(fieldsOf);
  const names = [...new Set([...ours!.keys(), ...theirs!.keys()])];
  return names.find((name) => ours!.get(name) !== theirs!.get(name)) ?? 'lines';
}

function fieldsOf({ lines, ...invoice }: Invoice): Map<string, string> {
  const fields = new Map(Object.entries({ ...invoice, contentHash: '' }).map(([name, value]) => [name, String(value)]));
  lines.forEach((line, i) => {
    for (const [name, value] of Object.entries(line)) fields.set(`lines[${i + 1}].${name}`, String(value));
  });
  return fields;
}
