import type { BackfillRequest, ClearAndReloadRequest } from '../../core/core.js';
import type { Books } from '../settings/booksInUse.js';

/** A job that brings invoices into the warehouse, or a dry run of it. */
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
