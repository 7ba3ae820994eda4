import { exitCodes, type JobResult, type VerifyResult } from '../core/core.js';

const notProvenCode = exitCodes['range-not-covered'];

/** 0 if the run is proven complete, else 6. */
export const jobExitCode = ({ notProven }: JobResult): number => (notProven === null ? 0 : notProvenCode);

/** 0 if Tally and the warehouse are proven to agree, else 6. */
export const verifyExitCode = ({ notProven, differences, ledger, bills, stock, vouchers }: VerifyResult): number => {
  const { missingHere, different, goneInTally } = differences;
  const onTheBooks = [ledger, bills, stock, vouchers].reduce((sum, one) => sum + (one?.differences ?? 0), 0);
  const found = missingHere + different + goneInTally + onTheBooks;
  return notProven === null && found === 0 ? 0 : notProvenCode;
};
