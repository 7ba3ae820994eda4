import type { DateRange } from '../../src/core/base/calendar.js';

/** The cases. Each runs in a process of its own. */
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
  /**
   * The product may ask for less than whole reports, as Tallys of today allow. Otherwise it asks only for reports and
   * lists of ids.
   */
  asksForLittle?: boolean;
  /** Loads the streams `invoices` and `ledger`; otherwise invoices alone. */
  withLedger?: boolean;
  /** The address of an empty warehouse with its tables, or of a loaded one. */
  dbUrl: string;
  /** The warehouse from which `copy` takes its rows. */
  sourceDbUrl?: string;
  /** Path of dist/jobWorker.js, for `host`. */
  workerFile: string;
}
