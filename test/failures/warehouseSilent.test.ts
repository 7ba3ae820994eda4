import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { EtlError } from '../../src/core/base/errors.js';
import { openWarehouse } from '../../src/core/warehouse/postgres/connect.js';
import { Connection } from '../../src/core/warehouse/postgres/connection.js';
import { parseDbUrl } from '../../src/core/warehouse/postgres/dbUrl.js';
import { silenceLimits } from '../../src/core/warehouse/postgres/silence.js';
import { sale } from '../support/invoices.js';
import { hasPgBouncer, startPgBouncer } from '../support/pgBouncer.js';
import { ask, servers, silent } from '../support/postgres.js';
import { startSwallowingProxy, type SwallowingProxy } from '../support/swallowingProxy.js';

const short = { silentMs: 300, lookMs: 3000, graceMs: 300 };

for (const server of servers())
  describe(`a connection to ${server.name} that falls silent`, function () {
    this.timeout(60_000);
    let database: string;
    let proxy: SwallowingProxy;
    const open: Connection[] = [];

    before(async () => {
      database = await server.freshDatabase();
      await ask(database, 'CREATE TABLE held (n int); CREATE TABLE copied (text text)');
    });
    beforeEach(async () => {
      proxy = await startSwallowingProxy(database);
    });
    afterEach(async () => {
      for (const connection of open.splice(0)) {
        connection.abandon();
        await connection.close();
      }
      proxy.close();
      // The proxy also swallows the end of a connection, so its session would stay on the server and hold locks.
      await ask(database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'silent'");
    });

    const connect = async (url = proxy.url): Promise<Connection> => {
      const address = { ...parseDbUrl(url), silence: short };
      const connection = await Connection.open(address, 'test', 'silent', silent);
      open.push(connection);
      return connection;
    };
    const endsUnreachable = (work: Promise<unknown>, words: RegExp): Promise<void> =>
      assert.rejects(work, (error) => {
        assert.ok(error instanceof EtlError, String(error));
        assert.equal(error.code, 'warehouse-unreachable', error.message);
        assert.match(error.message, words);
        assert.match(error.hint, /a router, firewall or load balancer on the way dropped the connection/);
        return true;
      });

    for (const [name, statement] of [
      ['an answer that is lost', (connection: Connection) => connection.query('SELECT pg_sleep(0.2)')],
      ['a statement that is lost', (connection: Connection) => connection.execute('INSERT INTO held VALUES (1)')],
      [
        'rows that are lost on their way in',
        (connection: Connection) =>
          connection.copyIn(
            'COPY copied FROM STDIN',
            Array.from({ length: 400 }, () => `${'x'.repeat(100_000)}\n`),
          ),
      ],
      [
        'rows that are lost on their way out',
        (connection: Connection) =>
          connection.copyOut("COPY (SELECT repeat('x', 1000) FROM generate_series(1, 100000)) TO STDOUT", () =>
            Promise.resolve(),
          ),
      ],
    ] as const)
      for (const which of ['open ones', 'new ones too'] as const)
        it(`is unreachable: ${name} (${which})`, async () => {
          const url = new URL(proxy.url);
          url.searchParams.set('connect_timeout', '1');
          const connection = await connect(url.href);
          const work = statement(connection);
          proxy.swallow(which);
          await endsUnreachable(work, /no data arrives on the connection/);
          assert.equal(connection.lost, true);
          await endsUnreachable(connection.query('SELECT 1'), /no data arrives on the connection/);
        });

    it('is unreachable where the server has ended the session meanwhile', async () => {
      const connection = await connect();
      proxy.swallow('open ones');
      await ask(database, 'SELECT pg_terminate_backend($1)', [connection.server.pid]);
      await endsUnreachable(connection.query('SELECT 1'), /ended the session/);
    });

    it('is unreachable where it lets a program in and never answers', async () => {
      // A program waits like that if a pooler lets it in and has no free session.
      const pooler = net.createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => {
          socket.write(Buffer.from('520000000800000000' + '4b0000000c0000000100000001' + '5a0000000549', 'hex'));
        });
      });
      await new Promise<void>((resolve) => pooler.listen(0, '127.0.0.1', resolve));
      const { port } = pooler.address() as net.AddressInfo;
      await endsUnreachable(
        connect(`postgres://u:p@127.0.0.1:${port}/d?sslmode=disable`),
        /accepted the connection and then sent nothing/,
      );
      pooler.close();
    });

    it('fails a load with nothing half written', async () => {
      const warehouse = await openWarehouse({
        ...{ dbUrl: proxy.url, dataDir: '', logger: silent, applicationName: 'silent', silence: short },
      });
      try {
        await warehouse.migrate();
        await warehouse.lockCompany('company', 'backfill');
        const stage = await warehouse.createStage({ id: 'company', name: 'Company' });
        await stage.add([sale(1)], []);
        proxy.swallow('open ones');
        const range = { from: '2024-04-01', to: '2024-04-30' };
        await endsUnreachable(
          stage.merge(range, { runId: 'c0ffee00-0000-4000-8000-000000000000' }),
          /no data arrives on the connection/,
        );
      } finally {
        await warehouse.close();
      }
      assert.deepEqual(await ask(database, 'SELECT FROM fact_invoice'), []);
    });

    it('is closed soon at the end of a job, although the server does not answer', async () => {
      const connection = await connect();
      proxy.swallow('new ones too');
      await connection.close();
      assert.equal(connection.client.connection.stream.destroyed, true);
    });

    it('lives on while the server works for long, in silence', async () => {
      const connection = await connect();
      assert.deepEqual(await connection.query('SELECT pg_sleep(2.5)::text AS done'), [{ done: '' }]);
    });

    it('lives on while a statement waits for a lock of another session', async () => {
      const [holder, waiter] = [await connect(), await connect()];
      await holder.execute('BEGIN');
      await holder.execute('LOCK TABLE held');
      const waiting = waiter.query('SELECT count(*)::int AS n FROM held');
      await sleep(2000);
      await holder.execute('ROLLBACK');
      assert.equal((await waiting).length, 1);
    });

    it('lives on while rows wait for a slow disk of ours', async () => {
      const connection = await connect();
      let bytes = 0;
      const rows = await connection.copyOut(
        "COPY (SELECT repeat('x', 1000) FROM generate_series(1, 5000)) TO STDOUT",
        async (piece) => {
          if (bytes === 0) await sleep(2500);
          bytes += piece.length;
        },
      );
      assert.deepEqual([rows, bytes], [5000, 5_005_000]);
    });

    it('lives on where the server does not say what its sessions do', async () => {
      const connection = await connect();
      await connection.execute('SET track_activities = off');
      assert.equal((await connection.query('SELECT pg_sleep(2)')).length, 1);
    });

    it('is unreachable though DB_URL sets no limit to the time for connecting', async () => {
      const url = new URL(proxy.url);
      url.searchParams.set('connect_timeout', '0');
      const connection = await connect(url.href);
      proxy.swallow('new ones too');
      await endsUnreachable(connection.query('SELECT 1'), /a second connection failed/);
    });

    it('lives on where the server has no connection free for a second look', async () => {
      const role = `narrow_${randomBytes(4).toString('hex')}`;
      await ask(database, `CREATE ROLE ${role} LOGIN CONNECTION LIMIT 1 PASSWORD 'of-a-test'`);
      const connection = await connect(
        Object.assign(new URL(proxy.url), { username: role, password: 'of-a-test' }).href,
      );
      assert.equal((await connection.query('SELECT pg_sleep(1.5)')).length, 1);
      await connection.close();
      await ask(database, `DROP ROLE ${role}`);
    });

    it('is judged by the session of the user also where another role takes its place at login', async () => {
      const [role, owner] = ['user', 'owner'].map((name) => `${name}_${randomBytes(4).toString('hex')}`);
      await ask(
        database,
        `CREATE ROLE ${owner!} NOLOGIN; CREATE ROLE ${role!} LOGIN IN ROLE ${owner!} PASSWORD 'of-a-test'`,
      );
      await ask(database, `ALTER ROLE ${role!} SET role = '${owner!}'`);
      const connection = await connect(
        Object.assign(new URL(proxy.url), { username: role, password: 'of-a-test' }).href,
      );
      assert.equal((await connection.query('SELECT pg_sleep(1.5)')).length, 1);
      proxy.swallow('open ones');
      await endsUnreachable(connection.query('SELECT 1'), /no data arrives on the connection/);
      await ask(database, 'SELECT pg_terminate_backend($1, 5000)', [connection.server.pid]);
      await ask(database, `DROP ROLE ${role!}; DROP ROLE ${owner!}`);
    });

    it('behind a pooler lives on while the server works, and ends when it does not', async function () {
      if (!hasPgBouncer()) this.skip();
      const pooler = await startPgBouncer(database, { pool_mode: 'session' });
      const way = await startSwallowingProxy(pooler.url);
      try {
        const connection = await connect(way.url);
        assert.equal((await connection.query('SELECT pg_sleep(1.5)')).length, 1);
        way.swallow('open ones');
        await endsUnreachable(connection.query('SELECT 1'), /no data arrives on the connection/);
      } finally {
        way.close();
        await pooler.close();
      }
    });
  });

describe('the limits of silence', () => {
  it('end a connection that carries nothing within two minutes', () => {
    const { silentMs, lookMs, graceMs } = silenceLimits;
    // The last byte may come right after a look; a look connects and asks, each in its time.
    assert.ok(2 * silentMs + 2 * lookMs + graceMs <= 120_000);
  });

  it('come with keep-alive probes, so that no firewall between forgets an idle connection', async () => {
    const asked: unknown[] = [];
    const original = Object.getOwnPropertyDescriptor(net.Socket.prototype, 'setKeepAlive')!;
    net.Socket.prototype.setKeepAlive = function (...args) {
      asked.push(args);
      return this;
    };
    try {
      const [server] = servers();
      await (await Connection.open(parseDbUrl(await server!.freshDatabase()), 'test', 'silent', silent)).close();
    } finally {
      Object.defineProperty(net.Socket.prototype, 'setKeepAlive', original);
    }
    assert.deepEqual(asked, [[true, 15_000]]);
  });
});
