import type { CalendarDate, DateRange } from '../../base/calendar.js';
import type { Connection } from '../postgres/connection.js';
import { writeLedgerMasters, type ReadLedgerMasters } from './ledgerMasters.js';
import { takeProof } from './loadedDays.js';
import type { KeptMasters } from './mastersInUse.js';

/** A master as it affects the mapping of vouchers to rows: its name, and a digest of all other relevant fields. */
export interface KnownMaster {
  kind: 'voucher-type' | 'ledger' | 'group' | 'stock-item' | 'unit';
  name: string;
  digest: string;
  /**
   * The other fields themselves, with which vouchers from files without masters are mapped. Absent for stock items and
   * units, and if two masters of one name differ.
   */
  details?: MasterDetails;
}

/** The fields of a VoucherTypeMaster, LedgerMaster or GroupMaster, except its name and GUID. */
export type MasterDetails = Record<string, string>;

/** The state of a company's books in Tally at the beginning of a run. */
export interface BooksState {
  companyName: string;
  /** The days that the books cover. Days of another part of a split company do not belong to these books. */
  days: DateRange;
  /** The kinds for which `masters` is complete. Remembered masters of other kinds are not removed. */
  kinds: KnownMaster['kind'][];
  masters: KnownMaster[];
  /**
   * The highest ALTERID (Tally's counter of changes) of the company's vouchers and of its masters; null if Tally does
   * not give it.
   */
  voucherCounter: number | null;
  masterCounter: number | null;
  /** The masters of the stream `ledger`; absent without the stream, and if they have not changed. */
  ledger?: ReadLedgerMasters;
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
  /** Masters of the stream `ledger` that Tally's lists lack although they are in use. */
  kept: KeptMasters[];
}

/**
 * Remembers a company's masters and counters, and writes the masters of the stream `ledger`, all in one transaction.
 * Withdraws the proof of the loaded days that a change may affect: days that show a changed name, and days with
 * rejects. If nothing was remembered, or the counter has moved back (docs/tally.md §4), all days are affected. The days
 * stay loaded, and the next run that reads them proves them again. Clears the record of a complete sync (`Settled`).
 * Deletes remembered rows of Tally's list: of all vouchers if the counter has moved back, else of changed voucher
 * types.
 */
export function rememberBooks(connection: Connection, companyId: string, seen: BooksState): Promise<BooksChange> {
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
    let kept: KeptMasters[] = [];
    if (seen.ledger !== undefined) {
      kept = await writeLedgerMasters(connection, companyId, seen.ledger);
      await connection.execute(
        `UPDATE public.etl_sources SET ledger_master_counter = $3, ledger_books_from = $4
         WHERE company_id = $1 AND company_name = $2`,
        // If masters were kept, no counter is stored, so that the next load asks for the masters again.
        [companyId, seen.companyName, kept.length > 0 ? null : seen.ledger.counter, seen.ledger.booksFrom],
      );
    }
    return { changedNames: changed && [...new Set(changed.map(({ name }) => name))], counterWas, days, kept };
  });
}

