import type { DateRange } from '../../base/calendar.js';
import type { KnownSource } from '../../warehouse/records/sources.js';
import type { Books, ReadRules } from '../books/books.js';
import type { JobContext } from '../job.js';
import type { AlteredVouchers } from './read/alteredVouchers.js';
import type { CollectionProof } from './read/collectionProof.js';
import type { Remark } from '../remark.js';

/** The differences between the commands. A phase of the load reads these flags, never the name of the command. */
export interface Mode {
  /** Writes rows. Otherwise the run only reports how Tally and the warehouse differ. */
  writes: boolean;
  /** Removes rows of the range that did not come. */
  removes: boolean;
  /** Allows a result that looks like a mistake to remove rows. */
  force: boolean;
  /** Requests every part, and without a list every report, because rows that do not come count as gone. */
  asksEveryPart: boolean;
  /** Moves the company's checkpoint together with the rows. */
  movesCheckpoint: boolean;
  /** Reads whole vouchers from reports: a way other than the one by which they may have been loaded. */
  readsReports: boolean;
  /**
   * The range is an older day that a sync reads again. If nothing of it comes, its invoices are holes, and the sync continues.
   */
  mayBringNothing: boolean;
}

const backfill: Mode = {
  ...{ writes: true, removes: false, force: false },
  ...{ asksEveryPart: false, movesCheckpoint: false, readsReports: false, mayBringNothing: false },
};
const reload: Mode = { ...backfill, removes: true, asksEveryPart: true };

export const modes = {
  backfill,
  sync: { ...backfill, movesCheckpoint: true },
  readAgain: { ...backfill, mayBringNothing: true },
  reload,
  forcedReload: { ...reload, force: true },
  verify: { ...backfill, writes: false, asksEveryPart: true, readsReports: true },
};

/** The mode of a dry run, which reports what `mode` would do. */
export const dryRunOf = (mode: Mode): Mode => ({ ...mode, writes: false });

/**
 * Whether invoices that are loaded, and unchanged in Tally's list, need not be read. A run that removes rows, or writes
 * none, reads them all the same.
 */
export const trustsLoaded = ({ writes, removes }: Mode): boolean => writes && !removes;

/**
 * Everything known before Tally lists its vouchers. No field changes; `books.lists` and `collection` learn how this Tally
 * answers, and `altered` keeps vouchers from the list to the reading.
 */
export interface Run {
  readonly runId: string;
  readonly mode: Mode;
  readonly range: DateRange;
  /** Remarks about the range that are known before it is read. */
  readonly remarks: readonly Remark[];
  readonly dayByDay: boolean;
  readonly books: Books;
  readonly rules: ReadRules;
  /**
   * What was learnt about Tally's voucher collection (chosen fields of many vouchers in one answer); absent if this run
   * must not use the collection.
   */
  readonly collection?: CollectionProof;
  /** Vouchers that came whole with the list of altered vouchers, until they are read; present if `collection` is. */
  readonly altered?: AlteredVouchers;
  /** How Tally answered earlier for the parts of this company. */
  readonly sources: readonly KnownSource[];
  readonly context: JobContext;
}
