import type { Parts } from './parts.js';

/** Opens the warehouse by calendar, or brings it to the front. */
export function showCoverage(parts: Parts): void {
  parts.coverage.show();
}
