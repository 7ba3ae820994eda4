import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { addDays } from '../../src/core/base/calendar.js';
import { calendar } from '../../src/core/jobs/calendar.js';
import { exportRange, sync, verify } from '../../src/core/core.js';
import { status } from '../../src/core/jobs/status.js';
import { EtlError } from '../../src/core/base/errors.js';
import { Connection } from '../../src/core/warehouse/postgres/connection.js';
import { parseDbUrl } from '../../src/core/warehouse/postgres/dbUrl.js';
import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';
import { createBook } from '../../src/demo/book/book.js';
import { demoCompanyGuid } from '../../src/demo/demoNames.js';
import { contextOf } from '../support/context.js';
import { fullTable } from '../support/fullTable.js';
import { ask, servers, silent } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import { useTally } from '../support/useTally.js';
import { useFolder } from '../support/useFolder.js';

const today = '2024-06-15';
const range = { from: '2024-04-01', to: today };

/** Settings that an administrator may have made for a role, a database or a server. */
const settings: Record<string, string[]> = {
  'dates as SQL, DMY, other zones and texts': [
    "DateStyle = 'SQL, DMY'",
    "TimeZone = 'Asia/Kolkata'",
    "IntervalStyle = 'sql_standard'",
    "bytea_output = 'escape'",
    'standard_conforming_strings = off',
    "client_encoding = 'LATIN1'",
    'extra_float_digits = 0',
    'array_nulls = off',
    'transform_null_equals = on',
  ],
  'dates as German, short limits, another schema, reading only': [
    "DateStyle = 'German'",
    "TimeZone = 'America/St_Johns'",
    'search_path = elsewhere',
    "statement_timeout = '50ms'",
    "lock_timeout = '50ms'",
    "idle_session_timeout = '1s'",
    "idle_in_transaction_session_timeout = '1s'",
    'default_transaction_read_only = on',
    "default_transaction_isolation = 'serializable'",
    'session_replication_role = replica',
  ],
};

/** The address of a session of the test itself, without the limits that would end it on a busy machine. */
const unlimited = (url: string): string =>
  Object.assign(new URL(url), { search: '?options=-c%20statement_timeout%3D0%20-c%20lock_timeout%3D0' }).href;

const nameOf = (database: string): string => new URL(database).pathname.slice(1);

