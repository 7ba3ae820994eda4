import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { openEmbedded, type Embedded } from '../../src/core/warehouse/embedded/embedded.js';
import { ask, silent } from '../support/postgres.js';
import { useTally } from '../support/useTally.js';

const isRoot = process.getuid?.() === 0;

/** The addresses by which other computers reach this one. */
const ownAddresses = Object.values(os.networkInterfaces())
  .flat()
  .filter((found) => found !== undefined && !found.internal)
  .map((found) => (found!.address.startsWith('fe80') ? `${found!.address}%${found!.scopeid}` : found!.address));

/** Whether anybody answers there within a second. */
const answers = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: 1000 });
    const end = (found: boolean) => () => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', end(true)).once('error', end(false)).once('timeout', end(false));
  });

/** The local addresses that a process of Linux listens on with this port, as the kernel has them. */
function listeningOn(port: number): string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((file) =>
    (fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : '')
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter(([, local, , state]) => local?.endsWith(`:${hex}`) && state === '0A')
      .map(([, local]) => local!.split(':')[0]!),
  );
}
const loopback = '0100007F';

describe('the demo Tally and other people', () => {
  const tally = useTally({ book: { invoices: 10 } });

  it('is not reached by the address that this computer has for others', async () => {
    assert.equal(await answers('127.0.0.1', tally.port), true);
    for (const address of ownAddresses) assert.equal(await answers(address, tally.port), false, address);
    if (process.platform === 'linux') assert.deepEqual(listeningOn(tally.port), [loopback]);
  });

  /** The HTTP status of a request to the demo's switches with these headers, of a browser or a command line. */
  const turn = (headers: Record<string, string>, method = 'PUT'): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const { port } = tally;
      const request = http.request({ host: '127.0.0.1', port, path: '/behaviour', method, headers, agent: false });
      request.once('error', reject).once('response', (response) => {
        response.resume().once('end', () => {
          resolve(response.statusCode);
        });
      });
      request.end(method === 'PUT' ? '{"companyOpen": false}' : undefined);
    });

  it('leaves its switches alone for a web page, also one whose name leads to this computer', async () => {
    const here = `127.0.0.1:${tally.port}`;
    for (const headers of [
      { Host: here, Origin: 'https://evil.example' },
      { Host: here, Origin: 'null' },
      { Host: here, Origin: 'http://127.0.0.1.evil.example' },
      { Host: here, Origin: 'http://localhost@evil.example' },
      { Host: `evil.example:${tally.port}`, Origin: `http://evil.example:${tally.port}` },
      { Host: `evil.example:${tally.port}` },
      { Host: 'localhost.evil.example' },
    ]) {
      assert.equal(await turn(headers), 403, JSON.stringify(headers));
      assert.equal(await turn(headers, 'GET'), 403, JSON.stringify(headers));
    }
    const asked = await (await fetch(`${tally.url}/behaviour`)).json();
    assert.equal((asked as { companyOpen: boolean }).companyOpen, true, 'a switch was turned');
  });

  it('lets no browser ask for more: it answers no question of another origin with a yes', async () => {
    const answer = await fetch(`${tally.url}/behaviour`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'PUT' },
    });
    assert.deepEqual(
      [...answer.headers.keys()].filter((name) => name.startsWith('access-control')),
      [],
    );
  });

  it('takes them from this computer by any of its names', async () => {
    for (const host of ['127.0.0.1', 'localhost', `LOCALHOST:${tally.port}`, `[::1]:${tally.port}`])
      assert.equal(await turn({ Host: host }, 'GET'), 200, host);
    assert.equal(await turn({ Host: 'localhost', Origin: `http://localhost:${tally.port}` }, 'GET'), 200);
  });
});

