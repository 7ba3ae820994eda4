// The parts of undici that can be loaded without its main entry, which installs a dispatcher for the whole process.
declare module 'undici/lib/dispatcher/client.js' {
  import { Client } from 'undici'; // used only as a type: no code is generated from this file
  export default Client;
}

declare module 'undici/lib/core/connect.js' {
  import type { Socket } from 'node:net';
  import type { buildConnector } from 'undici';
  function build(
    options: buildConnector.BuildOptions,
  ): (options: buildConnector.Options, callback: buildConnector.Callback) => Socket;
  export default build;
}