for (const server of servers())
  describe(`settings on ${server.name}`, function () {
    this.timeout(120_000);
    useToday(today);
    const book = createBook({ invoices: 100, ...range });
    const tally = useTally({ book });
    const folder = useFolder();
    let plain: string;
    let usual: Seen;
    const roles: [database: string, role: string][] = [];

    before(async () => {
      plain = await server.emptyDatabase();
      usual = await everythingOf(plain, plain);
    });
    after(async () => {
      for (const [database, role] of roles) {
        await ask(plain, `ALTER DATABASE ${nameOf(database)} RESET ALL`);
        await ask(unlimited(database), `DROP OWNED BY ${role}; DROP ROLE ${role}`);
      }
    });

    interface Seen {
      jobs: unknown[];
      rows: unknown[];
      csv: string[];
    }

    /** The results of jobs, the rows and the exported files, without the values that differ in every run. */
    async function everythingOf(url: string, owner: string): Promise<Seen> {
      const context = () => contextOf({ TALLY_URL: tally.url, DB_URL: url });
      const jobs: unknown[] = [await sync(context()), await sync(context()), await verify(range, context())];
      jobs.push(await calendar({ companyId: demoCompanyGuid }, context()), (await status({}, context())).checkpoints);
      const out = path.join(folder, `${randomBytes(4).toString('hex')}.csv`);
      await exportRange({ ...range, path: out }, context());
      const stem = path.basename(out, '.csv');
      const csv = fs.readdirSync(folder).filter((name) => name.startsWith(stem));
      const own = new Set(['runId', 'durationMs', 'updatedAt', 'verifiedAt', 'loadedAt']);
      return {
        jobs: jobs.map((job) => JSON.stringify(job, (key, value: unknown) => (own.has(key) ? 'own' : value))),
        rows: await ask(
          unlimited(owner),
          `SELECT to_char(date, 'YYYY-MM-DD') AS date, invoice_id, total_amount::text, content_hash, missing_since FROM public.fact_invoice ORDER BY invoice_id`,
        ),
        csv: csv.sort().map((name) => fs.readFileSync(path.join(folder, name), 'utf8')),
      };
    }

    /** The address of a new role in an empty database. The role or the database has these settings. */
    async function addressWith(
      lines: string[],
      { of = 'role', rights = 'SUPERUSER' } = {},
    ): Promise<{ url: string; owner: string }> {
      const owner = await server.emptyDatabase();
      const role = `odd_${randomBytes(4).toString('hex')}`;
      roles.push([owner, role]);
      await ask(owner, `CREATE SCHEMA elsewhere; CREATE ROLE ${role} ${rights} LOGIN PASSWORD 'of-a-test'`);
      const place = of === 'role' ? `ROLE ${role}` : `DATABASE ${nameOf(owner)}`;
      for (const line of lines) await ask(plain, `ALTER ${place} SET ${line}`);
      return { owner, url: Object.assign(new URL(owner), { username: role, password: 'of-a-test' }).href };
    }

    const places = Object.entries(settings).flatMap(([name, lines], n) =>
      ['role', 'database'].filter((_, p) => fullTable || p === n).map((of) => ({ name, lines, of })),
    );
    for (const { name, lines, of } of places)
      it(`of a ${of} change nothing: ${name}`, async () => {
        assert.ok(usual.rows.length > 60 && usual.csv.length > 0);
        const { url, owner } = await addressWith(lines, { of });
        const seen = await everythingOf(url, owner);
        assert.deepEqual(seen, usual);
        assert.deepEqual(
          await ask(unlimited(owner), "SELECT DISTINCT schemaname FROM pg_tables WHERE tablename ~ '^(dim|fact|etl)_'"),
          [{ schemaname: 'public' }],
        );
      });

    it('of PGOPTIONS change nothing', async () => {
      const url = await server.emptyDatabase();
      process.env.PGOPTIONS = '-c DateStyle=German -c search_path=elsewhere -c default_transaction_read_only=on';
      try {
        assert.deepEqual(await everythingOf(url, url), usual);
      } finally {
        delete process.env.PGOPTIONS;
      }
    });

    it('that a user may not change are named with who can', async () => {
      const { url } = await addressWith(['session_replication_role = replica'], { rights: 'NOSUPERUSER' });
      await assert.rejects(Connection.open(parseDbUrl(url), 'test', 'fixed', silent), {
        code: 'warehouse-refused',
        message: /session_replication_role/,
        hint: /administrator .* RESET session_replication_role/,
      });
    });

    it("that end a session all the same leave the server's words in the message", async () => {
      const connection = await Connection.open(parseDbUrl(await server.emptyDatabase()), 'test', 'ended', silent);
      try {
        await connection.execute("SET idle_session_timeout = '50ms'");
        while (!connection.lost) await new Promise((resolve) => setTimeout(resolve, 20));
        await new Promise((resolve) => setTimeout(resolve, 100)); // the socket ends after the server's words have come
        await assert.rejects(connection.query('SELECT 1'), (error) => {
          assert.ok(error instanceof EtlError);
          assert.equal(error.code, 'warehouse-unreachable');
          assert.match(error.message, /idle-session timeout/);
          assert.match(error.hint, /limit of the server/);
          return true;
        });
      } finally {
        await connection.close();
      }
    });

    it('do not end a session that waits for Tally', async () => {
      const { url } = await addressWith(["idle_session_timeout = '300ms'"]);
      const warehouse = await openWarehouse({ dbUrl: url, dataDir: '', logger: silent, applicationName: 'idle' });
      try {
        await warehouse.migrate();
        const lock = await warehouse.lockCompany('company', 'sync');
        const stage = await warehouse.createStage({ id: 'company', name: 'Company' });
        await new Promise((resolve) => setTimeout(resolve, 900));
        assert.equal(lock.held, true);
        await stage.merge(
          { from: range.from, to: addDays(range.from, 1) },
          { runId: 'c0ffee00-0000-4000-8000-000000000000' },
        );
      } finally {
        await warehouse.close();
      }
    });
  });
