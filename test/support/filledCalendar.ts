import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';
import type { DateRange } from '../../src/core/base/calendar.js';
import { demoCompanyGuid, demoCompanyName } from '../../src/demo/demoNames.js';
import { ask, silent } from './postgres.js';

export interface Filling extends DateRange {
  /** The approximate number. */
  invoices: number;
}

/** Creates the tables, and the row of the demo company. */
export async function prepareWarehouse(url: string): Promise<void> {
  const warehouse = await openWarehouse({ dbUrl: url, dataDir: '', logger: silent, applicationName: 'test' });
  try {
    await warehouse.migrate();
  } finally {
    await warehouse.close();
  }
  await ask(url, 'INSERT INTO dim_company (company_id, name) VALUES ($1, $2)', [demoCompanyGuid, demoCompanyName]);
}

/**
 * Inserts rows as if they had been loaded: none on Sundays, more in March, notes among them, all days proven. Fast, because it
 * needs no Tally.
 */
export async function fillCalendar(url: string, { from, to, invoices }: Filling): Promise<void> {
  await ask(
    url,
    `INSERT INTO etl_days (company_id, date, rules_hash, run_id)
     SELECT $1, day::date, 'rules', gen_random_uuid() FROM generate_series($2::date, $3::date, '1 day') day`,
    [demoCompanyGuid, from, to],
  );
  await ask(
    url,
    `INSERT INTO fact_invoice (company_id, invoice_id, invoice_type, voucher_type, date, taxable_amount, cgst_amount,
       sgst_amount, igst_amount, cess_amount, round_off_amount, other_amount, total_amount, tds_amount, currency,
       is_cancelled, is_optional, content_hash, mapping_version, run_id, loaded_at)
     SELECT $1, 'filled-' || date || '-' || n, type, type, date, 0, 0, 0, 0, 0, 0, 0,
       CASE WHEN type LIKE '%note' THEN -1 ELSE 1 END * (500 + n * 37 % 9000 + 0.25), 0, 'INR', false, false, '', 1, gen_random_uuid(), now()
     FROM (
       SELECT day::date AS date, n,
         (ARRAY['sales','sales','purchase','sales','purchase','credit_note','sales','purchase','sales','debit_note'])[1 + n % 10] AS type
       FROM generate_series($2::date, $3::date, '1 day') day,
         generate_series(1, CASE WHEN extract(isodow FROM day) = 7 THEN 0 ELSE
           round($4::numeric / ($3::date - $2::date + 1) * 7 / 6 * (0.5 + abs(hashtext(day::text)) % 100 / 100.0)
             * CASE WHEN extract(month FROM day) = 3 THEN 1.5 ELSE 0.96 END)::int END) n) d`,
    [demoCompanyGuid, from, to, invoices],
  );
  await ask(url, 'ANALYZE fact_invoice');
}

/**
 * Makes days look as verify (`different`) or a load by other rules (`unproven`) leaves them, or as if they were never
 * loaded (`never`).
 */
export async function markDays(
  url: string,
  marks: { different?: string[]; unproven?: string[]; never?: DateRange },
): Promise<void> {
  for (const date of marks.different ?? [])
    await ask(
      url,
      'INSERT INTO etl_verified (company_id, date, differences, run_id) VALUES ($1, $2, 2, gen_random_uuid())',
      [demoCompanyGuid, date],
    );
  await ask(url, "UPDATE etl_days SET rules_hash = '' WHERE date = ANY($1::date[])", [marks.unproven ?? []]);
  if (!marks.never) return;
  const { from, to } = marks.never;
  await ask(url, 'DELETE FROM etl_days WHERE date BETWEEN $1 AND $2', [from, to]);
  await ask(url, 'DELETE FROM fact_invoice WHERE date BETWEEN $1 AND $2', [from, to]);
}
