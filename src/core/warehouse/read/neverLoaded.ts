import type { CalendarDate, DateRange } from '../../base/calendar.js';
import type { Connection } from '../postgres/connection.js';

/** The number of days of a range up to `until` that were never loaded: they have no invoice and no row in etl_days. */
export async function countNeverLoaded(
  connection: Connection,
  companyId: string,
  range: DateRange,
  until: CalendarDate,
): Promise<number> {
  const [row] = await connection.query<{ days: number }>(
    `WITH loaded AS MATERIALIZED (
       SELECT date FROM public.etl_days WHERE company_id = $1 AND date BETWEEN $2 AND $3
       UNION SELECT date FROM public.fact_invoice WHERE company_id = $1 AND date BETWEEN $2 AND $3)
     SELECT count(*)::int AS days FROM generate_series($2::date, least($3::date, $4::date), interval '1 day') AS g (day)
     WHERE g.day::date NOT IN (SELECT date FROM loaded)`,
    [companyId, range.from, range.to, until],
  );
  return row!.days;
}
