import type { CalendarDate, DateRange, RegisterFilter, YearDetails, YearSummary } from '../../core/core.js';
import type { Failed, Remedy, SpanAction } from './webMessages.js';

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
  figures: YearDetails | null;
  today: CalendarDate;
  remedies: Remedy[];
}

/** Host to view. */
export type ToView = ShownSummary | Failed;

/** View to host. `ready` comes whenever the view is made anew, with what it showed before. */
export type FromView =
  | { type: 'ready' | 'choose'; companyId?: string | undefined; year?: string | undefined }
  /** An action on days, or on the invoices that make up a figure, with their filter. */
  | ({ type: 'act'; action: SpanAction; filter?: RegisterFilter | undefined } & DateRange)
  | { type: 'coverage' }
  | { type: 'command'; command: string };
