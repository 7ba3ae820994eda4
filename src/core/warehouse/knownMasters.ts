import type { CalendarDate, DateRange } from '../calendar.js';
import type { Connection } from './connection.js';
import { takeProof } from './loadedDays.js';

/** A master as far as it decides how vouchers become rows: its name, and a digest of all else that counts. */
export interface KnownMaster {
  kind: 'voucher-type' | 'ledger' | 'group' | 'stock-item' | 'unit';
  name: string;
  digest: string;
  /** What Tally says of it, by the field: for files without masters. Absent where nobody needs it, or two of one name differ. */
  details?: MasterDetails;
}

/** The fields of a VoucherTypeMaster, LedgerMaster or GroupMaster but its name and GUID. */
export type MasterDetails = Record<string, string>;

/** What Tally says of a company's books at the beginning of a run. */
export interface SeenBooks {
  companyName: string;
  /** The days that they hold: those of another part of a split company are not theirs to read again. */
  days: DateRange;
  /** Of these kinds `masters` has all; what is remembered of others stays. */
  kinds: KnownMaster['kind'][];
  masters: KnownMaster[];
  /** Tally's high-water marks, null where it does not say them. */
  voucherCounter: number | null;
  masterCounter: number | null;
}

/** What has changed since the books were remembered last, and how many loaded days are to be read again for it. */
export interface BooksChange {
  /** Names of masters that are new, gone, or another thing now; undefined where nothing was remembered. */
  changedNames: string[] | undefined;
  /** Tally's counter before, where it has gone back since: a backup was restored, and ALTERIDs are given a second time. */
  counterWas: number | undefined;
  days: number;
}

/**
 * Remembers a company's masters and counters, and in the same transaction takes the proof from the loaded days that the
 * change may have touched: those of invoices that show a changed name, all of them where nothing was remembered or the
 * counter has gone back (docs/tally.md §4). They are loaded still; the next run that reads them proves them anew.
 */
export function rememberBooks(connection: Connection, companyId: string, seen: SeenBooks): Promise<BooksChange> {
  return connection.transaction(async () => {
    const counterWas = await counterBefore(connection, companyId, seen);
    const changedNames = await replaceMasters(connection, companyId, seen);
    let days = 0;
    if (counterWas !== undefined || changedNames === undefined)
      days = await forgetProof(connection, companyId, seen.days);
    else if (changedNames.length > 0) days = await forgetProof(connection, companyId, seen.days, changedNames);
    await connection.execute(
      `INSERT INTO public.etl_sources AS s (company_id, company_name, voucher_counter, master_counter) VALUES ($1, $2, $3, $4)
       ON CONFLICT (company_id, company_name) DO UPDATE SET
         voucher_counter = coalesce(excluded.voucher_counter, s.voucher_counter), master_counter = excluded.master_counter
       WHERE (s.voucher_counter, s.master_counter) IS DISTINCT FROM (excluded.voucher_counter, excluded.master_counter)`,
      [companyId, seen.companyName, seen.voucherCounter, seen.masterCounter],
    );
    return { changedNames, counterWas, days };
  });
}

async function counterBefore(
  connection: Connection,
  companyId: string,
  { companyName, voucherCounter }: SeenBooks,
): Promise<number | undefined> {
  const [row] = await connection.query<{ counter: string }>(
    `SELECT voucher_counter::text AS counter FROM public.etl_sources
     WHERE company_id = $1 AND company_name = $2 AND voucher_counter > $3`,
    [companyId, companyName, voucherCounter],
  );
  return row && Number(row.counter);
}

/** The names whose masters are not what they were, on either side; undefined where none were remembered. */
async function replaceMasters(
  connection: Connection,
  companyId: string,
  { companyName, kinds, masters }: SeenBooks,
): Promise<string[] | undefined> {
  const [known] = await connection.query(
    'SELECT FROM public.etl_masters WHERE company_id = $1 AND company_name = $2 LIMIT 1',
    [companyId, companyName],
  );
  // A group's change shows in the ledgers under it.
  const changed = await connection.query<{ name: string }>(
    `WITH seen AS (
       SELECT kind, name, digest, details::jsonb AS details
       FROM unnest($4::text[], $5::text[], $6::text[], $7::text[]) AS m (kind, name, digest, details)),
     gone AS (
       DELETE FROM public.etl_masters k WHERE k.company_id = $1 AND k.company_name = $2 AND k.kind = ANY ($3::text[])
         AND NOT EXISTS (SELECT FROM seen m WHERE m.kind = k.kind AND m.name = k.name)
       RETURNING k.kind, k.name),
     told AS (
       UPDATE public.etl_masters k SET details = m.details FROM seen m
       WHERE k.company_id = $1 AND k.company_name = $2 AND k.kind = m.kind AND k.name = m.name AND k.digest = m.digest
         AND k.details IS DISTINCT FROM m.details),
     put AS (
       INSERT INTO public.etl_masters AS k (company_id, company_name, kind, name, digest, details)
       SELECT $1, $2, m.kind, m.name, m.digest, m.details FROM seen m
       WHERE NOT EXISTS (SELECT FROM public.etl_masters o WHERE o.company_id = $1 AND o.company_name = $2
         AND o.kind = m.kind AND o.name = m.name AND o.digest = m.digest)
       ON CONFLICT (company_id, company_name, kind, name)
         DO UPDATE SET digest = excluded.digest, details = excluded.details
       RETURNING k.kind, k.name)
     SELECT name FROM (SELECT * FROM gone UNION SELECT * FROM put) c WHERE kind <> 'group'`,
    [
      companyId,
      companyName,
      kinds,
      masters.map(({ kind }) => kind),
      masters.map(({ name }) => name),
      masters.map(({ digest }) => digest),
      masters.map(({ details }) => (details === undefined ? null : JSON.stringify(details))),
    ],
  );
  return known === undefined ? undefined : changed.map(({ name }) => name);
}

/** Takes the proof from all loaded days, or from those that show one of the names. A reject may be one for want of a master. */
async function forgetProof(
  connection: Connection,
  companyId: string,
  { from, to }: DateRange,
  names?: string[],
): Promise<number> {
  const days = await connection.query<{ date: CalendarDate }>(
    `SELECT date FROM public.etl_days WHERE company_id = $1 AND date BETWEEN $3 AND $4 AND $2::text[] IS NULL
     UNION SELECT f.date FROM public.fact_invoice f
     WHERE f.company_id = $1 AND f.date BETWEEN $3 AND $4 AND ($2 IS NULL OR f.party_name = ANY ($2) OR f.voucher_type = ANY ($2) OR f.invoice_id IN (
       SELECT l.invoice_id FROM public.fact_invoice_line l
       WHERE l.company_id = $1 AND (l.ledger_name = ANY ($2) OR l.item_name = ANY ($2) OR l.unit = ANY ($2))))
     UNION SELECT r.date FROM public.etl_rejects r WHERE r.company_id = $1 AND r.date BETWEEN $3 AND $4`,
    [companyId, names ?? null, from, to],
  );
  return takeProof(connection, companyId, days);
}
