import type { DateRange } from '../../base/calendar.js';
import type { Comparison } from '../../warehouse/read/comparison.js';
import type { LeftOut } from '../../warehouse/load/leaveOutWorse.js';
import type { Stage } from '../../warehouse/load/stage.js';
import type { Books, ReadRules } from '../books/books.js';
import type { JobContext } from '../job.js';
import type { Remark } from '../remark.js';
import type { ReadIndex } from './read/readIndex.js';

/** Rows of the range that Tally no longer has are removed; `force` accepts a result that looks like a mistake. */
export interface Replace {
  force: boolean;
}

/** Everything one run works with; all jobs that load a range share it. */
export interface Run {
  runId: string;
  range: DateRange;
  /** What there is to say of the range before it is read. */
  remarks: Remark[];
  dayByDay: boolean;
  books: Books;
  context: JobContext;
  replace?: Replace;
  /** Nothing is taken for known: a dry run tells what Tally has. */
  readsAll?: boolean;
  /** Compares only. Rows count as gone for not having come: every part is asked for, as when replacing. */
  verifies?: boolean;
  /** Read before, for several ranges of one run. */
  rules?: ReadRules;
  /** The range's part of a list that was read before. */
  indexed?: ReadIndex;
  /** One for several ranges: a session and its tables take longer to make than a changed day to load. */
  stage?: Stage;
  /** The company's checkpoint moves with the rows. */
  movesCheckpoint?: boolean;
  /** What has been committed so far: a failure is told with it. */
  committed: Comparison[];
  /** What of files was left out, as the warehouse has it better. */
  leftOut?: LeftOut;
}
