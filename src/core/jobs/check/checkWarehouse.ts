import { t } from '@vscode/l10n';
import type { Config } from '../../base/config.js';
import { dateText } from '../../base/countWords.js';
import { formatCount } from '../../base/format.js';
import { embeddedPlace, isSnapRevision, unusedWarehouse } from '../../base/dataPlace.js';
import { EtlError } from '../../base/errors.js';
import { checkEmbedded } from '../../warehouse/embedded/embedded.js';
import type { Connection } from '../../warehouse/postgres/connection.js';
import { undistributedTables } from '../../warehouse/postgres/distribute.js';
import { schemaState, type SchemaState } from '../../warehouse/postgres/migrate.js';
import { describeShape, readShape } from '../../warehouse/postgres/shape.js';
import { listTried, type TriedSource } from '../../warehouse/records/sources.js';
import { missingRights, type MissingRights } from '../../warehouse/tryWrites.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import { errorCode } from '../../warehouse/warehouseError.js';
import { caution, failed, fine, wrong } from './checkItem.js';
import type { CheckItem, JobContext } from '../job.js';
import { hasWarehouse, openConfiguredWarehouse } from '../warehouseSession.js';

/** Checks the warehouse's side: whether it answers, the state of its tables, and whether a load may write. */
export async function checkWarehouse(context: JobContext): Promise<CheckItem[]> {
  const { config } = context;
  const { dataDir } = config;
  let warehouse: Warehouse | undefined;
  try {
    if (!hasWarehouse(config)) {
      await checkEmbedded(dataDir);
      return [fine('warehouse', t('The built-in warehouse will be made in {dataDir} by the first load.', { dataDir }))];
    }
    warehouse = await openConfiguredWarehouse(context);
    warehouse.assertEncoding();
    const reached = fine('warehouse', await describeReached(warehouse, config));
    return [reached, ...otherWarehouse(config), ...(await checkTables(warehouse, config))];
  } catch (error) {
    return [failed('warehouse', error)];
  } finally {
    await warehouse?.close();
  }
}

async function describeReached(warehouse: Warehouse, config: Config): Promise<string> {
  const { target } = warehouse;
  const version = warehouse.serverVersion();
  if (config.dbUrl === undefined)
    return t('The warehouse answers: PostgreSQL {version} (built-in, {megabytes} MB, in {dataDir}).', {
      version,
      megabytes: formatCount(await warehouse.use(megabytesOf)),
      dataDir: embeddedPlace(config),
    });
  return warehouse.isEncrypted
    ? t('The warehouse answers: PostgreSQL {version} ({target}, encrypted).', { version, target })
    : t('The warehouse answers: PostgreSQL {version} ({target}, not encrypted).', { version, target });
}

/** The size of the database on disk, in whole megabytes, rounded up. */
async function megabytesOf(connection: Connection): Promise<number> {
  const [row] = await connection.query<{ megabytes: number }>(
    'SELECT ceil(pg_catalog.pg_database_size(current_database()) / 1e6)::int AS megabytes',
  );
  return row!.megabytes;
}

/** A caution if an earlier version created a second embedded warehouse: rows that somebody misses may be there. */
function otherWarehouse(config: Config): CheckItem[] {
  const folder = config.dbUrl === undefined ? unusedWarehouse(config) : undefined;
  if (folder === undefined) return [];
  return [
    caution(
      'warehouse',
      isSnapRevision(folder)
        ? t(
            'Another built-in warehouse lies in {folder}; it is not used, and the system deletes that folder with the snap. To keep it, stop all programs of Tally Warehouse, move {folder}/embedded to another folder, and set TALLY_DATA_DIR to that folder.',
            { folder },
          )
        : t('Another built-in warehouse lies in {folder}; it is not used. To use it, set TALLY_DATA_DIR to {folder}.', {
            folder,
          }),
    ),
  ];
}

async function checkTables(warehouse: Warehouse, { report }: Config): Promise<CheckItem[]> {
  const missing = await warehouse.use(missingRights);
  if (missing?.knowsSchema === false) return [wrong('rights', describeMissing(missing), grantsFor(missing))];
  const state = await warehouse.use(schemaState);
  if (state === 'newer') {
    const remedy = t('Update this program; nothing was changed.');
    return [wrong('schema', t('The tables were made by a newer version of this program.'), remedy)];
  }
  if (missing?.newTables === true && state === 'empty')
    return [
      wrong('schema', t('There are no tables yet, and the user of DB_URL may not make them.'), grantsFor(missing)),
    ];
  const shape = state === 'empty' ? '' : ` ${describeShape(await warehouse.use(readShape))}`;
  const local = state === 'empty' ? [] : await warehouse.use(undistributedTables);
  const found = [
    fine('schema', tableWords[state]() + shape),
    ...(local.length > 0 ? [caution('schema', notDistributed(local))] : []),
    await checkRights(warehouse, missing),
  ];
  if (state !== 'current' || missing !== undefined) return found;
  // If the user has set a report, loads request whole lists anyway, as the user wished.
  if (report !== 'auto') return found;
  return [...found, ...(await warehouse.use(listTried)).flatMap(describeAsking)];
}

