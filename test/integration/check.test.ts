import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { check } from '../../src/core/jobs/check/check.js';
import { closedPort } from '../support/closedPort.js';
import { contextOf } from '../support/context.js';
import { ask, emptyDatabase } from '../support/postgres.js';
import { useTally } from '../support/useTally.js';
import { useFolder } from '../support/useFolder.js';

describe('a check of the setup', () => {
  const tally = useTally({ book: { invoices: 10 } });
  const folder = useFolder();

  const run = async (env: Record<string, string>): Promise<Record<string, { ok: boolean; text: string }>> => {
    const items = await check(contextOf({ TALLY_URL: tally.url, TALLY_DATA_DIR: path.join(folder, 'data'), ...env }));
    return Object.fromEntries(
      items.map(({ part, ok, message, remedy }) => [part, { ok, text: `${message} ${remedy ?? ''}` }]),
    );
  };

  it('says where the embedded warehouse will be made, and makes nothing', async () => {
    const { warehouse } = await run({});
    assert.ok(warehouse?.ok);
    assert.match(warehouse.text, /will be made in .*data by the first load/);
    assert.deepEqual(fs.readdirSync(folder), []);
  });

  it('names a data folder that cannot be one, and what to set', async () => {
    const file = path.join(folder, 'file');
    fs.writeFileSync(file, '');
    const { warehouse } = await run({ TALLY_DATA_DIR: path.join(file, 'data') });
    fs.rmSync(file);
    assert.equal(warehouse?.ok, false);
    assert.match(warehouse.text, /file is not a folder.*TALLY_DATA_DIR/);
  });

  it('names each part that is wrong, with its remedy', async () => {
    const nowhere = await run({
      TALLY_URL: `http://127.0.0.1:${await closedPort()}`,
      DB_URL: `postgres://u:p@127.0.0.1:${await closedPort()}/d`,
    });
    assert.match(nowhere.tally!.text, /cannot be reached.*Connectivity/);
    assert.match(nowhere.warehouse!.text, /DB_URL|warehouse URL/);
    const closed = await run({ TALLY_COMPANY: 'Nobody' });
    assert.deepEqual([closed.tally!.ok, closed.company!.ok], [true, false]);
    assert.match(closed.company!.text, /“Nobody” is not open.*Bharat Traders/);
  });

  it('tells tables that are not there yet from tables of a newer program', async () => {
    const database = await emptyDatabase();
    const { warehouse, schema: none } = await run({ DB_URL: database });
    assert.match(warehouse!.text, /^The warehouse answers: PostgreSQL [\d.]+ \(.*, not encrypted\)\./);
    assert.match(none!.text, /no tables yet; the first load makes them/);
    await ask(
      database,
      "CREATE TABLE etl_migrations (id serial, name text, run_on timestamp); INSERT INTO etl_migrations (name) VALUES ('9999_future')",
    );
    const { schema } = await run({ DB_URL: database });
    assert.equal(schema!.ok, false);
    assert.match(schema!.text, /newer version.*Update/);
  });

  it('says beforehand that the user may not make the tables, and what its owner has to run', async () => {
    const database = await emptyDatabase();
    const role = `reader_${process.pid}`;
    await ask(database, `CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
    const url = Object.assign(new URL(database), { username: role, password: 'secret' });
    const { warehouse, schema } = await run({ DB_URL: url.href });
    await ask(database, `DROP ROLE ${role}`);
    assert.deepEqual([warehouse!.ok, schema!.ok], [true, false]);
    assert.match(schema!.text, new RegExp(`may not make them.*run: GRANT CREATE ON SCHEMA public TO ${role};`));
  });

  it('says that the server asks for a password where the address has none', async () => {
    const url = Object.assign(new URL(await emptyDatabase()), { password: '' });
    const { warehouse } = await run({ DB_URL: url.href });
    assert.match(warehouse!.text, /refused: the server asks for a password\. .*user:password@host/);
  });
});
