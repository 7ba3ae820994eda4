import type { BackfillRequest, ClearAndReloadRequest } from '../../core/core.js';
import type { Books } from '../settings/booksInUse.js';

/** A job that loads vouchers from Tally or files into the warehouse, or its dry run. */
export type Load =
  | { job: 'sync'; request: undefined }
  | { job: 'backfill'; request: BackfillRequest }
  | { job: 'clearAndReload'; request: ClearAndReloadRequest };

export interface LoadOfBooks {
  load: Load;
  books: Books;
}

export const sync: Load = { job: 'sync', request: undefined };

export const isDryRun = (load: Load): boolean => load.request?.dryRun === true;
