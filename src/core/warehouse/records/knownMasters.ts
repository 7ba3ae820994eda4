import type { CalendarDate, DateRange } from '../../base/calendar.js';
import type { Connection } from '../postgres/connection.js';
import { takeProof } from './loadedDays.js';

/** A master as it affects the mapping of vouchers to rows: its name, and a digest of all other relevant fields. */
export interface KnownMaster {
  kind: 'voucher-type' | 'ledger' | 'group' | 'stock-item' | 'unit';
  name: string;
  digest: string;
  /** For files without masters. Absent for stock items and units, and if two masters of one name differ. */
  details?: MasterDetails;
}

/** The fields of a VoucherTypeMaster, LedgerMaster or GroupMaster, except its name and GUID. */
export type MasterDetails = Record<string, string>;

/** The state of a company's books in Tally at the beginning of a run. */
export interface SeenBooks {
  companyName: string;
  /** The days that the books cover. Days of another part of a split company do not belong to these books. */
  days: DateRange;
  /** The kinds of which `masters` is complete. The remembered masters of other kinds stay. */
  kinds: KnownMaster['kind'][];
  masters: KnownMaster[];
  /** Tally's high-water marks; null if Tally does not give them. */
  voucherCounter: number | null;
  masterCounter: number | null;
}

/** The changes since the books were last remembered, and the number of loaded days that must be read again because of them. */
export interface BooksChange {
  /** Names of masters that are new, removed or changed; undefined if nothing was remembered. */
  changedNames: string[] | undefined;
  /**
   * Tally's earlier counter, if the counter has moved back since: a backup was restored, and ALTERIDs are assigned a second
   * time.
   */
  counterWas: number | undefined;
  days: number;
}

/**
 * Remembers a company's masters and counters. In the same transaction, withdraws the proof of the loaded days that a change may
 * affect. These are the days of invoices that show a changed name. If nothing was remembered, or the counter has moved back
 * (docs/tally.md §4), all days are affected. The days stay loaded, and the next run that reads them proves them again. Clears
 * the record that a sync left nothing open. Deletes the remembered list of Tally where names or ALTERIDs have a new meaning.
 */
