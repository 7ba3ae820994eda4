import type { Session } from '../session.js';

/** Opens the warehouse by calendar, or brings it to the front. */
export function showCoverage(session: Session): void {
  session.coverage.show();
}
