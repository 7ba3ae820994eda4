import { startDemoServer, type DemoServer, type DemoServerOptions } from '../../src/demo/server.js';

/** A demo Tally for the tests of a `describe`: started by a hook before them, and stopped after them. */
export function useTally(options: DemoServerOptions = {}): DemoServer {
  let tally: DemoServer | undefined;
  before('start the demo Tally', async () => {
    tally = await startDemoServer(options);
  });
  after('stop the demo Tally', () => tally?.close());
  return new Proxy({} as DemoServer, {
    get: (_, name) => {
      if (!tally) throw new Error('The demo Tally has not been started yet.');
      return Reflect.get(tally, name) as unknown;
    },
    set: (_, name, value) => Reflect.set(tally!, name, value),
  });
}
