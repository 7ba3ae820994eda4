import { randomUUID } from 'node:crypto';
import { escapeIdentifier, type Connection } from './postgres/connection.js';
import { migrationsTable, schemaState, tryMigrations } from './postgres/migrate.js';
import { createStageTables } from './load/stage.js';

type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/** What the runs do to each table of the warehouse. A line stands behind the invoice that it belongs to. */
export const neededRights: Readonly<Record<string, readonly Privilege[]>> = {
  dim_company: ['SELECT', 'INSERT', 'UPDATE'],
  fact_invoice: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  fact_invoice_line: ['SELECT', 'INSERT', 'DELETE'],
  fact_voucher: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  fact_ledger_entry: ['SELECT', 'INSERT', 'DELETE'],
  fact_bill: ['SELECT', 'INSERT', 'DELETE'],
  fact_cost_allocation: ['SELECT', 'INSERT', 'DELETE'],
  fact_bank_allocation: ['SELECT', 'INSERT', 'DELETE'],
  fact_stock_entry: ['SELECT', 'INSERT', 'DELETE'],
  dim_ledger: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  dim_group: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  dim_stock_item: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  dim_unit: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  dim_voucher_type: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  dim_cost_centre: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  fact_opening_bill: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  etl_checkpoints: ['SELECT', 'INSERT', 'UPDATE'],
  etl_days: ['SELECT', 'INSERT', 'UPDATE'],
  etl_file_masters: ['SELECT', 'INSERT', 'UPDATE'],
  etl_logs: ['SELECT', 'INSERT'],
  etl_masters: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  etl_rejects: ['SELECT', 'INSERT', 'DELETE'],
  etl_sources: ['SELECT', 'INSERT', 'UPDATE'],
  etl_verified: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  etl_vouchers: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
};

/** What the user of the warehouse may not do, though a load does it. */
export interface MissingRights {
  /** Both as they are written in a statement. */
  user: string;
  database: string;
  /** To reach anything in schema public; nothing else is known then. */
  schema: boolean;
  /** The tables that each right is missing on; only the rights that are missing. */
  tables: ReadonlyMap<Privilege, string[]>;
  /** False where the user may not find out how far the tables are migrated. */
  knowsSchema: boolean;
  /** To number the rows of etl_logs. */
  sequence: boolean;
  temporaryTables: boolean;
  /** Where tables have still to be made: to make them. */
  newTables: boolean;
  /** Where the tables have to be brought up to date first: whose they are, when the user may not act as that one. */
  owner: string | undefined;
}

/** Undefined where nothing is missing. Reads only. */
export async function missingRights(connection: Connection): Promise<MissingRights | undefined> {
  const [place] = await connection.query<Record<'user' | 'database', string> & { reaches: boolean }>(
    `SELECT quote_ident(current_user) AS "user", quote_ident(current_database()) AS database,
       coalesce(has_schema_privilege(to_regnamespace('public'), 'USAGE'), false) AS reaches`,
  );
  const { user, database, reaches } = place!;
  const none = { tables: new Map(), sequence: false, temporaryTables: false, newTables: false, owner: undefined };
  if (!reaches) return { user, database, schema: true, knowsSchema: false, ...none };
  const needed = Object.entries({ ...neededRights, [migrationsTable]: ['SELECT'] as const }).flatMap(
    ([table, rights]) => rights.map((right) => ({ table, right })),
  );
  const tables = new Map<Privilege, string[]>();
  const lacking = await connection.query<{ table: string; right: Privilege }>(
    `SELECT n.name AS "table", n.privilege AS "right" FROM unnest($1::text[], $2::text[]) AS n (name, privilege)
     WHERE NOT has_table_privilege(to_regclass('public.' || n.name), n.privilege)`,
    [needed.map(({ table }) => table), needed.map(({ right }) => right)],
  );
  for (const { table, right } of lacking) tables.set(right, [...(tables.get(right) ?? []), table]);
  const [row] = await connection.query<Record<'sequence' | 'temporary' | 'create', boolean>>(
    `SELECT has_database_privilege(current_database(), 'TEMP') AS temporary,
       coalesce(has_schema_privilege(to_regnamespace('public'), 'CREATE'), false) AS "create",
       coalesce(has_sequence_privilege(to_regclass('public.etl_logs_id_seq'), 'USAGE'), true) AS sequence`,
  );
  const { sequence, temporary, create } = row!;
  const isReadable = lacking.every(({ table }) => table !== migrationsTable);
  const state = isReadable ? await schemaState(connection) : 'current';
  const owner = state === 'outdated' ? await foreignOwner(connection) : undefined;
  const newTables = state !== 'current' && !create;
  if (tables.size === 0 && sequence && temporary && !newTables && owner === undefined) return undefined;
  return {
    user,
    database,
    schema: false,
    tables,
    knowsSchema: isReadable,
    sequence: !sequence,
    temporaryTables: !temporary,
    newTables,
    owner,
  };
}

