import { t } from '@vscode/l10n';
import { addDays, type CalendarDate, type DateRange } from '../../base/calendar.js';
import { dateText, rangeText } from '../../base/countWords.js';
import { EtlError } from '../../base/errors.js';
import type { CompanySource } from '../../warehouse/records/sources.js';
import type { Books } from './books.js';
import type { Company } from '../job.js';
import type { RangeRemark } from '../remark.js';

/** Another part of a company that was split by years, as far as it is known. */
export interface CompanyPart {
  name: string;
  booksFrom?: CalendarDate;
}

/**
 * The part of a range that the company's books hold. `known` has what earlier runs have seen of other parts of a split company.
 * Throws as cutAtBooks.
 */
export const withinBooks = (
  range: DateRange,
  books: Books,
  known: readonly CompanySource[],
): { range: DateRange; remarks: RangeRemark[] } => cutAtBooks(range, books.company, otherPartsOf(books, known));

/** The days that the company's books may hold. */
export function heldBy(books: Books, known: readonly CompanySource[]): DateRange {
  const { booksFrom } = books.company;
  const next = booksFrom && nextPartOf(booksFrom, otherPartsOf(books, known));
  return { from: booksFrom ?? '0001-01-01', to: next ? addDays(next, -1) : '9999-12-31' };
}

/**
 * Whether the company was split by years: another part begins on another day. The same books under an earlier name
 * begin on the same day, and are not another part.
 */
export const hasOtherParts = (books: Books, known: readonly CompanySource[]): boolean =>
  otherPartsOf(books, known).some(({ booksFrom }) => booksFrom !== undefined && booksFrom !== books.company.booksFrom);

/** The other names of the company: those that are open, and those that earlier runs have seen. */
function otherPartsOf({ company, siblings }: Books, known: readonly CompanySource[]): CompanyPart[] {
  const remembered = known
    .filter(({ companyName }) => companyName !== company.name && !siblings.some(({ name }) => name === companyName))
    .map(({ companyName, booksFrom }) => ({ name: companyName, ...(booksFrom !== null && { booksFrom }) }));
  return [...siblings, ...remembered];
}

/** The first day of the next part, after the books that begin on `booksFrom`. */
const nextPartOf = (booksFrom: CalendarDate, otherParts: readonly CompanyPart[]): CalendarDate | undefined =>
  otherParts
    .flatMap((part) => (part.booksFrom !== undefined && part.booksFrom > booksFrom ? [part.booksFrom] : []))
    .sort()[0];

/**
 * The part of a range that the books of this company hold: from their first day. If the company was split by years, they end on
 * the day before the next part begins. The parts share their GUID (docs/tally.md §2). Without the cut, the rows of another part
 * would look like rows that Tally no longer has. Throws `range-not-covered` if no day is left.
 */
export function cutAtBooks(
  range: DateRange,
  company: Company,
  otherParts: readonly CompanyPart[],
): { range: DateRange; remarks: RangeRemark[] } {
  const { name, booksFrom } = company;
  if (booksFrom === undefined) return { range, remarks: [] };
  const next = nextPartOf(booksFrom, otherParts);
  const last = next === undefined ? range.to : addDays(next, -1);
  const cut = { from: range.from < booksFrom ? booksFrom : range.from, to: range.to > last ? last : range.to };
  if (cut.from > cut.to) {
    const args = { name, asked: rangeText(range) };
    throw new EtlError(
      'range-not-covered',
      next === undefined
        ? t('The books of {name} begin on {booksFrom}; {asked} lies outside of them. Nothing was changed.', {
            ...args,
            booksFrom: dateText(booksFrom),
          })
        : t('The books of {name} hold {held}; {asked} lies outside of them. Nothing was changed.', {
            ...args,
            held: rangeText({ from: booksFrom, to: last }),
          }),
      otherParts.length > 0
        ? t('These days are in another part of the split company: choose {parts} (TALLY_COMPANY).', {
            parts: otherParts.map((part) => part.name).reduce((some, one) => t('{some} or {one}', { some, one })),
          })
        : t('If the company was split by years, open the part that has these days and choose it (TALLY_COMPANY).'),
    );
  }
  if (cut.from === range.from && cut.to === range.to) return { range, remarks: [] };
  const booksTo = next === undefined ? null : last;
  return { range: cut, remarks: [{ code: 'cut-at-books', company: name, booksFrom, booksTo, cut }] };
}
