// A program that uses the embedded warehouse in the folder DATA_DIR until it is told to end. It writes its pid into a table.
import { Client } from 'pg';
import { asEtlError } from '../../src/core/base/errors.js';
import { openEmbedded } from '../../src/core/warehouse/embedded/embedded.js';

const ignore = (): void => undefined;

async function use(): Promise<void> {
  const logger = { trace: ignore, debug: ignore, info: ignore, warn: console.error, error: ignore };
  const embedded = await openEmbedded({ dataDir: process.env.DATA_DIR!, logger });
  const client = new Client(await embedded.connection());
  await client.connect();
  await client.query('SELECT pg_advisory_lock(1)'); // two at once would both make the table
  await client.query('CREATE TABLE IF NOT EXISTS visits (pid int)');
  await client.query('INSERT INTO visits VALUES ($1)', [process.pid]);
  await client.end();
  console.log('open');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  await embedded.release();
}

use().then(
  () => process.exit(0),
  (error: unknown) => {
    const { code, message } = asEtlError(error);
    console.error(code, message);
    process.exit(1);
  },
);
