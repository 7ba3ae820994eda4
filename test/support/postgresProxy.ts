import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { ask } from './postgres.js';

/** The break of the connection to PostgreSQL that a test orders. */
export interface Break {
  /** After so many bytes from programs, counted over all sessions. */
  afterBytes: number;
  /** Which sessions break: the one that sent the last byte, the one open longest (it holds the company's lock), or all. */
  which: 'this' | 'oldest' | 'all';
  /** Whether PostgreSQL still receives and executes the last bytes. Its answer is lost in either case. */
  delivered: boolean;
}

export interface PostgresProxy {
  /** The URL of the database through the proxy. */
  url: string;
  /** Plans a break, counted from now; undefined cancels it. */
  breakAt(how: Break | undefined): void;
  /** Waits until PostgreSQL has ended the sessions of lost programs, so that they change nothing any more. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface Session {
  server: net.Socket;
  pid: number;
}

const message = (type: string, ...body: (string | number[])[]): Buffer => {
  const content = Buffer.concat(
    body.map((part) => (typeof part === 'string' ? Buffer.from(`${part}\0`) : Buffer.from(part))),
  );
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
};
const query = (sql: string): Buffer => message('Q', sql);
const ready = message('Z', [0x49]);
/** Accepts a program, with the process id of its session: a program takes any other number as the sign of a pooler. */
function welcome(pid: number): Buffer {
  const key = Buffer.alloc(8);
  key.writeInt32BE(pid);
  return Buffer.concat([
    message('R', [0, 0, 0, 0]),
    message('S', 'client_encoding', 'UTF8'),
    message('K', [...key]),
    ready,
  ]);
}
const terminate = 0x58;

/**
 * A proxy before a PostgreSQL database whose connections can be broken at any byte. Sessions that end normally are
 * reset and used again: starting one costs more than all statements of a small job.
 */
export async function startPostgresProxy(database: string): Promise<PostgresProxy> {
  const idle: Session[] = [];
  const open = new Map<net.Socket, Session>();
  const lost: number[] = [];
  let plan: Break | undefined;

  async function newSession(): Promise<Session> {
    const client = new Client(database);
    await client.connect();
    const { connection, processID } = client as unknown as { connection: { stream: net.Socket }; processID: number };
    // From here on the bytes belong to the program.
    return { server: connection.stream.removeAllListeners().on('error', () => undefined), pid: processID };
  }

  /** Drops both sides at once. PostgreSQL may still be working; `settled` waits for it. */
  function drop(program: net.Socket): void {
    const session = open.get(program);
    open.delete(program);
    program.resetAndDestroy();
    if (!session) return;
    lost.push(session.pid);
    session.server.destroy();
  }

  /** The sessions that break with the bytes that `program` sends now. */
  function victimsOf(program: net.Socket, { which }: Break): net.Socket[] {
    if (which === 'this') return [program];
    return which === 'oldest' ? [...open.keys()].slice(0, 1) : [...open.keys()];
  }

  async function giveBack(program: net.Socket, session: Session): Promise<void> {
    session.server.removeAllListeners('data');
    let answer = Buffer.alloc(0);
    session.server.write(Buffer.concat([query('ROLLBACK'), query('DISCARD ALL')]));
    while (answer.indexOf(ready, answer.indexOf(ready) + 1) <= answer.indexOf(ready)) {
      const [chunk] = (await once(session.server, 'data')) as [Buffer];
      answer = Buffer.concat([answer, chunk]);
    }
    open.delete(program);
    idle.push(session);
    program.end();
  }

  async function serve(program: net.Socket): Promise<void> {
    program.on('error', () => undefined);
    program.on('close', () => {
      if (open.has(program)) drop(program);
    });
    await once(program, 'data'); // the start-up message, whose content does not matter here
    const session = idle.pop() ?? (await newSession());
    if (program.destroyed) {
      idle.push(session);
      return;
    }
    open.set(program, session);
    session.server.removeAllListeners('data').on('data', (chunk: Buffer) => program.write(chunk));
    session.server.removeAllListeners('close').on('close', () => {
      if (open.has(program)) drop(program);
    });
    let ahead = Buffer.alloc(0);
    program.on('data', (chunk: Buffer) => {
      if (plan && (plan.afterBytes -= chunk.length) < 0) {
        const victims = victimsOf(program, plan);
        if (plan.delivered && victims.includes(program)) session.server.write(Buffer.concat([ahead, chunk]));
        plan = undefined;
        for (const victim of victims) drop(victim);
      }
      if (!open.has(program)) return;
      ahead = Buffer.concat([ahead, chunk]);
      while (ahead.length >= 5 && ahead.length > ahead.readInt32BE(1)) {
        const whole = ahead.subarray(0, ahead.readInt32BE(1) + 1);
        ahead = ahead.subarray(whole.length);
        if (whole[0] === terminate) void giveBack(program, session);
        else session.server.write(whole);
      }
    });
    program.write(welcome(session.pid));
  }

  const listener = net.createServer({ noDelay: true }, (program) => void serve(program).catch(() => program.destroy()));
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const url = new URL(database);
  url.port = String((listener.address() as net.AddressInfo).port);
  url.hostname = '127.0.0.1';
  return {
    url: url.href,
    breakAt: (how) => {
      plan = how && { ...how };
    },
    settled: async () => {
      const alive = 'SELECT FROM pg_stat_activity WHERE pid = ANY ($1)';
      while (lost.length > 0) {
        if ((await ask(database, alive, [lost])).length === 0) lost.length = 0;
        else await sleep(10);
      }
    },
    close: async () => {
      for (const { server } of idle) server.destroy();
      for (const program of [...open.keys()]) drop(program);
      await new Promise((resolve) => listener.close(resolve));
    },
  };
}
