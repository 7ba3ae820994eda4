import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { EtlError, exitCodes } from '../../src/core/base/errors.js';
import { check } from '../../src/core/jobs/check/check.js';
import { backfill, clearAndReload, exportRange, sync } from '../../src/core/core.js';
import { status } from '../../src/core/jobs/status.js';
import { contextOf } from '../support/context.js';
import { OwnServer } from '../support/ownServer.js';
import { ask } from '../support/postgres.js';
import { writtenState } from '../support/warehouseContents.js';
import { useTally } from '../support/useTally.js';
import { useFolder } from '../support/useFolder.js';

const range = { from: '2024-04-01', to: '2024-04-30' };
const book = { invoices: 60, ...range };

describe('a PostgreSQL server that says no', function () {
  this.timeout(60_000);
  const tally = useTally({ book });
  let server: OwnServer;
  const folder = useFolder();

  before(async () => {
    server = await OwnServer.start();
    await backfill(range, contextOf({ TALLY_URL: tally.url, DB_URL: server.url }));
  });
  after(() => {
    server.remove();
  });

  const urlOf = (user: string): string => {
    const url = new URL(server.url);
    url.username = user;
    url.password = 'of-a-test';
    return url.href;
  };

  /** Asserts that all three jobs are refused in these words, and write nothing. */
  async function refuse(url: string, message: RegExp, hint: RegExp): Promise<void> {
    const before = await writtenState(server.url);
    const context = () => contextOf({ TALLY_URL: tally.url, DB_URL: url });
    for (const run of [() => backfill(range, context()), () => clearAndReload(range, context()), () => sync(context())])
      await assert.rejects(run(), (error) => {
        assert.ok(error instanceof EtlError);
        assert.equal(error.code, 'warehouse-refused', error.message);
        assert.equal(exitCodes[error.code], 4);
        assert.match(error.message, message);
        assert.match(error.hint, hint);
        return true;
      });
    assert.equal(await writtenState(server.url), before);
  }

  it('because it only follows another server: names the replica, and nothing is written; what is read works', async () => {
    server.stop('fast');
    const signal = path.join(server.data, 'standby.signal');
    const { uid, gid } = fs.statSync(server.data);
    fs.writeFileSync(signal, '');
    fs.chownSync(signal, uid, gid);
    server.startAgain();
    try {
      await refuse(server.url, /read-only transaction/, /read-only \(a replica\?\)/);
      const found = await check(contextOf({ TALLY_URL: tally.url, DB_URL: server.url }));
      const rights = found.find(({ part }) => part === 'rights');
      assert.equal(rights?.ok, false);
      assert.match(rights.remedy!, /read-only \(a replica\?\)/);
      const { checkpoints } = await status({}, contextOf({ DB_URL: server.url }));
      assert.deepEqual(checkpoints, []);
      const out = path.join(folder, 'books.csv');
      const { files } = await exportRange({ ...range, path: out }, contextOf({ DB_URL: server.url }));
      assert.ok(files[0]!.rows > 0);
    } finally {
      server.stop('fast');
      fs.rmSync(signal);
      server.startAgain();
    }
  });

  it('because a second role has no rights on the tables: check names them, and the statements that it gives help', async () => {
    await ask(server.url, `CREATE ROLE second LOGIN PASSWORD 'of-a-test'`);
    await refuse(urlOf('second'), /permission denied/, /lacks a right\. The setup check names the right/);
    const checked = () => check(contextOf({ TALLY_URL: tally.url, DB_URL: urlOf('second') }));
    const rights = (await checked()).find(({ part }) => part === 'rights');
    assert.equal(rights?.ok, false);
    assert.match(rights.message, /user second lacks rights.*SELECT on \d+ tables/);
    assert.doesNotMatch(rights.remedy!, /CREATE/);
    await ask(server.url, /GRANT.*;/.exec(rights.remedy!)![0]);
    assert.deepEqual(
      (await checked()).filter(({ ok }) => !ok),
      [],
    );
    await backfill(range, contextOf({ TALLY_URL: tally.url, DB_URL: urlOf('second') }));
  });

  it('because the role may not create tables: says which right it needs', async () => {
    await ask(server.url, `CREATE ROLE stranger LOGIN PASSWORD 'of-a-test'`);
    await refuse(urlOf('stranger'), /permission denied/, /right to create and change tables in schema public/);
  });

  it('because the role may not create temporary tables: says which right it needs', async () => {
    await ask(server.url, `CREATE ROLE guest LOGIN PASSWORD 'of-a-test'`);
    const database = 'CREATE DATABASE narrow';
    await ask(server.url, database);
    const url = new URL(server.url);
    url.pathname = '/narrow';
    await backfill(range, contextOf({ TALLY_URL: tally.url, DB_URL: url.href }));
    await ask(url.href, 'REVOKE TEMPORARY ON DATABASE narrow FROM PUBLIC');
    await ask(url.href, 'GRANT ALL ON SCHEMA public TO guest; GRANT ALL ON ALL TABLES IN SCHEMA public TO guest');
    const asGuest = new URL(urlOf('guest'));
    asGuest.pathname = '/narrow';
    await refuse(asGuest.href, /permission denied to create temporary tables/, /and to create temporary tables/);
  });

  it('because all its connections are taken: says so, and goes on when one is free', async () => {
    server.stop('fast');
    server.startAgain('max_connections=5', 'superuser_reserved_connections=0', 'reserved_connections=0');
    const taken: Client[] = [];
    try {
      const before = await writtenState(server.url);
      // One connection is left for the run, which needs more.
      for (let i = 0; i < 4; i++) {
        taken.push(new Client(server.url));
        await taken.at(-1)!.connect();
      }
      const context = () => contextOf({ TALLY_URL: tally.url, DB_URL: server.url });
      await assert.rejects(clearAndReload(range, context()), (error) => {
        assert.ok(error instanceof EtlError);
        assert.equal(error.code, 'warehouse-refused', error.message);
        assert.match(error.message, /too many clients/);
        assert.match(error.hint, /no free connection.*max_connections/);
        return true;
      });
      await Promise.all(taken.splice(0).map((client) => client.end()));
      assert.equal(await writtenState(server.url), before);
      await clearAndReload(range, context());
    } finally {
      await Promise.all(taken.map((client) => client.end()));
      server.stop('fast');
      server.startAgain();
    }
  });
});