export function rememberBooks(connection: Connection, companyId: string, seen: SeenBooks): Promise<BooksChange> {
  return connection.transaction(async () => {
    const counterWas = await counterBefore(connection, companyId, seen);
    // ALTERIDs are assigned a second time, so equal ones prove nothing about the remembered vouchers.
    if (counterWas !== undefined)
      await connection.execute('DELETE FROM public.etl_vouchers WHERE company_id = $1', [companyId]);
    const changed = await replaceMasters(connection, companyId, seen);
    const types = (changed ?? []).filter(({ kind }) => kind === 'voucher-type').map(({ name }) => name);
    // Vouchers show the new name of their type although their ALTERID has not changed.
    if (types.length > 0)
      await connection.execute('DELETE FROM public.etl_vouchers WHERE company_id = $1 AND voucher_type = ANY ($2)', [
        companyId,
        types,
      ]);
    await connection.execute(
      'UPDATE public.etl_sources SET settled_on = NULL WHERE company_id = $1 AND settled_on IS NOT NULL',
      [companyId],
    );
    let days = 0;
    if (counterWas !== undefined || changed === undefined)
      days = await forgetAllProof(connection, companyId, seen.days);
    else if (changed.length > 0) days = await forgetProof(connection, companyId, seen.days, changed);
    await connection.execute(
      `INSERT INTO public.etl_sources AS s (company_id, company_name, voucher_counter, master_counter) VALUES ($1, $2, $3, $4)
       ON CONFLICT (company_id, company_name) DO UPDATE SET
         voucher_counter = coalesce(excluded.voucher_counter, s.voucher_counter), master_counter = excluded.master_counter
       WHERE (s.voucher_counter, s.master_counter) IS DISTINCT FROM (excluded.voucher_counter, excluded.master_counter)`,
      [companyId, seen.companyName, seen.voucherCounter, seen.masterCounter],
    );
    return { changedNames: changed && [...new Set(changed.map(({ name }) => name))], counterWas, days };
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

/** A master that is new, removed or changed. */
type ChangedMaster = Pick<KnownMaster, 'kind' | 'name'>;

/**
 * Stores the masters. Returns the masters that are new, changed or removed; undefined if none were stored before. They are compared
 * here, because one statement for all would change a table twice. On a cluster that blocks every company while one worker is down.
 */
async function replaceMasters(
  connection: Connection,
  companyId: string,
  { companyName, kinds, masters }: SeenBooks,
): Promise<ChangedMaster[] | undefined> {
  const known = await connection.query<KnownMaster & { told: string | null }>(
    `SELECT kind, name, digest, details::text AS told FROM public.etl_masters WHERE company_id = $1 AND company_name = $2`,
    [companyId, companyName],
  );
  const before = new Map(known.map((master) => [keyOf(master), master]));
  const seen = new Set(masters.map(keyOf));
  const gone = known.filter((master) => kinds.includes(master.kind) && !seen.has(keyOf(master)));
  const changed = masters.filter((master) => before.get(keyOf(master))?.digest !== master.digest);
  // An older version stored fewer details or none, with the same digest.
  const told = masters.filter((master) => {
    const was = before.get(keyOf(master));
    return was?.digest === master.digest && !isTold(master.details, was.told);
  });
  if (gone.length > 0)
    await connection.execute(
      `DELETE FROM public.etl_masters WHERE company_id = $1 AND company_name = $2
         AND (kind, name) IN (SELECT * FROM unnest($3::text[], $4::text[]))`,
      [companyId, companyName, gone.map(({ kind }) => kind), gone.map(({ name }) => name)],
    );
  const written = [...changed, ...told];
  if (written.length > 0)
    await connection.execute(
      `INSERT INTO public.etl_masters (company_id, company_name, kind, name, digest, details)
       SELECT $1, $2, m.kind, m.name, m.digest, m.details::jsonb
       FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]) AS m (kind, name, digest, details)
       ON CONFLICT (company_id, company_name, kind, name)
         DO UPDATE SET digest = excluded.digest, details = excluded.details`,
      [
        companyId,
        companyName,
        written.map(({ kind }) => kind),
        written.map(({ name }) => name),
        written.map(({ digest }) => digest),
        written.map(({ details }) => (details === undefined ? null : JSON.stringify(details))),
      ],
    );
  // Groups are left out of the result, because a changed group also changes the ledgers under it.
  return known.length === 0 ? undefined : [...gone, ...changed].filter(({ kind }) => kind !== 'group');
}

const keyOf = ({ kind, name }: ChangedMaster): string => `${kind} ${name}`;

/** Whether the stored details (JSON) equal these. They are compared as values, because PostgreSQL reorders the keys. */
function isTold(details: MasterDetails | undefined, stored: string | null): boolean {
  if (details === undefined || stored === null) return details === undefined && stored === null;
  const was = JSON.parse(stored) as MasterDetails;
  const keys = Object.keys(details);
  return keys.length === Object.keys(was).length && keys.every((key) => was[key] === details[key]);
}

/**
 * The columns in which invoices show a master of each kind. Indexes find the names of parties, ledgers and stock items by their
 * first characters. A changed voucher type means reading all invoices of the company, a changed unit all lines; both seldom
 * change.
 */
const shownIn: Record<Exclude<KnownMaster['kind'], 'group'>, [table: string, column: string][]> = {
  'voucher-type': [['fact_invoice', 'voucher_type']],
  ledger: [
    ['fact_invoice', 'party_name'],
    ['fact_invoice_line', 'ledger_name'],
  ],
  'stock-item': [['fact_invoice_line', 'item_name']],
  unit: [['fact_invoice_line', 'unit']],
};

/** Withdraws the proof of the loaded days that show one of the masters, or that have a reject: it may lack a master. */
async function forgetProof(
  connection: Connection,
  companyId: string,
  { from, to }: DateRange,
  changed: ChangedMaster[],
): Promise<number> {
  const values: unknown[] = [companyId, from, to];
  const shown = Object.entries(shownIn).flatMap(([kind, places]) => {
    const names = changed.filter((master) => master.kind === kind).map(({ name }) => name);
    if (names.length === 0) return [];
    values.push(names);
    return places.map(
      ([table, column]) =>
        `UNION SELECT date FROM public.${table} WHERE company_id = $1 AND date BETWEEN $2 AND $3
       AND left(${column}, 100) = ANY (ARRAY(SELECT left(name, 100) FROM unnest($${values.length}::text[]) AS name)) AND ${column} = ANY ($${values.length})`,
    );
  });
  const days = await connection.query<{ date: CalendarDate }>(
    `SELECT date FROM public.etl_rejects WHERE company_id = $1 AND date BETWEEN $2 AND $3 ${shown.join('\n     ')}`,
    values,
  );
  return takeProof(connection, companyId, days);
}

/** Withdraws the proof of all loaded days, including days that an older version loaded without proof. */
async function forgetAllProof(connection: Connection, companyId: string, { from, to }: DateRange): Promise<number> {
  const days = await connection.query<{ date: CalendarDate }>(
    `SELECT date FROM public.etl_days WHERE company_id = $1 AND date BETWEEN $2 AND $3
     UNION SELECT date FROM public.fact_invoice WHERE company_id = $1 AND date BETWEEN $2 AND $3
     UNION SELECT date FROM public.etl_rejects WHERE company_id = $1 AND date BETWEEN $2 AND $3`,
    [companyId, from, to],
  );
  return takeProof(connection, companyId, days);
}
