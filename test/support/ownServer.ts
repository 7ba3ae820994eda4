import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverAccount } from '../../src/core/warehouse/embedded/account.js';
import { usableBinaries } from '../../src/core/warehouse/embedded/binaries.js';
import {
  clusterUser,
  createCluster,
  dataOf,
  logFileOf,
  passwordFileOf,
  type Cluster,
} from '../../src/core/warehouse/embedded/cluster.js';
import { executable } from '../../src/core/warehouse/embedded/programs.js';
import { isAlive } from '../../src/core/warehouse/embedded/startLock.js';
import { closedPort } from './closedPort.js';
import { ask, silent } from './postgres.js';

/** A PostgreSQL of a test's own, always at the same address, for tests that stop it, restart it or fill its disk. */
export class OwnServer {
  private constructor(
    private readonly cluster: Cluster,
    private readonly port: number,
    /** The URL of its database `postgres`; the user has all rights. */
    readonly url: string,
  ) {}

  /** Creates and starts a server, by default in a new folder. */
  static async start(folder = openFolder()): Promise<OwnServer> {
    const account = serverAccount(folder);
    const cluster = {
      folder: path.join(folder, 'server'),
      binaries: await usableBinaries(folder, account, silent),
      account,
    };
    await createCluster(cluster);
    const password = fs.readFileSync(passwordFileOf(cluster), 'utf8');
    const port = await closedPort();
    const url = `postgres://${clusterUser}:${password}@127.0.0.1:${port}/postgres?sslmode=disable`;
    const server = new OwnServer(cluster, port, url);
    server.startAgain();
    return server;
  }

  /** The folder of the server's data. */
  get data(): string {
    return dataOf(this.cluster);
  }

  /** Creates a database and returns its URL. */
  async freshDatabase(): Promise<string> {
    const name = `tally_test_${randomBytes(6).toString('hex')}`;
    await ask(this.url, `CREATE DATABASE ${name}`);
    const url = new URL(this.url);
    url.pathname = `/${name}`;
    return url.href;
  }

  /** Deletes a database, then runs these statements. */
  async drop(url: string, ...statements: string[]): Promise<void> {
    for (const statement of [`DROP DATABASE ${new URL(url).pathname.slice(1)}`, ...statements])
      await ask(this.url, statement);
  }

  /** Gives a file, or a folder with its contents, to the server's account. */
  own(file: string): void {
    const { uid, gid } = fs.statSync(this.data);
    fs.chownSync(file, uid, gid);
    if (!fs.statSync(file).isDirectory()) return;
    for (const name of fs.readdirSync(file, { recursive: true })) fs.chownSync(path.join(file, String(name)), uid, gid);
  }

  /** The main process of the server, the parent of all its sessions. */
  get pid(): number {
    return Number(fs.readFileSync(path.join(this.data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  }

  /** Starts the server and returns when it accepts connections. `settings` are valid until it stops. */
  startAgain(...settings: string[]): void {
    const options = [`-p ${this.port} -F`, ...settings.map((setting) => `-c ${setting}`)].join(' ');
    this.control('start', '-t', '60', '-l', logFileOf(this.cluster), '-o', options);
  }

  /**
   * Stops the server and blocks this process until it has stopped. `immediate` is a crash, after which the next start must
   * recover.
   */
  stop(mode: 'fast' | 'immediate'): void {
    this.control('stop', '-m', mode);
  }

  /** Waits after a crash until the server answers. Starts the server again if it has ended. */
  async untilItAnswers(): Promise<void> {
    for (let attempt = 0; attempt < 200; attempt++) {
      if (!this.isRunning()) this.startAgain();
      const answers = await ask(this.url, 'SELECT 1').catch(() => undefined);
      if (answers !== undefined) return;
      await sleep(50);
    }
    throw new Error(`It does not come back: ${this.lastWords()}`);
  }

  /** Stops the server, whatever it is doing, and deletes it. */
  remove(): void {
    if (this.isRunning()) this.stop('immediate');
    fs.rmSync(path.dirname(this.cluster.folder), { recursive: true, force: true, maxRetries: 5 });
  }

  private isRunning(): boolean {
    return fs.existsSync(path.join(this.data, 'postmaster.pid')) && isAlive(this.pid);
  }

  private lastWords(): string {
    return fs.readFileSync(logFileOf(this.cluster), 'utf8').slice(-2000);
  }

  private control(...args: string[]): void {
    const { binaries, account } = this.cluster;
    const { status } = spawnSync(path.join(binaries, 'bin', executable('pg_ctl')), [...args, '-w', '-D', this.data], {
      ...(account && { uid: account.uid, gid: account.gid }),
      cwd: '/',
      stdio: 'ignore',
    });
    if (status !== 0) throw new Error(`pg_ctl ${args[0]!}: ${this.lastWords()}`);
  }
}

/** A new folder that every account may pass through. */
export function openFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-test-server-'));
  fs.chmodSync(folder, 0o755);
  return folder;
}