const notDistributed = (tables: readonly string[]): string =>
  t('Not distributed yet: {tables}. The next load, or the command migrate, distributes them.', {
    tables: tables.join(', '),
  });

/** Says which requests a sync and a load send to this company's Tally. */
function describeAsking({
  companyName: company,
  digests,
  digestsOn,
  collection,
  collectionOn,
}: TriedSource): CheckItem[] {
  const items: CheckItem[] = [];
  if (digests !== null)
    items.push(
      fine(
        'warehouse',
        digests.startsWith('right')
          ? t("A sync of {company} asks Tally for changed days only: Tally's daily sums were correct on {date}.", {
              company,
              date: digestsOn === null ? '' : dateText(digestsOn),
            })
          : t('A sync of {company} asks Tally for its whole list of vouchers: this Tally does not give daily sums.', {
              company,
            }),
      ),
    );
  if (collection !== null)
    items.push(
      fine(
        'warehouse',
        collection.startsWith('right')
          ? t(
              'A load of {company} asks Tally for the fields of invoices, not for whole reports: on {date} these fields were the same as in whole vouchers.',
              { company, date: collectionOn === null ? '' : dateText(collectionOn) },
            )
          : t(
              'A load of {company} asks Tally for whole reports: when this Tally was asked for the fields of invoices alone, it did not give all of them.',
              { company },
            ),
      ),
    );
  return items;
}

const tableWords: Record<Exclude<SchemaState, 'newer'>, () => string> = {
  current: () => t('The tables are up to date.'),
  empty: () => t('There are no tables yet; the first load makes them.'),
  outdated: () => t('The tables are of an older version; the next load brings them up to date.'),
};

async function checkRights(warehouse: Warehouse, missing: MissingRights | undefined): Promise<CheckItem> {
  try {
    if (missing !== undefined) return wrong('rights', describeMissing(missing), grantsFor(missing));
    await warehouse.tryWrites();
    return fine('rights', t('A load may write: it was tried and rolled back, and nothing was changed.'));
  } catch (error) {
    // A load would wait for the lock. An export or another program's transaction may hold it, so the setup is not
    // wrong.
    const lockNotAvailable = '55P03';
    if (error instanceof EtlError && errorCode(error.cause) === lockNotAvailable)
      return caution(
        'rights',
        t(
          'Whether a load may write is not known: another session holds a lock on the tables. A load would wait for it.',
        ),
      );
    return failed('rights', error);
  }
}

/** Up to so many tables are named; more are only counted. */
const namedTables = 3;

function describeMissing(missing: MissingRights): string {
  const { user, schema, tables, sequence, temporaryTables, newTables, owner } = missing;
  if (owner !== undefined)
    return t(
      'The tables are of an older version and belong to {owner}: the user {user} may not bring them up to date.',
      { owner, user },
    );
  const rights = [...tables].map(([right, names]) =>
    names.length <= namedTables
      ? t('{right} on {tables}', { right, tables: names.join(', ') })
      : t('{right} on {count} tables', { right, count: names.length }),
  );
  if (schema) rights.push(t('{right} on {tables}', { right: 'USAGE', tables: 'SCHEMA public' }));
  if (sequence) rights.push(t('{right} on {tables}', { right: 'USAGE', tables: 'etl_logs_id_seq' }));
  if (newTables) rights.push(t('new tables'));
  if (temporaryTables) rights.push(t('temporary tables'));
  return t('The user {user} lacks rights that a load needs: {rights}.', { user, rights: rights.join('; ') });
}

/** The remedy for missing rights: the statements that the owner of the database must run, ready to be copied. */
function grantsFor(missing: MissingRights): string {
  const { user: to, database, schema, tables, sequence, temporaryTables, newTables, owner } = missing;
  if (owner !== undefined) return t('Run migrate once with a DB_URL of the user {owner}, then check again.', { owner });
  const grants: string[] = [];
  if (schema) grants.push(`GRANT USAGE ON SCHEMA public TO ${to};`);
  if (newTables) grants.push(`GRANT CREATE ON SCHEMA public TO ${to};`);
  const rights = [...tables.keys()].join(', ');
  if (rights !== '') grants.push(`GRANT ${rights} ON ALL TABLES IN SCHEMA public TO ${to};`);
  if (sequence) grants.push(`GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ${to};`);
  if (temporaryTables) grants.push(`GRANT TEMPORARY ON DATABASE ${database} TO ${to};`);
  return t('Let the owner of the database run: {statements}', { statements: grants.join(' ') });
}
