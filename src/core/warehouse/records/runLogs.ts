import type { CalendarDate } from '../../base/calendar.js';
import { invoiceStream, isoTime } from './checkpoints.js';
import type { Connection } from '../postgres/connection.js';

export interface RunLog {
  runId: string;
  /** Null if the run failed before its company was known. */
  companyId: string | null;
  /**
   * The address of the Tally that was asked, with the computer's name in place of localhost. Null in rows of older
   * versions.
   */
  tallyAddress: string | null;
  /** The company that was asked for by name. Null if none was. */
  askedCompany: string | null;
  command: string;
  /** When the run began, ISO 8601 in UTC. */
  runAt: string;
  from: CalendarDate | null;
  to: CalendarDate | null;
  /** How many invoices of the range were read from Tally; for the stream `ledger`, vouchers of every type. */
  rows: number;
  inserted: number;
  updated: number;
  unchanged: number;
  missing: number;
  rejected: number;
  status: 'ok' | 'error' | 'cancelled';
  errorCode: string | null;
  error: string | null;
  durationMs: number;
}

export interface LoggedRun extends RunLog {
  id: number;
  companyName: string | null;
  stream: string;
}

/**
 * Writes a run's row for a stream, if there is none yet. Not in the transaction of the run's data, so that a failed run
 * has a row too.
 */
export async function writeLog(connection: Connection, log: RunLog, stream = invoiceStream): Promise<void> {
  await connection.execute(
    `INSERT INTO public.etl_logs (run_id, company_id, stream_name, command, run_at, from_date, to_date, rows, inserted,
       updated, unchanged, missing, rejected, status, error_code, error, duration_ms, tally_address, asked_company)
     SELECT $1::uuid, $2, $3, $4, $5::timestamptz, $6::date, $7::date, $8::int, $9::int, $10::int, $11::int, $12::int,
       $13::int, $14, $15, $16, $17::int, $18, $19
     WHERE NOT EXISTS (SELECT FROM public.etl_logs WHERE run_id = $1::uuid AND stream_name = $3)`,
    [
      log.runId,
      log.companyId,
      stream,
      log.command,
      log.runAt,
      log.from,
      log.to,
      log.rows,
      log.inserted,
      log.updated,
      log.unchanged,
      log.missing,
      log.rejected,
      log.status,
      log.errorCode,
      log.error,
      log.durationMs,
      log.tallyAddress,
      log.askedCompany,
    ],
  );
}

// The last two columns are read as JSON: a job that only reads does not migrate, and the table of an older version
// lacks them. They are then null.
const selectLogs = `SELECT l.id::float8 AS id, l.run_id::text AS "runId", l.company_id AS "companyId",
       coalesce(d.name, l.company_id) AS "companyName", l.stream_name AS stream, l.command, ${isoTime('l.run_at')} AS "runAt",
       l.from_date AS "from", l.to_date AS "to", l.rows, l.inserted, l.updated, l.unchanged, l.missing, l.rejected, l.status,
       l.error_code AS "errorCode", l.error, l.duration_ms AS "durationMs", to_jsonb(l) ->> 'tally_address' AS "tallyAddress",
       to_jsonb(l) ->> 'asked_company' AS "askedCompany"
     FROM public.etl_logs l LEFT JOIN public.dim_company d USING (company_id)`;

/** The latest run of each company, newest first. A run that failed before its company was known is left out. */
export function latestLogs(connection: Connection): Promise<LoggedRun[]> {
  return connection.query<LoggedRun>(
    `${selectLogs}
     WHERE l.id = ANY (ARRAY(
       SELECT max(id) FROM public.etl_logs WHERE company_id IS NOT NULL AND stream_name = $1 GROUP BY company_id))
     ORDER BY l.id DESC`,
    [invoiceStream],
  );
}

/** The latest runs, newest first. `before` is the id of the oldest run that the caller already has. */
export function listLogs(connection: Connection, limit: number, before?: number): Promise<LoggedRun[]> {
  return connection.query<LoggedRun>(
    `${selectLogs}
     WHERE l.stream_name = $3 AND ($2::bigint IS NULL OR l.id < $2::bigint)
     ORDER BY l.id DESC LIMIT $1`,
    [limit, before ?? null, invoiceStream],
  );
}
