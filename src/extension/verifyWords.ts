// What the extension says of a comparison of Tally with the warehouse; the document's own text is the core's.
import type { DateRange } from '../core/core.js';
import { formatCount } from '../core/format.js';
import type { VerifyAnswer } from './jobMessages.js';
import { asSentence, rangeText } from './messages.js';

export const verifyWords = {
  input: 'Verify Range',
  title: (range: DateRange) => `Tally: Verify ${rangeText(range)}`,
  document: (range: DateRange) => `Tally Comparison ${rangeText(range)}`,
  verifyAgain: 'Verify Again',
  reloadDay: 'Reload This Day',
  reloadDays: (range: DateRange) => `Reload ${rangeText(range)}`,
  remedy:
    'To mend a day, press Reload This Day above it, or run “Tally: Clear and Reload Range”: it makes the warehouse what Tally has.',
};

/** The closing message of a comparison: what was found, and whatever else should worry the user. */
export function verifyText({ days, found, concerns }: VerifyAnswer): { worrying: boolean; text: string } {
  const shown = concerns.slice(0, shownConcerns).map(asSentence);
  const more = concerns.length - shown.length;
  if (more > 0) shown.push(`${formatCount(more)} more in the comparison.`);
  return { worrying: days.length > 0 || concerns.length > 0, text: [found, ...shown].join(' ') };
}

const shownConcerns = 2;
