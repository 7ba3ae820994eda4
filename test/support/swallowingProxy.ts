import { once } from 'node:events';
import net from 'node:net';

export interface SwallowingProxy {
  /** The URL of the database through the proxy. */
  url: string;
  /**
   * From now on nothing passes on the open connections, though both sides keep them open, as behind a NAT that forgot
   * them. `new ones too`: nothing passes on later connections either.
   */
  swallow(which: 'open ones' | 'new ones too'): void;
  close(): void;
}

/** A connection to PostgreSQL that can fall silent without telling either side. */
export async function startSwallowingProxy(database: string): Promise<SwallowingProxy> {
  const target = new URL(database);
  const sockets = new Set<net.Socket>();
  let swallowed = new WeakSet<net.Socket>();
  let swallowsAll = false;
  const listener = net.createServer({ allowHalfOpen: true }, (program) => {
    const server = net.connect({ port: Number(target.port || 5432), host: target.hostname, allowHalfOpen: true });
    for (const [from, to] of [
      [program, server],
      [server, program],
    ] as const) {
      sockets.add(from);
      const passes = (): boolean => !swallowsAll && !swallowed.has(program);
      from.on('error', () => undefined);
      from.on('data', (bytes) => passes() && to.write(bytes));
      // The end of a connection is swallowed too.
      from.on('end', () => passes() && to.end());
      from.on('close', () => {
        sockets.delete(from);
        if (passes()) to.destroy();
      });
    }
  });
  await once(listener.listen(0, '127.0.0.1'), 'listening');
  const url = new URL(database);
  url.hostname = '127.0.0.1';
  url.port = String((listener.address() as net.AddressInfo).port);
  return {
    url: url.href,
    swallow: (which) => {
      swallowed = new WeakSet(sockets);
      swallowsAll = which === 'new ones too';
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      listener.close();
    },
  };
}
