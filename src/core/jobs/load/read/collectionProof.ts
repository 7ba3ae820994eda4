import { addDays, today } from '../../../base/calendar.js';
import type { Doubt, Invoice } from '../../../invoice/invoice.js';
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
  /** A cache: few invoices differ in which fields are filled. */
  readonly #keys = new Map<string, string[]>();

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
    return this.#keysOf(seen).every((key) => (this.#agreed.get(key) ?? 0) >= samples);
  }

  /** Whether comparing this invoice would show something new. If so, counts the invoice as chosen for comparison. */
  wants(seen: Seen): boolean {
    const keys = this.#keysOf(seen);
    if (keys.every((key) => (this.#asked.get(key) ?? 0) >= samples)) return false;
    for (const key of keys) this.#asked.set(key, (this.#asked.get(key) ?? 0) + 1);
    return true;
  }

  /** Notes that the invoice was the same both ways. */
  agree(seen: Seen): void {
    this.#hasAgreed ||= seen.invoice.lines.length > 0;
    for (const key of this.#keysOf(seen)) this.#agreed.set(key, (this.#agreed.get(key) ?? 0) + 1);
  }

  /** After a comparison: forgets the chosen invoices that could not be compared, so that they may be chosen again. */
  forgetChosen(): void {
    this.#asked.clear();
    for (const [key, count] of this.#agreed) this.#asked.set(key, count);
  }

  #keysOf({ invoice, view }: Seen): string[] {
    const kind = `${invoice.invoiceType} ${view}${invoice.isCancelled ? ' cancelled' : ''}`;
    const signature = `${kind}${signatureOf(invoice)}`;
    let keys = this.#keys.get(signature);
    if (keys === undefined) this.#keys.set(signature, (keys = [...keysOf(invoice, kind)]));
    return keys;
  }
}

/** A text that tells which fields of an invoice and its lines are filled. */
function signatureOf(invoice: Invoice): string {
  let signature = '';
  for (const field in invoice) signature += invoice[field as keyof Invoice] ? '1' : '0';
  for (const line of invoice.lines) {
    signature += ` ${line.lineType} ${line.ledgerClass} `;
    for (const field in line) signature += line[field as keyof typeof line] ? '1' : '0';
  }
  return signature;
}

/** The keys to compare: the kind of invoice with each filled field, and with each filled field of each kind of line. */
function keysOf(invoice: Invoice, kind: string): Set<string> {
  const keys = new Set([kind]);
  for (const [field, value] of Object.entries(invoice)) if (value) keys.add(`${kind} ${field}`);
  for (const line of invoice.lines)
    for (const [field, value] of Object.entries(line))
      if (value) keys.add(`${kind} ${line.lineType} ${line.ledgerClass} ${field}`);
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
