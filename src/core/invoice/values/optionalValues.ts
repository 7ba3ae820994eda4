import { fromTallyDate, isOtherDateForm, type CalendarDate } from '../../base/calendar.js';
import { nameKey } from '../../base/names.js';

/**
 * A value that somebody chose. Tally marks its own words for "nothing chosen" with U+0004, which is taken off with all
 * that XML forbids; a file may hold what somebody's cleaning left of the mark (docs/tally.md §3).
 */
export const chosen = (text: string): string | null =>
  text === '' || /^(?:4;\s*)?(?:Not Applicable|Any)$/.test(text) ? null : text;

/** A date that may be there. Calls `doubt` where it is there and cannot be read: it stays null. */
export function optionalDate(
  text: string,
  doubt: (doubt: 'date-form' | 'unreadable-detail') => void,
): CalendarDate | null {
  const value = fromTallyDate(text);
  if (value === undefined && chosen(text) !== null) doubt(isOtherDateForm(text) ? 'date-form' : 'unreadable-detail');
  return value ?? null;
}

/** What Tally writes for a mark that is set. */
export const isYes = (text: string): boolean => nameKey(text) === 'yes';
