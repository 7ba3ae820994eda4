import { migrate } from '../../src/core/core.js';
import { contextOf } from './context.js';
import { loadedOnce, type TestServer } from './postgres.js';

/** Returns a function that makes databases with the empty tables of a warehouse; the tables are migrated only once. */
export const migratedOnce = (server: TestServer): (() => Promise<string>) =>
  loadedOnce(
    () => server.freshDatabase(),
    (url) => migrate(contextOf({ DB_URL: url })),
  );
