import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';
import { silent } from './context.js';
import { measure, type Measured } from './measured.js';
import type { Order } from './order.js';
import { invoicesOf, withBooks } from './readCases.js';

const batchSize = 500;

/** Loads invoices from memory into an empty warehouse, as the product does: staged in batches, merged in one step. */
export const load = (order: Order): Promise<Measured> =>
  withBooks(order, async (books, rules) => {
    const invoices = await invoicesOf(order, books, rules);
    const { dbUrl } = order;
    const warehouse = await openWarehouse({ dbUrl, dataDir: '', logger: silent, applicationName: 'bench' });
    try {
      const stage = await warehouse.createStage(books.company);
      return await measure(async () => {
        for (let at = 0; at < invoices.length; at += batchSize) await stage.add(invoices.slice(at, at + batchSize), []);
        const { days } = await stage.merge(order.range, { runId: randomUUID() });
        return { invoices: days.reduce((sum, { inserted }) => sum + inserted, 0) };
      });
    } finally {
      await warehouse.close();
    }
  });

const tables = ['fact_invoice', 'fact_invoice_line'];

/** Loads the same rows, ready-made, into the same tables with keys and indexes, by COPY alone in one transaction. */
export async function copy({ dbUrl, sourceDbUrl }: Order): Promise<Measured> {
  const rows = await withClient(sourceDbUrl!, (client) =>
    Promise.all(tables.map((table) => client.query(copyTo(`COPY ${table} TO STDOUT`)).toArray() as Promise<Buffer[]>)),
  );
  return withClient(dbUrl, (client) =>
    measure(async () => {
      await client.query('BEGIN');
      for (const [i, table] of tables.entries())
        await pipeline(Readable.from(rows[i]!), client.query(copyFrom(`COPY ${table} FROM STDIN`)));
      await client.query('COMMIT');
      return {};
    }),
  );
}

async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(url);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
