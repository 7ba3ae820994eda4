import type { CalendarDate } from '../base/calendar.js';

/** The columns of fact_invoice that describe an invoice and book nothing. Null where Tally says nothing. */
export interface InvoiceDetails {
  partyState: string | null;
  /** The party's name as it is printed on this invoice. */
  buyerName: string | null;
  partyRegistrationType: string | null;
  consigneeGstin: string | null;
  consigneeState: string | null;
  companyGstin: string | null;
  /** Days of credit, where Tally says days or weeks. */
  creditDays: number | null;
  dueDate: CalendarDate | null;
  orderNumber: string | null;
  orderDate: CalendarDate | null;
  natureOfReturn: string | null;
  isReverseCharge: boolean | null;
  ewayBillDate: CalendarDate | null;
  vehicleNumber: string | null;
  irnQrCode: string | null;
}

/** The same of fact_invoice_line. */
export interface InvoiceLineDetails {
  description: string | null;
  /** Where all of the line is in one. */
  godown: string | null;
  batch: string | null;
  taxability: string | null;
  typeOfSupply: string | null;
}
