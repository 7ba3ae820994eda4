import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { EtlError } from '../../src/core/base/errors.js';
import { check, migrate } from '../../src/core/jobs/check/check.js';
import { status } from '../../src/core/jobs/status.js';
import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';
import { Connection } from '../../src/core/warehouse/postgres/connection.js';
import { parseDbUrl } from '../../src/core/warehouse/postgres/dbUrl.js';
import { runCli } from '../support/cliProgram.js';
import { contextOf } from '../support/context.js';
import { OwnServer } from '../support/ownServer.js';
import { ask, silent } from '../support/postgres.js';
import { useTally } from '../support/useTally.js';
import { useFolder } from '../support/useFolder.js';

describe('the address of a server', function () {
  this.timeout(60_000);
  let server: OwnServer;
  const folder = useFolder();
  const tally = useTally({ book: { invoices: 10 } });

  before(async () => {
    fs.chmodSync(folder, 0o777);
    server = await OwnServer.start();
    server.stop('fast');
    server.startAgain(`unix_socket_directories=${folder}`);
  });
  after(() => {
    server.remove();
  });

  const withParameters = (parameters: Record<string, string>, base = server.url): string => {
    const url = new URL(base);
    // URLSearchParams would write a blank as "+", which libpq reads as a plus sign.
    const written = Object.entries(parameters).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
    url.search = [url.search.slice(1), ...written].join('&');
    return url.href;
  };
  const databaseOf = async (dbUrl: string): Promise<unknown> => {
    const connection = await Connection.open(parseDbUrl(dbUrl), 'test', 'address', silent);
    try {
      return (
        await connection.query('SELECT current_database()::text AS name, inet_client_addr() IS NULL AS socket')
      )[0];
    } finally {
      await connection.close();
    }
  };

  it('leads where libpq goes with it: dbname, a socket in the place of the host or as a parameter', async () => {
    const books = new URL(await server.freshDatabase()).pathname.slice(1);
    const { username, password, port } = new URL(server.url);
    const user = `${username}:${password}`;
    const socket = encodeURIComponent(folder);
    assert.deepEqual(await databaseOf(withParameters({ dbname: books })), { name: books, socket: false });
    for (const url of [
      `postgres://${user}@/${books}?host=${socket}&port=${port}`,
      `postgres:///${books}?host=${socket}&port=${port}&user=${username}&password=${password}`,
      `postgres://${user}@${socket}:${port}/${books}`,
    ])
      assert.deepEqual(await databaseOf(url), { name: books, socket: true }, url.replace(password, '…'));
  });

  it('keeps the limits of time that it sets by options', async () => {
    const url = withParameters({ options: '-c statement_timeout=200ms -c work_mem=5MB' });
    const connection = await Connection.open(parseDbUrl(url), 'test', 'address', silent);
    try {
      assert.deepEqual(await connection.query("SELECT current_setting('work_mem') AS work"), [{ work: '5MB' }]);
      await assert.rejects(connection.query('SELECT pg_sleep(5)'), (error) => {
        assert.ok(error instanceof EtlError);
        assert.match(error.message, /statement timeout/, "the server's words");
        assert.match(error.hint, /limit/);
        return error.code === 'warehouse-refused';
      });
    } finally {
      await connection.close();
    }
  });

  it('with require_auth refuses a server that asks in another way, which never hears the password', async () => {
    assert.ok(await databaseOf(withParameters({ require_auth: 'scram-sha-256' })));
    await assert.rejects(databaseOf(withParameters({ require_auth: '!scram-sha-256' })), {
      code: 'warehouse-refused',
      message: /authenticates by scram-sha-256/,
      hint: /require_auth/,
    });
    const heard: Buffer[] = [];
    const asks = Buffer.from('520000000800000003', 'hex'); // AuthenticationCleartextPassword
    const stranger = net.createServer((socket) => {
      socket.on('error', () => undefined).on('data', (bytes) => heard.push(bytes));
      socket.once('data', () => socket.write(asks));
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const { port } = stranger.address() as net.AddressInfo;
    const url = `postgres://me:S3cret-word@127.0.0.1:${port}/d?sslmode=disable`;
    const open = (more: string): Promise<unknown> => databaseOf(url + more);
    await assert.rejects(open('&require_auth=scram-sha-256'), { code: 'warehouse-refused', message: /by password/ });
    assert.ok(!Buffer.concat(heard).includes('S3cret-word'));
    await assert.rejects(Promise.race([open('&connect_timeout=1'), sleep(3000)]));
    assert.ok(Buffer.concat(heard).includes('S3cret-word'), 'without it the password is told');
    stranger.close();
  });

  it('that cannot be used has the same exit code in every command, and does not reach the terminal', async function () {
    this.timeout(180_000);
    const unusable = [
      'postgres://me:S3cret@host:99999/d',
      'postgres://me:S3cret@one,two/d',
      'postgres://me:S3cret@h/d?query_timeout=5',
      'postgres://me:S3cret@h/d?sslmode=no-verify',
      'postgres://me:p@S3cret:w/o#r?d@h/d',
    ];
    const commands = ['check', 'status', 'migrate', 'sync', 'rejects'];
    for (const [i, dbUrl] of unusable.entries())
      for (const command of ['check', commands[i]!]) {
        const ran = await runCli(folder, [command, '--json'], { TALLY_URL: tally.url, DB_URL: dbUrl });
        assert.equal(ran.exitCode, 2, `${command} ${dbUrl}: ${ran.stderr}`);
        assert.ok(!`${ran.stdout}${ran.stderr}`.includes('S3cret'), command);
      }
  });

  it('is encrypted or not as this side sees it, also where another role takes the place of the user', async () => {
    const role = `user_${randomBytes(4).toString('hex')}`;
    await ask(
      server.url,
      `CREATE ROLE owner_of_all; CREATE ROLE ${role} LOGIN IN ROLE owner_of_all PASSWORD 'of-a-test'`,
    );
    await ask(server.url, `ALTER ROLE ${role} SET role = 'owner_of_all'`);
    const url = Object.assign(new URL(server.url), { username: role, password: 'of-a-test', search: '' });
    const warehouse = await openWarehouse({ dbUrl: url.href, dataDir: '', logger: silent, applicationName: 'tls' });
    assert.equal(warehouse.isEncrypted, false);
    await warehouse.close();
  });
});

describe("libpq's variables in the environment", function () {
  this.timeout(60_000);
  const folder = useFolder();
  const variables = {
    ...{ PGHOST: '192.0.2.1', PGPORT: '1', PGUSER: 'nobody', PGPASSWORD: 'wrong', PGDATABASE: 'none' },
    ...{ PGOPTIONS: '-c DateStyle=German -c search_path=elsewhere -c statement_timeout=1', PGSSLMODE: 'verify-full' },
    ...{ PGSSLNEGOTIATION: 'direct', PGREPLICATION: 'database', PGCLIENTENCODING: 'LATIN1', PGTZ: 'Asia/Kolkata' },
    ...{
      PGDATA: '/nowhere',
      PGDATESTYLE: 'German',
      PGSERVICE: 'none',
      PGREQUIREAUTH: 'none',
      PGCHANNELBINDING: 'require',
    },
  };
  const before_ = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));

  afterEach(() => {
    for (const [name, value] of Object.entries(before_))
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
  });

  it('do not reach the embedded warehouse: it is set up, used and read as without them', async () => {
    Object.assign(process.env, variables);
    const context = () => contextOf({ TALLY_DATA_DIR: path.join(folder, 'data') });
    assert.ok((await migrate(context())).applied.length > 0);
    assert.deepEqual((await status({}, context())).checkpoints, []);
    const wrong = (await check(context())).filter(
      ({ ok, part }) => !ok && ['warehouse', 'schema', 'rights'].includes(part),
    );
    assert.deepEqual(wrong, []);
  });
});
