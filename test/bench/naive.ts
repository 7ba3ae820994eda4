import { randomUUID } from 'node:crypto';
import { XMLParser } from 'fast-xml-parser';
import { Client } from 'pg';
import { request } from 'undici';
import { fromTallyDate } from '../../src/core/base/calendar.js';
import { mappingVersion, type Invoice } from '../../src/core/invoice/invoice.js';
import { mapInvoice } from '../../src/core/invoice/mapInvoice.js';
import { namesOf } from '../../src/core/warehouse/load/column.js';
import { invoiceColumns, lineColumns } from '../../src/core/warehouse/load/columns.js';
import { measure, type Measured } from './measured.js';
import { toVoucher, type NaiveVoucher } from './naiveVoucher.js';
import type { Order } from './order.js';
import { dayBookRequest, withBooks } from './readCases.js';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  parseAttributeValue: false,
  // oxlint-disable-next-line typescript/no-deprecated -- its successor is another package
  htmlEntities: true,
});

interface Answer {
  ENVELOPE: { BODY: { IMPORTDATA: { REQUESTDATA: { TALLYMESSAGE: { VOUCHER?: NaiveVoucher }[] } } } };
}

/**
 * The yardstick: the program that one would write first. It reads the whole answer as one string, parses all of it and
 * drops what is out of range. Then it sends a prepared statement for each row. Each statement commits by itself, or all
 * commit in one transaction.
 */
export const naive = (order: Order, inOneTransaction: boolean): Promise<Measured> =>
  withBooks(order, async (books, rules) => {
    const client = new Client(order.dbUrl);
    await client.connect();
    try {
      return await measure(async () => {
        const { xml, headers } = dayBookRequest(books, order.range);
        const { body } = await request(order.tallyUrl, { method: 'POST', headers, body: xml });
        const answer = parser.parse(await body.text()) as Answer;
        const runId = randomUUID();
        let invoices = 0;
        if (inOneTransaction) await client.query('BEGIN');
        for (const { VOUCHER } of answer.ENVELOPE.BODY.IMPORTDATA.REQUESTDATA.TALLYMESSAGE) {
          if (VOUCHER === undefined) continue;
          const voucher = toVoucher(VOUCHER);
          const date = fromTallyDate(voucher.date);
          if (date === undefined || date < order.range.from || date > order.range.to) continue;
          const mapped = mapInvoice(voucher, '', rules);
          if (!('invoice' in mapped)) throw new Error(`Not an invoice: ${voucher.guid}`);
          await upsert(client, books.company.id, runId, mapped.invoice);
          invoices++;
          // PostgreSQL plans the foreign key check of lines while fact_invoice is empty, and would then read the whole
          // table for every line of the session. ANALYZE avoids this trap, which would make any rival look good.
          if (invoices === 200) await client.query('ANALYZE fact_invoice');
        }
        if (inOneTransaction) await client.query('COMMIT');
        return { invoices };
      });
    } finally {
      await client.end();
    }
  });

const placeholders = (from: number, count: number): string =>
  Array.from({ length: count }, (_, i) => `$${from + i}`).join(', ');

const overwrite = (columns: { name: string }[]): string =>
  columns.map(({ name }) => `${name} = excluded.${name}`).join(', ');

const upsertInvoice = `INSERT INTO fact_invoice (company_id, mapping_version, run_id, loaded_at, ${namesOf(invoiceColumns)})
  VALUES ($1, $2, $3, now(), ${placeholders(4, invoiceColumns.length)})
  ON CONFLICT (company_id, invoice_id) DO UPDATE SET ${overwrite(invoiceColumns)}`;

const upsertLine = `INSERT INTO fact_invoice_line (company_id, invoice_id, date, invoice_type, ${namesOf(lineColumns)})
  VALUES ($1, $2, $3, $4, ${placeholders(5, lineColumns.length)})
  ON CONFLICT (company_id, invoice_id, line_no) DO UPDATE SET ${overwrite(lineColumns)}`;

async function upsert(client: Client, companyId: string, runId: string, invoice: Invoice): Promise<void> {
  const values = invoiceColumns.map(({ value }) => value({ seq: 0, invoice }));
  await client.query({
    name: 'invoice',
    text: upsertInvoice,
    values: [companyId, mappingVersion, runId, ...values],
  });
  for (const [i, line] of invoice.lines.entries()) {
    const lineValues = lineColumns.map(({ value }) => value({ seq: 0, invoice, lineNo: i + 1, line }));
    await client.query({
      name: 'line',
      text: upsertLine,
      values: [companyId, invoice.invoiceId, invoice.date, invoice.invoiceType, ...lineValues],
    });
  }
}
