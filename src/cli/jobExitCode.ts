import { exitCodes, type JobResult } from '../core/core.js';

/** 0 for a run that is proven complete; 6 where Tally's answer did not cover the range: what came is loaded. */
export const jobExitCode = ({ notProven }: JobResult): number =>
  notProven === null ? 0 : exitCodes['range-not-covered'];
