import { defaultLedgerPatterns } from '../../src/core/base/config.js';
import { invoiceTypesOf } from '../../src/core/invoice/classes/invoiceTypeOf.js';
import { ledgerClassesOf } from '../../src/core/invoice/classes/ledgerClassOf.js';
import { mapInvoice, type Mapped, type MappingRules } from '../../src/core/invoice/mapInvoice.js';
import type { AnswerSource } from '../../src/core/tally/answerSource.js';
import { readVouchers } from '../../src/core/tally/requests/readVouchers.js';
import { createBook, type Book } from '../../src/demo/book/book.js';
import { bookOf } from './demo/bookOf.js';
import { answerChunks, reportAnswer } from '../../src/demo/answers/xml/reportXml.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';

const kindOf = (v: DemoVoucher): string =>
  v.base === 'none'
    ? 'none'
    : JSON.stringify([
        v.base,
        v.view,
        v.cancelled ? 'cancelled' : '',
        v.optional,
        v.forex !== undefined,
        v.base !== 'sales' || v.entries.some((entry) => entry.kind === 'item'),
        v.entries.some((entry) => entry.kind === 'ledger' && ['tds', 'cess'].includes(entry.role)),
      ]);

/** About a dozen of the demo's vouchers, one of each kind: the shortest of its kind among some five hundred. */
export function fuzzBook(): Book {
  const kinds = new Map<string, DemoVoucher>();
  for (const voucher of createBook({ invoices: 400 }).vouchers()) {
    const known = kinds.get(kindOf(voucher));
    if (known === undefined || voucher.entries.length < known.entries.length) kinds.set(kindOf(voucher), voucher);
  }
  return bookOf([...kinds.values()].sort((a, b) => (a.date < b.date ? -1 : 1)));
}

/** The book in parts of five vouchers: answers are shorter, so that more of them are tested in the same time. */
export function partsOf(book: Book): Book[] {
  const vouchers = [...book.vouchers()];
  const parts = Array.from({ length: Math.ceil(vouchers.length / 5) }, (_, n) => vouchers.slice(5 * n, 5 * n + 5));
  return parts.map((part) => bookOf(part));
}

/** The report as Tally sends it over HTTP; `lean`: without empty fields, as in a file that its screen exports. */
export function reportText(book: Book, lean: boolean): string {
  const text = Buffer.concat([...answerChunks(reportAnswer(book, undefined), 'utf-16')]).toString('utf16le');
  if (!lean) return text;
  const empty = /^ *<([A-Z.]+)(?: [^<>]*)?>(?: *|No|&#4; Not Applicable)<\/\1>\r\n/gm;
  const kept = /^ *<(?:ISOPTIONAL|ISCANCELLED|ISPARTYLEDGER|ISDEEMEDPOSITIVE|LEDGERENTRIES|ALL)/;
  return text.replace(empty, (line) => (kept.test(line) ? line : ''));
}

export const rulesOf = (book: Book): MappingRules => {
  const masters = { voucherTypes: [...book.voucherTypes], ledgers: [...book.ledgers], groups: [...book.groups] };
  return {
    invoiceTypeOf: invoiceTypesOf(masters.voucherTypes),
    ledgerClassOf: ledgerClassesOf(masters, defaultLedgerPatterns),
  };
};

/** A voucher that was not skipped: its invoice, or its reject. */
export type Delivered = Exclude<Mapped, { skip: true }>;

/** Reads an answer as a run does: unwanted vouchers are dropped, unreadable ones are rejected. */
export async function readInvoices(source: AnswerSource, book: Book, rules: MappingRules): Promise<Delivered[]> {
  const { batches } = readVouchers(source, {
    report: 'Day Book',
    company: { name: book.companyName, id: book.companyGuid },
    range: book.range,
    keep: ({ date, voucherType }) =>
      (date === undefined || (date >= book.range.from && date <= book.range.to)) &&
      rules.invoiceTypeOf(voucherType) !== 'none',
  });
  const delivered: Delivered[] = [];
  for await (const batch of batches)
    for (const { voucher, raw, problem } of batch) {
      const result: Mapped =
        problem === undefined
          ? mapInvoice(voucher, raw, rules)
          : {
              reject: {
                invoiceId: voucher.guid || null,
                alterId: null,
                invoiceNumber: null,
                date: null,
                field: 'VOUCHER',
                reasonCode: 'xml-broken',
                reason: problem,
                raw,
              },
            };
      if (!('skip' in result)) delivered.push(result);
    }
  return delivered;
}
