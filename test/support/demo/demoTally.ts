import { startDemoServer, type DemoServer, type DemoServerOptions } from '../../../src/demo/server.js';

/** A demo Tally for the tests of a suite; each test gets a new one. */
export function demoTally(options: DemoServerOptions): Pick<DemoServer, 'url' | 'port' | 'requests' | 'behave'> {
  let server: DemoServer;
  beforeEach(async () => {
    server = await startDemoServer(options);
  });
  afterEach(() => server.close());
  return {
    get url() {
      return server.url;
    },
    get port() {
      return server.port;
    },
    get requests() {
      return server.requests;
    },
    behave: (changes) => {
      server.behave(changes);
    },
  };
}
