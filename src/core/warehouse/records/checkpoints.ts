import type { CalendarDate } from '../../base/calendar.js';
import type { Connection } from '../postgres/connection.js';

/**
 * Checkpoints and log rows belong to a stream of a company. Both streams are loaded together, so people are shown only
 * the checkpoints and rows of the invoices.
 */
export const invoiceStream = 'invoices';
export const ledgerStream = 'ledger';

/** The last date up to which sync has loaded a stream of a company. */
export interface Checkpoint {
  companyId: string;
  companyName: string;
  stream: string;
  lastDate: CalendarDate;
  /** ISO 8601 in UTC, `2026-04-01T08:30:00Z`. */
  updatedAt: string;
}

/** A timestamptz column as ISO 8601 in UTC, without fractions. */
export const isoTime = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** The checkpoint of a company's stream; undefined if no sync has set it yet. */
export async function readCheckpoint(
  connection: Connection,
  companyId: string,
  stream = invoiceStream,
): Promise<CalendarDate | undefined> {
  const [row] = await connection.query<{ last_date: CalendarDate }>(
    'SELECT last_date FROM public.etl_checkpoints WHERE company_id = $1 AND stream_name = $2',
    [companyId, stream],
  );
  return row?.last_date;
}

export function listCheckpoints(connection: Connection): Promise<Checkpoint[]> {
  return connection.query<Checkpoint>(
    `SELECT c.company_id AS "companyId", coalesce(d.name, c.company_id) AS "companyName", c.stream_name AS stream,
       c.last_date AS "lastDate", ${isoTime('c.updated_at')} AS "updatedAt"
     FROM public.etl_checkpoints c LEFT JOIN public.dim_company d USING (company_id)
     WHERE c.stream_name = $1 ORDER BY 2, 1, 3`,
    [invoiceStream],
  );
}

export interface ReachedCheckpoint {
  lastDate: CalendarDate;
  /**
   * The highest ALTERID (Tally's counter of changes) that Tally has told the sync about a voucher of any type;
   * undefined if Tally told none.
   */
  lastAlterId: number | undefined;
}

/** Advances a checkpoint, in the same transaction as the rows that it covers. Neither date nor ALTERID moves back. */
export async function moveCheckpoint(
  connection: Connection,
  companyId: string,
  { lastDate, lastAlterId }: ReachedCheckpoint,
  stream = invoiceStream,
): Promise<void> {
  await connection.execute(
    `INSERT INTO public.etl_checkpoints AS c (company_id, stream_name, last_date, last_alter_id) VALUES ($1, $2, $3, $4)
     ON CONFLICT (company_id, stream_name) DO UPDATE
       SET last_date = greatest(c.last_date, excluded.last_date), updated_at = excluded.updated_at,
         last_alter_id = greatest(c.last_alter_id, excluded.last_alter_id)`,
    [companyId, stream, lastDate, lastAlterId ?? null],
  );
}

/** Sets a checkpoint to the user's date, earlier or later; false if there is no checkpoint. */
export async function resetCheckpoint(
  connection: Connection,
  companyId: string,
  stream: string,
  lastDate: CalendarDate,
): Promise<boolean> {
  const written = await connection.execute(
    `UPDATE public.etl_checkpoints SET last_date = $3, updated_at = now() WHERE company_id = $1 AND stream_name = $2`,
    [companyId, stream, lastDate],
  );
  return written > 0;
}
