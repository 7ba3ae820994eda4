import { financialYearStart } from '../../core/base/calendar.js';
import { asOtherCompany, otherCompanyName, type Behaviour, type FaultKind } from '../behaviours/behaviour.js';
import { createBook, type Book } from './book.js';
import { splitAt } from './splitAt.js';

/** Names like those of real companies, each hard for some program. The last has invisible characters at its ends. */
const awkwardNames = [
  `O'Neill & "Sons"`,
  '<Bharat> Traders',
  'Kamal Stores (from 1-Apr-24)',
  '  Blank Brothers ',
  '\u0004\u00a0Marked & Co\u00a0\u0004 ',
];
const awkwardBooks = awkwardNames.map((companyName, n) =>
  createBook({ invoices: 200, companyName, companyGuid: `0a11ce00-0000-4000-8000-00000000000${n}` }),
);

/** The open companies, the active one first. */
export function openBooks(behaviour: Behaviour, fault: FaultKind = 'none'): readonly Book[] {
  const { companyOpen, book, otherBooks, otherCompanies } = behaviour;
  if (!companyOpen) return [];
  if (fault === 'company-closed') return otherBooks;
  if (fault === 'company-replaced') return [asOtherCompany(book, otherCompanyName), ...otherBooks];
  if (otherCompanies === 'awkward-names') return [book, ...otherBooks, ...awkwardBooks];
  if (otherCompanies !== 'split-by-years') return [book, ...otherBooks];
  const from = financialYearStart(book.range.to);
  return [...splitAt(book, from, `${book.companyName} (from 1-Apr-${from.slice(2, 4)})`), ...otherBooks];
}
