import type { CalendarDate, DateRange } from '../calendar.js';
import type { Connection } from './connection.js';

/** Days that a merge has brought wholly, and the rules (a hash) that mapped them. */
export interface ProvenDays {
  rulesHash: string;
  /** Days of the range that are not whole. */
  except: CalendarDate[];
}

/** An invoice that the warehouse has as of an ALTERID. */
export interface LoadedInvoice {
  invoiceId: string;
  alterId: number;
}

/** Puts the days of a range on record, inside the transaction of their rows; those on record already are not even locked. */
export async function writeDays(
  connection: Connection,
  companyId: string,
  range: DateRange,
  { rulesHash, except }: ProvenDays,
  runId: string,
): Promise<void> {
  await connection.execute(
    `INSERT INTO public.etl_days AS d (company_id, date, rules_hash, run_id)
     SELECT $1, day::date, $4, $5::uuid FROM generate_series($2::date, $3::date, interval '1 day') AS day
     WHERE day::date <> ALL ($6::date[]) AND NOT EXISTS (
       SELECT FROM public.etl_days o WHERE o.company_id = $1 AND o.date = day::date AND o.rules_hash = $4)
     ON CONFLICT (company_id, date) DO UPDATE
       SET rules_hash = excluded.rules_hash, run_id = excluded.run_id, loaded_at = now()`,
    [companyId, range.from, range.to, rulesHash, runId, except],
  );
}

/** The invoices of the ranges' days that were loaded wholly by these rules, range by range: not all of them at once. */
export async function* readLoaded(
  connection: Connection,
  companyId: string,
  ranges: Iterable<DateRange>,
  rulesHash: string,
): AsyncGenerator<LoadedInvoice> {
  for (const { from, to } of ranges) {
    const rows = await connection.query<{ invoice_id: string; alter_id: string }>(
      `SELECT f.invoice_id, f.alter_id FROM public.fact_invoice f
       JOIN public.etl_days d ON d.company_id = f.company_id AND d.date = f.date AND d.rules_hash = $4
       WHERE f.company_id = $1 AND f.date BETWEEN $2 AND $3 AND f.alter_id IS NOT NULL AND f.missing_since IS NULL`,
      [companyId, from, to, rulesHash],
    );
    for (const row of rows) yield { invoiceId: row.invoice_id, alterId: Number(row.alter_id) };
  }
}