describe('the embedded warehouse and other people', function () {
  this.timeout(60_000);
  let root: string;
  let dataDir: string;
  let embedded: Embedded;
  let umask: number;

  before(async () => {
    umask = process.umask(0); // by default, everybody may read and write new files
    root = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-test-others-'));
    fs.chmodSync(root, 0o755);
    dataDir = path.join(root, 'data');
    embedded = await openEmbedded({ dataDir, logger: silent });
  });
  after(async () => {
    await embedded.release();
    process.umask(umask);
    fs.rmSync(root, { recursive: true, force: true });
  });
  const url = async (): Promise<string> => {
    const { user, password, port } = await embedded.connection();
    return `postgres://${user}:${String(password)}@127.0.0.1:${port}/postgres?sslmode=disable`;
  };

  it('is not reached by the address that this computer has for others, nor by a socket in the file system', async () => {
    const { port } = await embedded.connection();
    assert.equal(await answers('127.0.0.1', port!), true);
    for (const address of ownAddresses) assert.equal(await answers(address, port!), false, address);
    if (process.platform === 'linux') assert.deepEqual(listeningOn(port!), [loopback]);
    const [row] = await ask(await url(), "SELECT current_setting('unix_socket_directories') AS sockets");
    assert.equal(row!.sockets, '');
    const sockets = [root, os.tmpdir()].flatMap((folder) =>
      fs.readdirSync(folder).filter((name) => name === `.s.PGSQL.${port}`),
    );
    assert.deepEqual(sockets, []);
  });

  it('asks each of its users for the password, whatever the address', async () => {
    const rules = await ask(await url(), 'SELECT DISTINCT auth_method FROM pg_hba_file_rules');
    assert.deepEqual(rules, [{ auth_method: 'scram-sha-256' }]);
    const roles = await ask(await url(), 'SELECT rolname FROM pg_roles WHERE rolcanlogin');
    assert.deepEqual(roles, [{ rolname: 'tally' }]);
  });

  it('keeps its folder, its password and its log for its own account', function () {
    if (process.platform === 'win32') this.skip();
    const mode = (...parts: string[]): number => fs.statSync(path.join(dataDir, ...parts)).mode & 0o777;
    // For root, PostgreSQL runs under another account, which may enter the folder but not list it.
    const folder = isRoot ? 0o711 : 0o700;
    assert.deepEqual(
      {
        data: mode(),
        embedded: mode('embedded'),
        cluster: mode('embedded', 'data'),
        password: mode('embedded', 'password'),
        log: mode('embedded', 'postgres.log'),
      },
      { data: folder, embedded: folder, cluster: 0o700, password: 0o600, log: 0o600 },
    );
    assert.equal(fs.existsSync(path.join(dataDir, 'embedded', 'password.initdb')), false);
  });

  it('has no file that another account can read, or write', function () {
    if (process.platform === 'win32') this.skip();
    const open = fs
      .readdirSync(dataDir, { recursive: true, withFileTypes: true })
      .map((entry) => path.join(entry.parentPath, entry.name))
      // Not secret: PostgreSQL's programs, which are copied if root has them in a closed folder, and the lock's number.
      .filter((file) => !/^postgres-\d/.test(path.relative(dataDir, file)) && !file.endsWith('embedded.lock'))
      .filter((file) => !file.startsWith(path.join(dataDir, 'embedded', 'data', '')))
      .filter((file) => (fs.lstatSync(file).mode & (fs.lstatSync(file).isDirectory() ? 0o066 : 0o077)) !== 0);
    assert.deepEqual(open, []);
  });

  it('is a closed book to another account of this computer', function () {
    if (!isRoot) this.skip();
    const daemon = { uid: 1, gid: 1, cwd: '/', encoding: 'utf8', env: { PATH: process.env.PATH } } as const;
    for (const words of [
      ['cat', path.join(dataDir, 'embedded', 'password')],
      ['cat', path.join(dataDir, 'embedded', 'postgres.log')],
      ['cat', path.join(dataDir, 'embedded', 'data', 'postmaster.pid')],
      ['ls', dataDir],
      ['ls', path.join(dataDir, 'embedded', 'data')],
      ['touch', path.join(dataDir, 'embedded', 'new')],
    ]) {
      const { status, stderr } = spawnSync(words[0]!, words.slice(1), daemon);
      assert.notEqual(status, 0, words.join(' '));
      assert.match(stderr, /Permission denied/);
    }
  });
});
