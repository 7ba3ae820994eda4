import nunjucks from 'nunjucks';
import type { CalendarDate, DateRange } from '../calendar.js';
import { shippedPath } from '../resources.js';

/** The Tally reports that list vouchers whole. */
export type VoucherReport = 'Day Book' | 'Voucher Register';

/** The requests that ask for one company's masters; each is a file in templates/. */
export type MasterRequest = 'voucherTypes' | 'ledgers' | 'groups' | 'stockItems' | 'units';

let environment: nunjucks.Environment | undefined;

function render(name: string, values: Record<string, string>): string {
  // Autoescape makes any company name safe inside XML; a forgotten value fails here and not in Tally.
  environment ??= new nunjucks.Environment(new nunjucks.FileSystemLoader(shippedPath('templates')), {
    autoescape: true,
    throwOnUndefined: true,
  });
  return environment.render(`${name}.xml.njk`, values);
}

const tallyDate = (date: CalendarDate): string => date.replaceAll('-', '');

/** The request for the companies that are open in Tally. */
export const companiesRequest = (): string => render('companies', {});

/** The request for one kind of masters of the company with this exact name. */
export const masterRequest = (name: MasterRequest, company: string): string => render(name, { company });

/** The request for every voucher of a range, in full, of the company with this exact name. */
export const voucherRequest = (report: VoucherReport, company: string, range: DateRange): string =>
  render(report === 'Day Book' ? 'dayBook' : 'voucherRegister', {
    company,
    from: tallyDate(range.from),
    to: tallyDate(range.to),
  });

/** The request for the voucher index: id, date, ALTERID and type of every voucher of a range. */
export const voucherIndexRequest = (company: string, range: DateRange): string =>
  render('voucherIndex', { company, from: tallyDate(range.from), to: tallyDate(range.to) });
