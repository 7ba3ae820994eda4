import { randomUUID } from 'node:crypto';
import type { Invoice } from '../../src/core/invoice/invoice.js';
import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';
import { silent } from './postgres.js';

/** Puts invoices into a warehouse as a load does, without a Tally. */
export async function loadInvoices(
  url: string,
  invoices: Invoice[],
  company: { id: string; name: string },
): Promise<void> {
  const warehouse = await openWarehouse({ dbUrl: url, dataDir: '', logger: silent, applicationName: 'test' });
  await warehouse.migrate();
  const stage = await warehouse.createStage(company);
  await stage.add(invoices, []);
  await stage.merge({ from: '1990-01-01', to: '2099-12-31' }, { runId: randomUUID() });
  await warehouse.close();
}
