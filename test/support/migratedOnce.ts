import { migrate } from '../../src/core/core.js';
import { contextOf } from './context.js';
import { loadedOnce, type TestServer } from './postgres.js';

/** What it returns gives databases with the tables of a warehouse, made once, and nothing in them. */
export const migratedOnce = (server: TestServer): (() => Promise<string>) =>
  loadedOnce(
    () => server.freshDatabase(),
    (url) => migrate(contextOf({ DB_URL: url })),
  );
