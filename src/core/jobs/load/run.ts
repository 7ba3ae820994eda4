import type { DateRange } from '../../base/calendar.js';
import type { KnownSource } from '../../warehouse/records/sources.js';
import type { Books, ReadRules } from '../books/books.js';
import type { JobContext } from '../job.js';
import type { CollectionProof } from './read/collectionProof.js';
import type { Remark } from '../remark.js';

/** How the commands differ. A phase of the load reads these flags, never the name of the command. */
export interface Mode {
  /** Rows are written; else the run only says how Tally and the warehouse differ. */
  writes: boolean;
  /** Rows of the range that did not come are removed. */
  removes: boolean;
  /** A result that looks like a mistake may remove rows. */
  force: boolean;
  /** Every part is asked for, and without a list in every report: rows count as gone for not having come. */
  asksEveryPart: boolean;
  /** The company's checkpoint moves with the rows. */
  movesCheckpoint: boolean;
  /** Vouchers are read whole, out of reports: another way than the one by which they may have been loaded. */
  readsReports: boolean;
  /** The range is an older day that a sync reads again: where nothing of it comes its invoices are holes, and the sync goes on. */
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

/** The mode of a dry run: says what that mode would do. */
export const dryRunOf = (mode: Mode): Mode => ({ ...mode, writes: false });

/** What is loaded and unchanged in Tally's list need not come again; a comparison takes nothing for known. */
export const trustsLoaded = ({ writes, removes }: Mode): boolean => writes && !removes;

/** All that is known before Tally lists its vouchers. No field changes; `books.lists` and `collection` learn how this Tally answers. */
export interface Run {
  readonly runId: string;
  readonly mode: Mode;
  readonly range: DateRange;
  /** What there is to say of the range before it is read. */
  readonly remarks: readonly Remark[];
  readonly dayByDay: boolean;
  readonly books: Books;
  readonly rules: ReadRules;
  /** What is known of Tally's collection of vouchers; absent where reports are to be read. */
  readonly collection?: CollectionProof;
  /** How Tally answered for the parts of this company before. */
  readonly sources: readonly KnownSource[];
  readonly context: JobContext;
}