/** Only the owner of a table may alter it. */
async function foreignOwner(connection: Connection): Promise<string | undefined> {
  const [row] = await connection.query<{ owner: string }>(
    `SELECT pg_get_userbyid(relowner)::text AS owner FROM pg_class
     WHERE oid = ANY (SELECT to_regclass('public.' || name) FROM unnest($1::text[]) AS name)
       AND NOT pg_has_role(relowner, 'USAGE') LIMIT 1`,
    [Object.keys(neededRights)],
  );
  return row?.owner;
}

async function existingTables(connection: Connection): Promise<string[]> {
  const rows = await connection.query<{ name: string }>(
    `SELECT name FROM unnest($1::text[]) WITH ORDINALITY AS n (name, place)
     WHERE to_regclass('public.' || name) IS NOT NULL ORDER BY place`,
    [Object.keys(neededRights)],
  );
  return rows.map(({ name }) => name);
}

class Undone extends Error {}

/**
 * Does what a load does to the tables, with rows of a company that does not exist, in a transaction that is rolled back:
 * where there are no tables yet they are made in it. Nobody sees the rows, no sequence moves, and what it waits for is
 * given up after 5 seconds. Throws the error that a load would end with.
 */
export async function tryWrites(connection: Connection): Promise<void> {
  const state = await schemaState(connection);
  const trial = connection.transaction(async () => {
    await connection.execute("SET LOCAL lock_timeout = '5s'");
    if (state === 'empty') await tryMigrations(connection);
    await createStageTables(connection);
    // Letters that not every encoding has: names in Tally are full of them.
    const company = `tally-warehouse check ₹ अ ${randomUUID()}`;
    const tables = state === 'outdated' ? await existingTables(connection) : Object.keys(neededRights);
    for (const table of tables) await insertRow(connection, table, company);
    for (const table of tables.reverse()) {
      const rights = neededRights[table]!;
      if (rights.includes('UPDATE'))
        await connection.execute(`UPDATE public.${table} SET company_id = company_id WHERE company_id = $1`, [company]);
      if (rights.includes('DELETE'))
        await connection.execute(`DELETE FROM public.${table} WHERE company_id = $1`, [company]);
    }
    throw new Undone();
  });
  await trial.catch((error: unknown) => {
    if (!(error instanceof Undone)) throw error;
  });
}

/** Values for the columns that need one; also for `id`, whose default would take a number of etl_logs. */
async function insertRow(connection: Connection, table: string, company: string): Promise<void> {
  const columns = await connection.query<{ name: string; type: string }>(
    `SELECT attname::text AS name, format_type(atttypid, NULL) AS type FROM pg_attribute
     WHERE attrelid = 'public.${table}'::regclass AND attnum > 0 AND NOT attisdropped
       AND (attnotnull AND NOT atthasdef AND attidentity = '' OR attname IN ('company_id', 'id'))`,
  );
  const names = columns.map(({ name }) => escapeIdentifier(name)).join(', ');
  await connection.execute(
    `INSERT INTO public.${table} (${names}) SELECT ${columns.map(valueOf).join(', ')}
    FROM (SELECT $1::text AS company, $2::uuid AS run, -$3::bigint AS number) trial`,
    [company, randomUUID(), 1 + Math.floor(Math.random() * Number.MAX_SAFE_INTEGER)],
  );
}

/** Values by the name of a column that takes a few words only, or has a number of its own. */
const byName: Record<string, string> = {
  id: 'number',
  status: "'ok'",
  invoice_type: "'sales'",
  line_type: "'item'",
  ledger_class: "'other'",
  kind: "'ledger'",
};

const byType: Record<string, string> = {
  text: 'company',
  uuid: 'run',
  date: "date '2000-01-01'",
  'timestamp with time zone': 'now()',
  jsonb: "'{}'",
  boolean: 'false',
};

const valueOf = ({ name, type }: { name: string; type: string }): string => byName[name] ?? byType[type] ?? '0';
