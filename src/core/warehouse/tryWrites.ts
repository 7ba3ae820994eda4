import { randomUUID } from 'node:crypto';
import { escapeIdentifier, type Connection } from './postgres/connection.js';
import { migrationsTable, schemaState, tryMigrations } from './postgres/migrate.js';
import { createStageTables } from './load/stage.js';

type Privilege = 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE';

/**
 * The rights that jobs need on each table. A table comes after the table that its foreign key refers to: `tryWrites` inserts in this
 * order and deletes in reverse.
 */
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

/** Rights that a load needs and the database user lacks. */
export interface MissingRights {
  /** `user` and `database` are quoted as SQL identifiers. */
  user: string;
  database: string;
  /** True if USAGE on schema public is missing. The other rights were then not checked. */
  schema: boolean;
  /** For each missing right, the tables on which it is missing. */
  tables: ReadonlyMap<Privilege, string[]>;
  /** False if the user may not read which migrations the tables have. */
  knowsSchema: boolean;
  /** True if USAGE on the sequence of etl_logs is missing. */
  sequence: boolean;
  /** True if TEMPORARY on the database is missing. */
  temporaryTables: boolean;
  /** True if tables have still to be created or changed, and CREATE on schema public is missing. */
  newTables: boolean;
  /** The owner of the tables, if they have to be migrated and the user cannot act as the owner. */
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

/** An owner of our tables as whom the user cannot act; undefined if there is none. Only the owner of a table may alter it. */
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

/** Thrown to end a transaction without a commit. */
class RollBack extends Error {}

/**
 * Writes, updates and deletes rows of an invented company in a transaction that is rolled back. Creates the tables in
 * this transaction if there are none. Nobody sees the rows, and no sequence moves. Throws the error that a load would
 * throw. A load waits for a lock without a limit; this throws PostgreSQL's `lock_not_available` after 5 seconds.
 */
export async function tryWrites(connection: Connection): Promise<void> {
  const state = await schemaState(connection);
  const attempt = connection.transaction(async () => {
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
    throw new RollBack();
  });
  await attempt.catch((error: unknown) => {
    if (!(error instanceof RollBack)) throw error;
  });
}

/** Inserts one row, with values for the columns without a default. Sets `id` too, because its default would advance a sequence. */
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

/**
 * SQL values by column name: for `id`, and a permitted word for each column with a CHECK. `number`, `company` and `run` are columns of
 * the subquery in insertRow.
 */
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
