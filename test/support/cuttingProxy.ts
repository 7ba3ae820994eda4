import { once } from 'node:events';
import net from 'node:net';

export type Direction = 'to server' | 'to program';

/** The next event on the connection; it happens once. */
export type Plan =
  /** Resets both sockets of a session when so many bytes have passed in this direction, counted over all sessions. */
  | { cutAfter: number; direction: Direction }
  /**
   * Happens when a program sends these words, after `skip` earlier times. `lose it`: PostgreSQL does not get the words.
   * `lose the answer`: PostgreSQL gets them, and the session is reset when its answer comes. A function is called once
   * the words were sent.
   */
  | { words: string; skip?: number; then: 'lose it' | 'lose the answer' | (() => void) };

/**
 * A proxy before PostgreSQL that breaks where a test wants it. It forwards bytes as they come, without understanding
 * them.
 */
export class CuttingProxy {
  readonly carried: Record<Direction, number> = { 'to server': 0, 'to program': 0 };
  private plan: Plan | undefined;
  private readonly sockets = new Set<net.Socket>();

  private constructor(
    private readonly listener: net.Server,
    /** The URL of the database through the proxy. */
    readonly url: string,
  ) {}

  static async start(database: string): Promise<CuttingProxy> {
    const target = new URL(database);
    const listener = net.createServer({ noDelay: true });
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    const url = new URL(database);
    url.port = String((listener.address() as net.AddressInfo).port);
    const proxy = new CuttingProxy(listener, url.href);
    listener.on('connection', (program) => {
      proxy.join(program, net.connect({ host: target.hostname, port: Number(target.port), noDelay: true }));
    });
    return proxy;
  }

  /** Plans the next event, with bytes counted from now; undefined cancels it. */
  order(plan: Plan | undefined): void {
    this.plan = plan;
    this.carried['to server'] = this.carried['to program'] = 0;
  }

  /** Whether the planned event is still to come. */
  get pending(): boolean {
    return this.plan !== undefined;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.listener.close();
    await once(this.listener, 'close');
  }

  private join(program: net.Socket, server: net.Socket): void {
    const reset = (): void => {
      program.resetAndDestroy();
      server.destroy();
    };
    for (const socket of [program, server]) {
      this.sockets.add(socket);
      socket.on('error', reset);
      socket.on('close', () => {
        this.sockets.delete(socket);
        (socket === program ? server : program).end();
      });
    }
    let isMute = false; // true: the answers of this session are dropped
    program.on('data', (chunk: Buffer) => {
      const { plan } = this;
      if (plan !== undefined && 'words' in plan && chunk.includes(plan.words) && (plan.skip ?? 0) > 0) plan.skip!--;
      else if (plan !== undefined && 'words' in plan && chunk.includes(plan.words)) {
        this.plan = undefined;
        if (plan.then === 'lose it') {
          reset();
          return;
        }
        isMute = plan.then === 'lose the answer';
        server.write(chunk);
        if (typeof plan.then === 'function') plan.then();
        return;
      }
      this.pass('to server', chunk, server, reset);
    });
    server.on('data', (chunk: Buffer) => {
      if (isMute) reset();
      else this.pass('to program', chunk, program, reset);
    });
  }

  private pass(direction: Direction, chunk: Buffer, to: net.Socket, reset: () => void): void {
    const { plan } = this;
    const before = this.carried[direction];
    this.carried[direction] += chunk.length;
    if (
      plan === undefined ||
      'words' in plan ||
      plan.direction !== direction ||
      this.carried[direction] < plan.cutAfter
    )
      to.write(chunk);
    else {
      this.plan = undefined;
      // The bytes before the cut go out first.
      to.write(chunk.subarray(0, plan.cutAfter - before), () => {
        reset();
      });
    }
  }
}
