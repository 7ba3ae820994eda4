import { addDays, today } from '../../../base/calendar.js';
import type { Doubt, Invoice } from '../../../invoice/invoice.js';
import type { KnownSource } from '../../../warehouse/records/sources.js';

/** An invoice as one of two ways of reading brought it. */
export interface Seen {
  invoice: Invoice;
  doubts: readonly Doubt[];
  /** How Tally holds it: in invoice or in accounting view. */
  view: 'invoice' | 'accounting';
}

/** Raised with each change of templates/voucherCollection.xml.njk or voucherObject.xml.njk: what was seen of the old requests is void. */
const requestVersion = 2;
export const right = `right ${requestVersion}`;
const wrong = `wrong ${requestVersion}`;
/** As `wrong`, and invoices had been read from it: should it lie when it is asked again, these are read again too. */
const dropped = `dropped ${requestVersion}`;
/** A whole voucher said otherwise than the collection before anything was read from it: it is not asked again. */
export const differs = `differs ${requestVersion}`;
/** The same when invoices had been read from it: they are all read again. */
export const contradicted = `contradicted ${requestVersion}`;

/** A Tally that did not know the request, or not in time, is asked again after so many days. */
const wrongDays = 30;

/** How often a field must have been the same both ways before it is believed. */
const samples = 3;

/**
 * What one run has seen of Tally's collection of vouchers, which has only the fields that are asked for. An invoice of it is
 * believed if all that is filled in it, of an invoice of its type, was the same in whole vouchers. A field that the collection
 * loses cannot be seen so: invoices that are chosen at random are read whole for that.
 */
export class CollectionProof {
  /** The request is known to be answered. */
  isRight: boolean;
  /** Invoices may have been read from the collection before, by an older request too. */
  readonly #wasRight: boolean;
  /** Invoices that this run has taken from the collection: where it turns out to lie, they may be wrong. */
  taken = 0;
  /** A whole voucher said otherwise after invoices had been read from the collection: this run proves no day. */
  hasContradicted = false;
  #isOff: boolean;
  #hasAgreed = false;
  /** How often each kind and field was the same both ways, or is about to be compared. */
  readonly #agreed = new Map<string, number>();
  readonly #asked = new Map<string, number>();
  /** Few different invoices fill different fields. */
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

  /** Invoices are read from it, so that each request can be for a few days. */
  get isUsed(): boolean {
    return this.isRight && !this.#isOff;
  }

  /** What to remember of a collection that Tally does not give, or not wholly. */
  get notGiven(): string {
    return this.isRight || this.#wasRight ? dropped : wrong;
  }

  /** A whole voucher says otherwise. Returns the verdict to remember. */
  contradict(): string {
    this.turnOff();
    this.hasContradicted = this.isRight || this.#wasRight || this.taken > 0;
    return this.hasContradicted ? contradicted : differs;
  }

  /** An invoice with lines was the same both ways; a cancelled one has none to compare. */
  get hasAgreed(): boolean {
    return this.#hasAgreed;
  }

  /** The collection is not asked again in this run. */
  turnOff(): void {
    this.#isOff = true;
  }

  /** Whether all that this invoice fills was the same in whole vouchers. */
  believes(seen: Seen): boolean {
    return this.#keysOf(seen).every((key) => (this.#agreed.get(key) ?? 0) >= samples);
  }

  /** Whether comparing this invoice would show something new. Counts it as one that will be compared. */
  wants(seen: Seen): boolean {
    const keys = this.#keysOf(seen);
    if (keys.every((key) => (this.#asked.get(key) ?? 0) >= samples)) return false;
    for (const key of keys) this.#asked.set(key, (this.#asked.get(key) ?? 0) + 1);
    return true;
  }

  /** The invoice was the same both ways. */
  agree(seen: Seen): void {
    this.#hasAgreed ||= seen.invoice.lines.length > 0;
    for (const key of this.#keysOf(seen)) this.#agreed.set(key, (this.#agreed.get(key) ?? 0) + 1);
  }

  /** What was to be compared has been compared, or could not be: it may be chosen again. */
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

/** Which fields of an invoice and its lines are filled, as text. */
function signatureOf(invoice: Invoice): string {
  let signature = '';
  for (const field in invoice) signature += invoice[field as keyof Invoice] ? '1' : '0';
  for (const line of invoice.lines) {
    signature += ` ${line.lineType} ${line.ledgerClass} `;
    for (const field in line) signature += line[field as keyof typeof line] ? '1' : '0';
  }
  return signature;
}

/** Its kind with each filled field, and with each kind of line and its filled fields. */
function keysOf(invoice: Invoice, kind: string): Set<string> {
  const keys = new Set([kind]);
  for (const [field, value] of Object.entries(invoice)) if (value) keys.add(`${kind} ${field}`);
  for (const line of invoice.lines)
    for (const [field, value] of Object.entries(line))
      if (value) keys.add(`${kind} ${line.lineType} ${line.ledgerClass} ${field}`);
  return keys;
}

/** The first field in which two readings of an invoice differ; undefined where they are the same. */
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
