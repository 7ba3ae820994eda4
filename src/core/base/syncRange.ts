import { addDays, financialYearStart, type CalendarDate, type DateRange } from './calendar.js';

/**
 * The range that the next sync loads: from the checkpoint minus the overlap to today; without a checkpoint from 1 April
 * of the current financial year. A checkpoint ahead of today (set by hand) counts as today.
 */
export function nextSyncRange(
  checkpoint: CalendarDate | undefined,
  overlapDays: number,
  today: CalendarDate,
): DateRange {
  if (checkpoint === undefined) return { from: financialYearStart(today), to: today };
  return { from: addDays(checkpoint < today ? checkpoint : today, -overlapDays), to: today };
}
