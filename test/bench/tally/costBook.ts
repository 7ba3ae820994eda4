import type { CalendarDate, DateRange } from '../../../src/core/base/calendar.js';
import { createBook, type Book } from '../../../src/demo/book/book.js';
import type { DemoVoucher } from '../../../src/demo/book/voucher.js';
import { withChanges, type Change } from '../../support/demo/changedBook.js';
import type { CostCase, Written } from './cost.js';

/** Three years without their last day, which is a day without vouchers for the case `nextDay`. */
export const costRange: DateRange = { from: '2022-04-01', to: '2025-03-30' };

/** The share of invoices among the demo's vouchers of all kinds. */
export const invoiceShare = 0.79;

/** The demo's book of about so many vouchers of all kinds. */
export const costBook = (vouchers: number): Book =>
  createBook({ invoices: Math.round(vouchers * invoiceShare), ...costRange });

/** The changes that somebody makes in Tally before a case, and the rows that a run then has to write. */
export interface Edits {
  changes: Change[];
  /** The days of the vouchers that are edited, entered or deleted. */
  days: ReadonlySet<CalendarDate>;
  wrote: Written;
}

export function editsBefore(of: CostCase, book: Book): Edits {
  switch (of) {
    case 'firstLoad':
      return { ...noEdits, wrote: { inserted: countInvoices(book), updated: 0, missing: 0 } };
    case 'some':
      return someEdits(editable(book));
    case 'spread':
      return everyHundredth(editable(book));
    default:
      return noEdits;
  }
}

const noEdits: Edits = { changes: [], days: new Set(), wrote: { inserted: 0, updated: 0, missing: 0 } };

const editable = (book: Book): DemoVoucher[] =>
  [...book.vouchers()].filter(({ base, cancelled }) => base !== 'none' && !cancelled);

/** Counts cancelled invoices too. */
function countInvoices(book: Book): number {
  let count = 0;
  for (const { base } of book.vouchers()) if (base !== 'none') count++;
  return count;
}

/** Edits 4 vouchers and enters 20 on each of five days, two of them in the same month. Deletes 2 of another day. */
function someEdits(invoices: readonly DemoVoucher[]): Edits {
  const at = (share: number): DemoVoucher => invoices[Math.floor(share * invoices.length)]!;
  const edited = [0.13, 0.4, 0.41, 0.67, 0.7].flatMap((share) => {
    const first = invoices.findIndex(({ date }) => date === at(share).date);
    return invoices.slice(first, first + 4);
  });
  const first = invoices.indexOf(at(0.5));
  const deleted = [invoices[first]!, invoices[first + 1]!];
  const changes: Change[] = [
    ...edited.map((edit) => ({ edit, fields: { narration: 'Late' } })),
    ...edited.flatMap((voucher, i) =>
      Array.from({ length: 5 }, (_, j) => ({ create: { ...voucher, number: `LATE/${i}/${j}` } })),
    ),
    ...deleted.map((voucher) => ({ delete: voucher })),
  ];
  const days = new Set([...edited, ...deleted].map(({ date }) => date));
  return { changes, days, wrote: { inserted: 5 * edited.length, updated: edited.length, missing: deleted.length } };
}

function everyHundredth(invoices: readonly DemoVoucher[]): Edits {
  const edited = invoices.filter((_, i) => i % 100 === 7);
  return {
    changes: edited.map((edit) => ({ edit, fields: { narration: 'Every hundredth' } })),
    days: new Set(edited.map(({ date }) => date)),
    wrote: { inserted: 0, updated: edited.length, missing: 0 },
  };
}

export const changed = (book: Book, { changes }: Edits): Book =>
  changes.length === 0 ? book : withChanges(book, changes);
