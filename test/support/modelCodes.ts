import type { ErrorCode } from '../../src/core/base/errors.js';
import type { Attempt, Manner } from './modelJobs.js';

export const tallyCodes: ErrorCode[] = [
  ...(['tally-unreachable', 'tally-timeout', 'tally-refused', 'answer-cut', 'answer-unreadable'] as const),
  ...(['company-not-open', 'range-not-covered', 'guard'] as const),
];

/** The error codes that a run may have because of its circumstances, beside those that its range causes. */
export function codesOf({ weather: { weather }, manner }: Attempt): ErrorCode[] {
  // A list that ignores dates may prove nothing; the run is then as without a list.
  const unproven: ErrorCode[] = keepsDates(manner) ? [] : ['range-not-covered', 'guard'];
  switch (weather) {
    case 'calm':
    case 'kill':
      return unproven;
    case 'hidden':
      return ['range-not-covered', ...unproven];
    case 'no list':
      return ['range-not-covered', 'guard'];
    case 'company closed':
      return ['company-not-open'];
    case 'postgres':
      return ['warehouse-unreachable', 'warehouse-refused', ...unproven];
    default:
      return tallyCodes;
  }
}

/** Whether Tally's list of vouchers respects the requested dates. */
export const keepsDates = ({ voucherIndex }: Manner): boolean => voucherIndex === 'offered';

/** Whether Tally's list of vouchers proves what was read. */
export const isListed = ({ job, weather, manner }: Attempt): boolean =>
  job.job !== 'file' &&
  keepsDates(manner) &&
  weather.weather !== 'no list' &&
  !(weather.weather === 'fault' && weather.fault.on === 'vouchers');