async function counterBefore(
  connection: Connection,
  companyId: string,
  { companyName, voucherCounter }: BooksState,
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
 * Stores the masters. Returns the masters that are new, changed or removed, without groups; undefined if none were
 * stored before. Comparing and writing are separate statements. A single statement would change the table twice, which
 * on a cluster blocks every company while one worker is down.
 */
async function replaceMasters(
  connection: Connection,
  companyId: string,
  seen: BooksState,
): Promise<ChangedMaster[] | undefined> {
  const { companyName, masters } = seen;
  const [before] = await connection.query<{ known: boolean }>(
    'SELECT EXISTS (SELECT FROM public.etl_masters WHERE company_id = $1 AND company_name = $2) AS known',
    [companyId, companyName],
  );
  if (!before!.known) {
    await storeMasters(connection, companyId, companyName, masters);
    return undefined;
  }
  const other = await findOtherMasters(connection, companyId, seen);
  const removed = other.filter(({ how }) => how === 'removed');
  if (removed.length > 0)
    await connection.execute(
      `DELETE FROM public.etl_masters WHERE company_id = $1 AND company_name = $2
         AND (kind, name) IN (SELECT * FROM unnest($3::text[], $4::text[]))`,
      [companyId, companyName, removed.map(({ kind }) => kind), removed.map(({ name }) => name)],
    );
  const written = new Set(other.filter(({ how }) => how !== 'removed').map(keyOf));
  await storeMasters(
    connection,
    companyId,
    companyName,
    masters.filter((master) => written.has(keyOf(master))),
  );
  // Groups are left out of the result, because a changed group also changes the ledgers under it.
  return other.filter(({ kind, how }) => kind !== 'group' && how !== 'other details');
}

const keyOf = ({ kind, name }: ChangedMaster): string => `${kind} ${name}`;

interface OtherMaster extends ChangedMaster {
  /** `other details`: the digest is the same, so no row of an invoice changes. An older version stored fewer details or none. */
  how: 'removed' | 'changed' | 'other details';
}

/**
 * The masters that are not as they were stored. PostgreSQL compares them, so that a run receives only those, not the tens of
 * thousands of masters of a large company.
 */
function findOtherMasters(
  connection: Connection,
  companyId: string,
  { companyName, kinds, masters }: BooksState,
): Promise<OtherMaster[]> {
  return connection.query<OtherMaster>(
    `WITH known AS MATERIALIZED (
       SELECT kind, name, digest, details FROM public.etl_masters WHERE company_id = $1 AND company_name = $2)
     SELECT coalesce(m.kind, k.kind) AS kind, coalesce(m.name, k.name) AS name,
       CASE WHEN m.kind IS NULL THEN 'removed' WHEN k.digest = m.digest THEN 'other details' ELSE 'changed' END AS how
     FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]) AS m (kind, name, digest, details)
     FULL JOIN known k ON k.kind = m.kind AND k.name = m.name
     WHERE CASE WHEN m.kind IS NULL THEN k.kind = ANY ($7::text[])
       ELSE (k.digest, k.details) IS DISTINCT FROM (m.digest, m.details::jsonb) END`,
    [companyId, companyName, ...columnsOf(masters), kinds],
  );
}

async function storeMasters(
  connection: Connection,
  companyId: string,
  companyName: string,
  masters: KnownMaster[],
): Promise<void> {
  if (masters.length === 0) return;
  await connection.execute(
    `INSERT INTO public.etl_masters (company_id, company_name, kind, name, digest, details)
     SELECT $1, $2, m.kind, m.name, m.digest, m.details::jsonb
     FROM unnest($3::text[], $4::text[], $5::text[], $6::text[]) AS m (kind, name, digest, details)
     ON CONFLICT (company_id, company_name, kind, name)
       DO UPDATE SET digest = excluded.digest, details = excluded.details`,
    [companyId, companyName, ...columnsOf(masters)],
  );
}

const columnsOf = (masters: KnownMaster[]): unknown[] => [
  masters.map(({ kind }) => kind),
  masters.map(({ name }) => name),
  masters.map(({ digest }) => digest),
  masters.map(({ details }) => (details === undefined ? null : JSON.stringify(details))),
];

/**
 * The columns in which invoices and vouchers show a master of each kind. Indexes find the names of an invoice's party,
 * of ledgers and of stock items by their first characters. The other columns have no such index, so all rows of the
 * range are read. Voucher types and units seldom change.
 */
const shownIn: Record<Exclude<KnownMaster['kind'], 'group'>, [table: string, column: string][]> = {
  'voucher-type': [
    ['fact_invoice', 'voucher_type'],
    ['fact_voucher', 'voucher_type'],
  ],
  ledger: [
    ['fact_invoice', 'party_name'],
    ['fact_invoice_line', 'ledger_name'],
    ['fact_voucher', 'party_name'],
    ['fact_ledger_entry', 'ledger_name'],
  ],
  'stock-item': [
    ['fact_invoice_line', 'item_name'],
    ['fact_stock_entry', 'item_name'],
  ],
  unit: [
    ['fact_invoice_line', 'unit'],
    ['fact_stock_entry', 'unit'],
  ],
};

/**
 * Withdraws the proof of the days that show one of the masters, and of days with a reject: the reject may have lacked a
 * master.
 */
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

/**
 * Withdraws the proof of all loaded days of the range, including days that have rows but are not recorded in etl_days.
 */
async function forgetAllProof(connection: Connection, companyId: string, { from, to }: DateRange): Promise<number> {
  const days = await connection.query<{ date: CalendarDate }>(
    `SELECT date FROM public.etl_days WHERE company_id = $1 AND date BETWEEN $2 AND $3
     UNION SELECT date FROM public.fact_invoice WHERE company_id = $1 AND date BETWEEN $2 AND $3
     UNION SELECT date FROM public.etl_rejects WHERE company_id = $1 AND date BETWEEN $2 AND $3`,
    [companyId, from, to],
  );
  return takeProof(connection, companyId, days);
}
