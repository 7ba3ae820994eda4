import { t } from '@vscode/l10n';
import { asEtlError, cancelled, type EtlError } from '../errors.js';
import type { Config } from '../config.js';
import { listCompanies } from '../tally/companies.js';
import { probe } from '../tally/probe.js';
import { checkDataDir } from '../warehouse/embedded.js';
import type { Warehouse } from '../warehouse/warehouse.js';
import type { CheckItem, Company, JobContext } from './job.js';
import { openCompany, openTally } from './books.js';
import { hasWarehouse, openConfiguredWarehouse, withWarehouse } from './warehouseSession.js';

/** Looks at each part of the set-up and says what is wrong and what to do. Changes nothing; throws only `cancelled`. */
export async function check(context: JobContext): Promise<CheckItem[]> {
  const tally = await checkTally(context);
  const warehouse = await checkWarehouse(context);
  if (context.signal.aborted) throw cancelled();
  return [...tally, ...warehouse];
}

async function checkTally(context: JobContext): Promise<CheckItem[]> {
  const { config, signal } = context;
  const client = openTally(context);
  try {
    const answer = await probe(client, signal);
    const message = t('Tally answers at {url}: {answer}', { url: config.tallyUrl, answer });
    const reached: CheckItem = { part: 'tally', ok: true, message };
    try {
      const { company } = await openCompany(client, context);
      const name = JSON.stringify(company.name);
      return [reached, { part: 'company', ok: true, message: t('The company {name} is open.', { name }) }];
    } catch (error) {
      return [reached, failed('company', error)];
    }
  } catch (error) {
    return [failed('tally', error)];
  } finally {
    await client.close();
  }
}

async function checkWarehouse(context: JobContext): Promise<CheckItem[]> {
  const { config } = context;
  if (!hasWarehouse(config)) return [checkDataFolder(config.dataDir)];
  let warehouse: Warehouse | undefined;
  try {
    warehouse = await openConfiguredWarehouse(context);
    const message = await describeReached(warehouse, config);
    const reached: CheckItem = { part: 'warehouse', ok: true, message };
    return [reached, await checkSchema(warehouse)];
  } catch (error) {
    return [failed('warehouse', error)];
  } finally {
    await warehouse?.close();
  }
}

async function describeReached(warehouse: Warehouse, { dbUrl, dataDir }: Config): Promise<string> {
  const { target } = warehouse;
  const version = warehouse.serverVersion();
  if (dbUrl === undefined)
    return t('The warehouse answers: PostgreSQL {version} (embedded, in {dataDir}).', { version, dataDir });
  return (await warehouse.isEncrypted())
    ? t('The warehouse answers: PostgreSQL {version} ({target}, encrypted).', { version, target })
    : t('The warehouse answers: PostgreSQL {version} ({target}, not encrypted).', { version, target });
}

/** The embedded warehouse does not exist yet: whether it could be made. */
function checkDataFolder(dataDir: string): CheckItem {
  try {
    checkDataDir(dataDir);
    return {
      part: 'warehouse',
      ok: true,
      message: t('The embedded warehouse will be made in {dataDir} by the first load.', { dataDir }),
    };
  } catch (error) {
    return failed('warehouse', error);
  }
}

async function checkSchema(warehouse: Warehouse): Promise<CheckItem> {
  switch (await warehouse.schemaState()) {
    case 'current':
      return { part: 'schema', ok: true, message: t('The tables are up to date.') };
    case 'empty':
      if (!(await warehouse.mayMakeTables()))
        return {
          part: 'schema',
          ok: false,
          message: t('There are no tables yet, and the user of DB_URL may not make them.'),
          remedy: t(
            'Let its owner run: GRANT CREATE ON SCHEMA public TO that user, and GRANT TEMPORARY ON the database.',
          ),
        };
      return { part: 'schema', ok: true, message: t('There are no tables yet; the first load makes them.') };
    case 'outdated':
      return {
        part: 'schema',
        ok: true,
        message: t('The tables are of an older version; the next load brings them up to date.'),
      };
    case 'newer':
      return {
        part: 'schema',
        ok: false,
        message: t('The tables were made by a newer version of this program.'),
        remedy: t('Update this program; nothing was changed.'),
      };
  }
}

function failed(part: CheckItem['part'], error: unknown): CheckItem {
  const { message, hint }: EtlError = asEtlError(error);
  return { part, ok: false, message, remedy: hint };
}

/** The companies open in Tally, in its order; without its counters, which no user needs. */
export async function listOpenCompanies(context: JobContext): Promise<Omit<Company, 'masterCounter'>[]> {
  const client = openTally(context);
  try {
    const companies = await listCompanies(client, context.signal);
    return companies.map(({ name, id, booksFrom }) => ({ name, id, ...(booksFrom !== undefined && { booksFrom }) }));
  } finally {
    await client.close();
  }
}

/** Brings the warehouse's tables up to date, making them (and the embedded warehouse) where there are none. */
export async function migrate(context: JobContext): Promise<{ applied: string[] }> {
  return withWarehouse(context, async (warehouse) => ({ applied: await warehouse.migrate() }));
}
