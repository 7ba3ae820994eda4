import type { CalendarDate, InvoiceList, InvoicesRequest, ListedInvoice } from '../../core/core.js';
import type { TitledInvoice } from '../jobs/jobMessages.js';
import type { Failed, Remedy } from './webMessages.js';

/** Which invoices are shown, and in which order. */
export type InvoiceQuery = Omit<InvoicesRequest, 'offset' | 'lastResortId'>;

/** The first rows of what was asked for, and its totals. */
export interface ShownInvoices extends InvoiceList {
  type: 'invoices';
  query: InvoiceQuery;
  /** As the page numbered the query; absent: a command gave it, and the page takes it over. */
  serial?: number | undefined;
  /** Counts the answers: further rows are asked for by it. */
  asOf: number;
  today: CalendarDate;
  remedies: Remedy[];
}

/** Host to view. */
export type ToView =
  | ShownInvoices
  | { type: 'rows'; asOf: number; offset: number; rows: ListedInvoice[] }
  /** Null: the warehouse has it no longer. */
  | { type: 'invoice'; id: string; invoice: TitledInvoice | null }
  | Failed;

export const periodActions = ['backfill', 'export'] as const;
export type PeriodAction = (typeof periodActions)[number];

/** View to host. `ready` comes whenever the view is made anew, with the query that it showed before. */
export type FromView =
  | { type: 'ready'; query?: InvoiceQuery | undefined }
  | { type: 'query'; query: InvoiceQuery; serial: number }
  | { type: 'rows'; asOf: number; offset: number }
  | { type: 'open'; invoiceId: string }
  | { type: 'copy'; text: string }
  | { type: 'act'; action: PeriodAction }
  | { type: 'command'; command: string };
