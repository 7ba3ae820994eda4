import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverAccount } from '../../src/core/warehouse/embedded/account.js';
import { closedPort } from './closedPort.js';
import { ask } from './postgres.js';

/**
 * Whether this computer has PgBouncer, which .ci/run installs if apt can. Throws if PgBouncer is missing and
 * NEEDS_PGBOUNCER is set.
 */
export function hasPgBouncer(): boolean {
  const has = spawnSync('pgbouncer', ['--version'], { stdio: 'ignore' }).status === 0;
  if (!has && process.env.NEEDS_PGBOUNCER)
    throw new Error('PgBouncer is missing, and NEEDS_PGBOUNCER says that it must not.');
  return has;
}

export interface PgBouncer {
  /** The URL of the database through the pooler. */
  url: string;
  close(): Promise<void>;
}

/** Starts a pooler in front of the server of `database`, with these further settings (pool_mode and the like). */
export async function startPgBouncer(database: string, settings: Record<string, string>): Promise<PgBouncer> {
  const { hostname, port, username, password, pathname } = new URL(database);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-pgbouncer-'));
  fs.chmodSync(folder, 0o755);
  const listens = await closedPort();
  const file = path.join(folder, 'pgbouncer.ini');
  const lines = {
    ...{ listen_addr: '127.0.0.1', listen_port: String(listens), unix_socket_dir: '', auth_type: 'any' },
    ...settings,
  };
  fs.writeFileSync(
    file,
    `[databases]
* = host=${hostname} port=${port} user=${decodeURIComponent(username)} password=${decodeURIComponent(password)}
[pgbouncer]
${Object.entries(lines)
  .map(([name, value]) => `${name} = ${value}`)
  .join('\n')}
`,
  );
  const account = serverAccount(folder); // like PostgreSQL, it refuses to run as root
  const child = spawn('pgbouncer', ['-q', file], {
    ...(account && { uid: account.uid, gid: account.gid }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (words: Buffer) => (said += words.toString()));
  const url = `postgres://${username}:any@127.0.0.1:${listens}${pathname}?sslmode=disable`;
  for (let attempt = 0; ; attempt++) {
    const answers = await ask(url, 'SELECT 1').catch(() => undefined);
    if (answers !== undefined) break;
    if (attempt === 100 || child.exitCode !== null) throw new Error(`PgBouncer does not start: ${said}`);
    await sleep(50);
  }
  return {
    url,
    close: async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
      fs.rmSync(folder, { recursive: true });
    },
  };
}
