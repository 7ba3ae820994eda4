import http from 'node:http';
import type { Readable } from 'node:stream';
import { request } from 'undici';
import type { DateRange } from '../../src/core/base/calendar.js';
import type { Invoice } from '../../src/core/invoice/invoice.js';
import type { MappingRules } from '../../src/core/invoice/mapInvoice.js';
import { openBooks, readRules, type Books } from '../../src/core/jobs/books/books.js';
import { readAnswer, type Sink } from '../../src/core/jobs/load/read/readAnswer.js';
import { TallyTotals } from '../../src/core/jobs/load/read/tallyTotals.js';
import { VoucherList } from '../../src/core/jobs/load/list/voucherList.js';
import { Arrivals } from '../../src/core/jobs/load/read/arrivals.js';
import { readVouchers, type VoucherAnswer } from '../../src/core/tally/requests/readVouchers.js';
import { voucherRequest } from '../../src/core/tally/requests/requests.js';
import { contextOf } from './context.js';
import { measure, type Facts, type Measured } from './measured.js';
import type { Order } from './order.js';

/** Does `work` on the books that the sender serves, with the company's rules read. */
export async function withBooks<T>(order: Order, work: (books: Books, rules: MappingRules) => Promise<T>): Promise<T> {
  const context = contextOf(order);
  const books = await openBooks(context);
  try {
    return await work(books, (await readRules(books, context)).rules);
  } finally {
    await books.close();
  }
}

export const dayBookRequest = (
  { company }: Books,
  range: DateRange,
): { xml: string; headers: { 'content-type': string } } => ({
  xml: voucherRequest('Day Book', company.name, range),
  headers: { 'content-type': 'text/xml;charset=utf-8' },
});

async function lengthOf(body: Readable): Promise<number> {
  let bytes = 0;
  for await (const chunk of body) bytes += (chunk as Buffer).length;
  return bytes;
}

/** Only reads the bytes of the Day Book, with undici's own client. */
export const read = (order: Order): Promise<Measured> =>
  withBooks(order, (books) =>
    measure(async () => {
      const { xml, headers } = dayBookRequest(books, order.range);
      const { body } = await request(order.tallyUrl, { method: 'POST', headers, body: xml });
      return { bytes: await lengthOf(body) };
    }),
  );

/** The same with node:http. */
export const readPlain = (order: Order): Promise<Measured> =>
  withBooks(order, (books) =>
    measure(async () => {
      const { xml, headers } = dayBookRequest(books, order.range);
      const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
        http.request(order.tallyUrl, { method: 'POST', headers }, resolve).on('error', reject).end(xml);
      });
      return { bytes: await lengthOf(response) };
    }),
  );

/** Cuts the Day Book into vouchers, looks at the head of each and keeps none. */
export const split = (order: Order): Promise<Measured> =>
  withBooks(order, ({ source, company }) =>
    measure(async () => {
      const { batches, answer } = readVouchers(source, {
        report: 'Day Book',
        company,
        range: order.range,
        keep: () => false,
      });
      for await (const batch of batches) if (batch.length > 0) throw new Error('It kept a voucher.');
      return { bytes: answer.bytes, vouchers: answer.vouchers };
    }),
  );

/** Reads the range, from the request to the last mapped invoice. */
export const extract = (order: Order): Promise<Measured> =>
  withBooks(order, (books, rules) =>
    measure(async () => {
      const found: Facts & { paise?: string } = { invoices: 0, lines: 0 };
      let paise = 0n;
      const answer = await readInto(order, books, rules, {
        add: (invoices, rejects) => {
          if (rejects.length > 0) throw new Error(rejects[0]!.reason);
          for (const { lines, totalAmount } of invoices) {
            found.lines = Number(found.lines) + lines.length;
            paise += totalAmount;
          }
          found.invoices = Number(found.invoices) + invoices.length;
          return Promise.resolve();
        },
      });
      return { ...found, paise: String(paise), bytes: answer.bytes, vouchers: answer.vouchers };
    }),
  );

/** Every invoice of the range in memory. */
export async function invoicesOf(order: Order, books: Books, rules: MappingRules): Promise<Invoice[]> {
  const all: Invoice[] = [];
  await readInto(order, books, rules, {
    add: (invoices) => {
      all.push(...invoices);
      return Promise.resolve();
    },
  });
  return all;
}

function readInto(order: Order, { source, company }: Books, rules: MappingRules, sink: Sink): Promise<VoucherAnswer> {
  const { range } = order;
  const asked = { source, company, report: 'Day Book' as const, rules, chunk: range, day: undefined, wanted: range };
  const arrivals = new Arrivals(new VoucherList(company.id, range));
  const found = { arrivals, number: 0, totals: new TallyTotals(), sink, onProgress: () => undefined };
  return readAnswer({ ...asked, ...found }, contextOf(order));
}
