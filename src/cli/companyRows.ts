import { exitCodes, type Failure } from '../core/core.js';

/** A row of `sync --all` or of a partitioned export has this: the error, if the company failed or was cancelled. */
interface Row {
  error?: Failure | undefined;
}

/** Worst first: interrupted, a bug, settings, the warehouse, Tally, another run, not proven. */
const byGravity = [130, 1, 2, 4, 3, 5, 6];

export const worstExitCode = (codes: readonly number[]): number => byGravity.find((code) => codes.includes(code)) ?? 0;

export const isCancelled = ({ error }: Row): boolean => error?.code === 'cancelled';

export const markOf = (row: Row, exitCode: number): string =>
  exitCode === 0 ? '✓' : row.error && !isCancelled(row) ? '✗' : '!';

/** `Kamal Stores: “Kamal Stores” is not open in Tally. [company-not-open]` */
export const failureText = (name: string, { code, message }: Failure): string => `${name}: ${message} [${code}]`;

export const exitCodeOf = ({ code }: Failure): number => exitCodes[code];

/** The line that a company gets when its run ends: `✓ Synced 12 invoices of Bharat Traders, … (exit code 0)`. */
export const companyLine = (row: Row, exitCode: number, text: string): string =>
  `${markOf(row, exitCode)} ${text} (exit code ${exitCode})`;

/** The lines of a company that failed: the error, the next step, and the warnings of its run. */
export const failureLines = (name: string, error: Failure): string[] => [
  `✗ ${failureText(name, error)}`,
  `  ${error.hint}`,
  ...warningLines(name, error),
];

/** The warnings that the run of a company gave before it failed or was cancelled. */
export const warningLines = (name: string, { warnings = [] }: Failure): string[] =>
  warnings.map((warning) => `! ${name}: Warning: ${warning}`);
