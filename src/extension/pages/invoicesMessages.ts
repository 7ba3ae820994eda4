import type { CalendarDate, InvoiceList, InvoicesRequest, ListedInvoice } from '../../core/core.js';
import type { TitledInvoice } from '../jobs/jobMessages.js';
import type { Failed, Remedy } from './webMessages.js';

/** Which invoices are shown, and in which order. */
export type InvoiceQuery = Omit<InvoicesRequest, 'offset' | 'lastResortId'>;

/** The first rows of a query, and its totals. */
export interface ShownInvoices extends InvoiceList {
  type: 'invoices';
  query: InvoiceQuery;
  /** The page's number of the query. Absent: a command gave the query, and the page adopts it. */
  serial?: number | undefined;
  /** The number of this answer. The page names it when it asks for further rows. */
  asOf: number;
  today: CalendarDate;
  remedies: Remedy[];
}

/** Host to view. */
export type ToView =
  | ShownInvoices
  | { type: 'rows'; asOf: number; offset: number; rows: ListedInvoice[] }
  /** Null: the warehouse no longer has the invoice. */
  | { type: 'invoice'; id: string; invoice: TitledInvoice | null }
  | Failed;

export const periodActions = ['backfill', 'export'] as const;
export type PeriodAction = (typeof periodActions)[number];

/** View to host. `ready` comes each time that VS Code creates the page, with the query that it showed before. */
export type FromView =
  | { type: 'ready'; query?: InvoiceQuery | undefined }
  | { type: 'query'; query: InvoiceQuery; serial: number }
  | { type: 'rows'; asOf: number; offset: number }
  | { type: 'open'; invoiceId: string }
  | { type: 'copy'; text: string }
  | { type: 'act'; action: PeriodAction }
  | { type: 'command'; command: string };
