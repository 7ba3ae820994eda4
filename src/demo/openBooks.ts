import { financialYearStart } from '../core/calendar.js';
import type { Behaviour } from './behaviour.js';
import { createBook, type Book } from './book.js';
import { splitAt } from './changedBook.js';

/** Names that real companies have, each hard for somebody. */
const awkwardBooks = [`O'Neill & "Sons"`, '<Bharat> Traders', 'Kamal Stores (from 1-Apr-24)', '  Blank Brothers '].map(
  (companyName, n) =>
    createBook({ invoices: 200, companyName, companyGuid: `0a11ce00-0000-4000-8000-00000000000${n}` }),
);

/** The companies that are open, the active one first. */
export function openBooks({ companyOpen, book, otherBooks, otherCompanies }: Behaviour): readonly Book[] {
  if (!companyOpen) return [];
  if (otherCompanies === 'awkward-names') return [book, ...otherBooks, ...awkwardBooks];
  return otherCompanies === 'split-by-years' ? [...splitInTwo(book), ...otherBooks] : [book, ...otherBooks];
}

/** Before the last financial year, and from it on. */
function splitInTwo(book: Book): [Book, Book] {
  const from = financialYearStart(book.range.to);
  return splitAt(book, from, `${book.companyName} (from 1-Apr-${from.slice(2, 4)})`);
}
