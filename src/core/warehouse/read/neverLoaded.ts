import type { CalendarDate, DateRange } from '../../base/calendar.js';
import type { Connection } from '../postgres/connection.js';

/** Days of a range up to `until` of which nothing was ever loaded, not even the proof that they are empty. */
export async function countNeverLoaded(
  connection: Connection,
  companyId: string,
  range: DateRange,
  until: CalendarDate,
): Promise<number> {
  const [row] = await connection.query<{ days: number }>(
    `SELECT count(*)::int AS days FROM generate_series($2::date, least($3::date, $4::date), interval '1 day') AS g (day)
     WHERE NOT EXISTS (SELECT FROM public.etl_days d WHERE d.company_id = $1 AND d.date = g.day::date)
       AND NOT EXISTS (SELECT FROM public.fact_invoice f WHERE f.company_id = $1 AND f.date = g.day::date)`,
    [companyId, range.from, range.to, until],
  );
  return row!.days;
}
