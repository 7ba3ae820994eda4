import type { DateRange } from '../../src/core/base/calendar.js';

/** The cases that a process of their own is started for. */
export const caseNames = [
  'read',
  'readPlain',
  'split',
  'extract',
  'copy',
  'load',
  'backfill',
  'sync',
  'host',
  'loadCompanies',
  'syncCompanies',
  'naive',
  'naiveInOneTransaction',
] as const;
export type CaseName = (typeof caseNames)[number];

/** One case and what it works on. */
export interface Order {
  case: CaseName;
  /** The sender's address of a book. */
  tallyUrl: string;
  /** The addresses of the books of several companies, for the cases of companies. */
  tallyUrls?: string[];
  range: DateRange;
  /** Asks a Tally of today, which also answers requests for less than whole reports; otherwise for reports and lists alone. */
  asksForLittle?: boolean;
  /** Loads the streams `invoices` and `ledger`; otherwise invoices alone. */
  withLedger?: boolean;
  /** An empty warehouse, tables made, or a loaded one. */
  dbUrl: string;
  /** Where `copy` takes its rows from. */
  sourceDbUrl?: string;
  /** Path of dist/jobWorker.js, for `host`. */
  workerFile: string;
}
