import type { CalendarDate, DateRange, RegisterFilter, YearDetails, YearSummary } from '../../core/core.js';
import type { Failed, Remedy, SpanAction } from './webMessages.js';

/** The figures of a company in one financial year. */
export interface ShownSummary {
  type: 'summary';
  companies: { id: string; name: string }[];
  /** Null: the warehouse has no company yet. */
  company: { id: string; name: string } | null;
  /** The years that can be chosen, newest first. */
  years: string[];
  /** The shown year with its totals; null: nothing was loaded yet. */
  year: YearSummary | null;
  figures: YearDetails | null;
  today: CalendarDate;
  remedies: Remedy[];
}

/** Host to view. */
export type ToView = ShownSummary | Failed;

/** View to host. `ready` comes each time that VS Code creates the page, with the choice that the page last showed. */
export type FromView =
  | { type: 'ready' | 'choose'; companyId?: string | undefined; year?: string | undefined }
  /** An action on days, or on the invoices that make up a figure, with their filter. */
  | ({ type: 'act'; action: SpanAction; filter?: RegisterFilter | undefined } & DateRange)
  | { type: 'coverage' }
  | { type: 'command'; command: string };
