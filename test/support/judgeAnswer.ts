import type { Invoice } from '../../src/core/invoice/invoice.js';
import { VoucherList } from '../../src/core/jobs/load/list/voucherList.js';
import { Arrivals } from '../../src/core/jobs/load/read/arrivals.js';
import type { Book } from '../../src/demo/book/book.js';
import type { Delivered } from './fuzzBase.js';

/**
 * The outcome for one voucher of a damaged answer. `wrong` must never occur.
 * - `doubt`: the invoice has a doubt that the undamaged invoice lacks. A run warns of doubts.
 * - `text`, `detail`: names differ, or numbers that belong to no sum. Amounts and dates are equal.
 * - `ledger name`: a line has the name of another ledger of the company. Its amount, the party's amount and the total are
 *   equal. The sum that the line belongs to may differ. A name that the company does not have is a `doubt`.
 * - `lost`, `unknown`, `another date`, `another alteration`: the run reports it after comparing the answer with Tally's list of
 *   vouchers. It reports a hole, or an invoice that is not listed. An invalid GUID is `unknown`, and the voucher that it
 *   belonged to is `lost`.
 * - `twice`: one GUID came several times. The run reports this, and the last one counts.
 */
export type Fate = (typeof fates)[number];

const fates = [
  'same',
  'reject',
  'doubt',
  'text',
  'ledger name',
  'detail',
  'lost',
  'unknown',
  'another date',
  'another alteration',
  'twice',
  'wrong',
] as const;

type Loaded = Extract<Delivered, { invoice: Invoice }>;

export type Fates = Record<Fate, number>;

export interface Judgement {
  fates: Fates;
  /** The failures, for the message of a failing test. */
  wrong: string[];
}

/** Compares the result of a damaged answer with that of the whole answer, as a run does that has Tally's list of the book. */
export function judge(book: Book, whole: readonly Delivered[], damaged: readonly Delivered[]): Judgement {
  const count = noFates();
  const wrong: string[] = [];
  const originals = new Map(whole.flatMap((d) => ('invoice' in d ? [[d.invoice.invoiceId, d] as const] : [])));
  const seen = new Set<string | null>(
    damaged.map((one) => ('reject' in one ? one.reject.invoiceId : one.invoice.invoiceId)),
  );
  const lost = [...originals.keys()].filter((id) => !seen.has(id));
  count.lost = lost.length;
  const arrivals = arrivalsAfter(book, damaged);
  const deliveries = new Map<string, number>();
  for (const one of damaged)
    if ('invoice' in one) deliveries.set(one.invoice.invoiceId, (deliveries.get(one.invoice.invoiceId) ?? 0) + 1);
  const isTold = arrivals.holes().length > 0 || arrivals.unlisted > 0;
  const rejected = new Set(damaged.flatMap((one) => ('reject' in one ? [one.reject.invoiceId] : [])));
  if (lost.length > 0 && arrivals.holes().length === 0) wrong.push(`no hole for ${lost.join()}`);
  for (const one of damaged) {
    if ('reject' in one) {
      count.reject++;
      continue;
    }
    const found = fateOf(originals.get(one.invoice.invoiceId), one);
    const fate = found !== 'same' && deliveries.get(one.invoice.invoiceId)! > 1 ? 'twice' : found;
    count[fate]++;
    const original = originals.get(one.invoice.invoiceId)?.invoice;
    // If a second voucher of the same GUID was rejected, the run names that one.
    const isNamed = isTold || rejected.has(one.invoice.invoiceId);
    const untold = fate === 'unknown' ? lost.length === 0 && !isTold : fate.startsWith('another') && !isNamed;
    if (untold) wrong.push(`${fate}, and nothing tells: ${one.invoice.invoiceId}`);
    if (fate === 'wrong' || (untold && original !== undefined)) wrong.push(differences(original!, one.invoice));
  }
  return { fates: count, wrong };
}

export const noFates = (): Fates => Object.fromEntries(fates.map((fate) => [fate, 0])) as Fates;

/** The state of the book's listed invoices after a run that got this answer. */
export function arrivalsAfter(book: Book, damaged: readonly Delivered[]): Arrivals {
  const list = new VoucherList(book.companyGuid, book.range);
  for (const { guid, date, alterId, base } of book.vouchers()) {
    const isInvoice = base !== 'none';
    list.put({ guid, date, alterId }, { isLoaded: isInvoice, isInvoice });
  }
  const arrivals = new Arrivals(list);
  for (const one of damaged)
    if ('invoice' in one) {
      const { invoiceId, date, alterId } = one.invoice;
      arrivals.markRead(invoiceId, date, alterId === null ? undefined : Number(alterId), 0);
    } else if (one.reject.invoiceId !== null) arrivals.markRead(one.reject.invoiceId, undefined, undefined, 0);
  return arrivals;
}

function fateOf(original: Loaded | undefined, one: Loaded): Fate {
  if (original === undefined) return 'unknown';
  const [was, now] = [original.invoice, one.invoice];
  if (was.contentHash === now.contentHash) return 'same';
  if (was.date !== now.date) return 'another date';
  if (one.doubts.some((doubt) => !original.doubts.includes(doubt))) return 'doubt';
  const differs = (part: (invoice: Invoice) => unknown): boolean => json(part(was)) !== json(part(now));
  const ledgersDiffer = differs((i) => i.lines.map((line) => line.ledgerName));
  if (differs(amounts) || (differs(sums) && !ledgersDiffer))
    return was.alterId === now.alterId ? 'wrong' : 'another alteration';
  if (ledgersDiffer) return 'ledger name';
  return differs(details) ? 'detail' : 'text';
}

const amounts = (i: Invoice): unknown => [
  i.invoiceType,
  i.isCancelled,
  i.isOptional,
  [i.totalAmount, i.tdsAmount],
  i.currency === 'INR',
  i.lines.map((line) => line.amount),
];
const details = ({ lines }: Invoice): unknown =>
  lines.map((line) => [line.quantity, line.rate, line.discountPercent, line.gstRate, line.unit]);
const sums = (i: Invoice): unknown => [
  i.taxableAmount,
  i.cgstAmount,
  i.sgstAmount,
  i.igstAmount,
  i.cessAmount,
  i.roundOffAmount,
  i.otherAmount,
];

const json = (value: unknown): string =>
  JSON.stringify(value, (_key, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v));

function differences(a: Invoice, b: Invoice): string {
  const keys = (Object.keys(a) as (keyof Invoice)[]).filter(
    (key) => key !== 'contentHash' && json(a[key]) !== json(b[key]),
  );
  return keys.map((key) => `${key}: ${json(a[key])} → ${json(b[key])}`).join('; ');
}
