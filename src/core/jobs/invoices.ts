import { financialYearEnd, financialYearStart, today, type DateRange } from '../base/calendar.js';
import { parseRange } from '../base/parseDate.js';
import { type InvoiceFilter, type InvoiceOrder, lastInvoiceDate, readInvoices } from '../warehouse/read/invoiceList.js';
import { countNeverLoaded } from '../warehouse/read/neverLoaded.js';
import { readWholeInvoice, type WholeInvoice } from '../warehouse/read/wholeInvoice.js';
import { listCompanies } from '../warehouse/records/rejects.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import { type StoredCompany, wantedCompany } from './books/storedCompany.js';
import type { InvoiceList, JobContext } from './job.js';
import { hasInvoiceTables, hasWarehouse, withWarehouse } from './warehouseSession.js';

/** As many rows as one answer has. */
export const invoicesPerPage = 500;

export interface InvoicesRequest extends Omit<InvoiceFilter, keyof DateRange> {
  /** A company's GUID; one that is absent or unknown: the configured company, else the first that has an invoice. */
  companyId?: string | undefined;
  /** Absent: the last financial year that has an invoice. */
  range?: DateRange | undefined;
  order: InvoiceOrder;
  /** How many rows to leave out before the first one. */
  offset: number;
}

const nothing: InvoiceList = { companies: [], company: null, range: null, totals: [], rows: [], neverLoaded: 0 };

/** The invoices of a range, a page at a time. Writes nothing; without tables there is none. */
export async function invoices(request: InvoicesRequest, context: JobContext): Promise<InvoiceList> {
  const { companyId, range: asked, order, offset, ...filter } = request;
  if (asked) parseRange(asked.from, asked.to);
  if (!hasWarehouse(context.config)) return nothing;
  return withWarehouse(context, async (warehouse) => {
    if (!(await hasInvoiceTables(warehouse))) return nothing;
    const companies = await warehouse.use(listCompanies);
    const found = await findCompany(warehouse, companies, wantedCompany(companies, companyId, context.config.company));
    const range = asked ?? found?.lastYear;
    if (!found || !range) return { ...nothing, companies, company: found?.company ?? null };
    const { company } = found;
    const page = { offset, limit: invoicesPerPage };
    return warehouse.use(async (session) => ({
      ...{ companies, company, range },
      ...(await readInvoices(session, company.id, { ...filter, ...range }, order, page)),
      neverLoaded: await countNeverLoaded(session, company.id, range, today()),
    }));
  });
}

/** The company that is wanted, else the first that has an invoice, else the first; with the last financial year of its invoices. */
async function findCompany(warehouse: Warehouse, companies: StoredCompany[], wanted: StoredCompany | undefined) {
  for (const company of wanted ? [wanted] : companies) {
    const last = await warehouse.use((session) => lastInvoiceDate(session, company.id));
    if (last !== undefined)
      return { company, lastYear: { from: financialYearStart(last), to: financialYearEnd(last) } };
  }
  const company = wanted ?? companies[0];
  return company && { company, lastYear: undefined };
}

export interface InvoiceRequest {
  companyId: string;
  invoiceId: string;
}

/** One invoice with its lines; null where the warehouse no longer has it. Writes nothing. */
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
