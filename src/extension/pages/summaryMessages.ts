import type { DateRange, Side, YearFigures, YearSummary } from '../../core/core.js';
import type { Failed, Remedy } from './webMessages.js';

/** What a financial year of a company comes to. */
export interface ShownSummary {
  type: 'summary';
  companies: { id: string; name: string }[];
  /** Null: the warehouse has no company yet. */
  company: { id: string; name: string } | null;
  /** The years that can be chosen, newest first. */
  years: string[];
  /** The one that is shown, and what it comes to; null where nothing was loaded yet. */
  year: YearSummary | null;
  figures: YearFigures | null;
  remedies: Remedy[];
}

/** Host to view. */
export type ToView = ShownSummary | Failed;

/** The invoices that make up a figure: of a side, of a party, or all of a period. */
export interface Figure extends DateRange {
  side?: Side | undefined;
  party?: string | undefined;
}

/** View to host. `ready` comes whenever the view is made anew, with what it showed before. */
export type FromView =
  | { type: 'ready' | 'choose'; companyId?: string | undefined; year?: string | undefined }
  | ({ type: 'invoices' } & Figure)
  | ({ type: 'backfill' } & DateRange)
  | { type: 'coverage' }
  | { type: 'command'; command: string };
