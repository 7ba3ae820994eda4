import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const program = `
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    process.stdout.write(String(server.address().port), () => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });
  });`;

/** A port of this computer that does not answer any connection, as behind a firewall that drops everything. */
export async function blackHole(): Promise<{ port: number; close: () => Promise<void> }> {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(said.toString());
  // The child's queue of waiting connections is short, and it accepts none. Once the queue is full, connections are not
  // answered.
  const waiting: net.Socket[] = [];
  for (let taken = true; taken;) {
    const socket = net.connect(port, '127.0.0.1').on('error', () => undefined);
    waiting.push(socket);
    taken = await Promise.race([once(socket, 'connect').then(() => true), sleep(200).then(() => false)]);
    if (waiting.length > 20) throw new Error('This system takes every connection; there is no black hole.');
  }
  return {
    port,
    close: async () => {
      for (const socket of waiting) socket.destroy();
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}
