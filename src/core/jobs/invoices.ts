import { financialYearEnd, financialYearStart, today, type DateRange } from '../base/calendar.js';
import { parseRange } from '../base/parseDate.js';
import type { Connection } from '../warehouse/postgres/connection.js';
import { lastInvoiceDate, readInvoices } from '../warehouse/read/invoiceList.js';
import { countNeverLoaded } from '../warehouse/read/neverLoaded.js';
import type { InvoiceOrder, RegisterFilter } from '../warehouse/read/registerFilter.js';
import { readWholeInvoice, type WholeInvoice } from '../warehouse/read/wholeInvoice.js';
import { companyOfPage, type PageCompany } from './books/storedCompany.js';
import type { InvoiceList, JobContext } from './job.js';
import { hasInvoiceTables, hasWarehouse, withWarehouse } from './warehouseSession.js';

/** The most rows of one page. */
export const invoicesPerPage = 500;

export interface InvoicesRequest extends RegisterFilter, PageCompany {
  /** Default: the last financial year that has an invoice. */
  range?: DateRange | undefined;
  order: InvoiceOrder;
  /** How many rows to leave out before the first one. */
  offset: number;
}

const nothing: InvoiceList = { companies: [], company: null, range: null, totals: [], rows: [], neverLoaded: 0 };

/** One page of the invoices of a range. Writes nothing. Without tables the result is empty. */
export async function invoices(request: InvoicesRequest, context: JobContext): Promise<InvoiceList> {
  const { companyId, lastResortId, range: asked, order, offset, ...filter } = request;
  if (asked) parseRange(asked.from, asked.to);
  if (!hasWarehouse(context.config)) return nothing;
  return withWarehouse(context, async (warehouse) => {
    if (!(await hasInvoiceTables(warehouse))) return nothing;
    return warehouse.use(async (session) => {
      const found = await companyOfPage(session, { companyId, lastResortId }, context.config.company);
      const { company } = found;
      const range = asked ?? (company && (await lastYear(session, company.id)));
      if (!company || !range) return { ...nothing, ...found };
      const page = { offset, limit: invoicesPerPage };
      return {
        ...{ ...found, range },
        ...(await readInvoices(session, company.id, { ...filter, ...range }, order, page)),
        neverLoaded: await countNeverLoaded(session, company.id, range, today()),
      };
    });
  });
}

/** The last financial year in which a company has an invoice. */
async function lastYear(session: Connection, companyId: string): Promise<DateRange | undefined> {
  const last = await lastInvoiceDate(session, companyId);
  return last === undefined ? undefined : { from: financialYearStart(last), to: financialYearEnd(last) };
}

export interface InvoiceRequest {
  companyId: string;
  invoiceId: string;
}

/** One invoice with its lines; null if the warehouse does not have it. Writes nothing. */
export async function invoice(
  { companyId, invoiceId }: InvoiceRequest,
  context: JobContext,
): Promise<WholeInvoice | null> {
  if (!hasWarehouse(context.config)) return null;
  return withWarehouse(context, async (warehouse) => {
    if (!(await hasInvoiceTables(warehouse))) return null;
    return (await warehouse.use((session) => readWholeInvoice(session, companyId, invoiceId))) ?? null;
  });
}
