import os from 'node:os';
import type { DataPlace } from '../../base/dataPlace.js';
import { cancelled } from '../../base/errors.js';
import type { Logger } from '../../base/logger.js';
import { describeAddress } from './client.js';
import { Connection } from './connection.js';
import { parseDbUrl } from './dbUrl.js';
import { openEmbedded, type Embedded } from '../embedded/embedded.js';
import type { SilenceLimits } from './silence.js';
import { assertVersion, Warehouse, type WarehouseAccess } from '../warehouse.js';
import { embeddedTarget } from '../warehouseError.js';

export interface WarehouseOptions extends DataPlace {
  /** Unset: the embedded warehouse, which is created and started if necessary. */
  dbUrl?: string;
  logger: Logger;
  /** The name of the session, visible to other sessions and as the holder of a lock: `tally-warehouse cli`. */
  applicationName: string;
  /** Cancels the run: its work in the warehouse ends within a second. */
  signal?: AbortSignal;
  /** Receives the function that leaves the embedded warehouse, to be called later. Unset: `close` leaves it. */
  leaveLater?: (leave: () => Promise<void>) => void;
  /** The embedded warehouse, if the caller has opened it for several runs. The caller releases it. */
  embedded?: Embedded;
  /** How long a connection may be silent; unset: the default limits. */
  silence?: SilenceLimits;
}

/** Opens the warehouse and checks that it answers. Throws `config`, `warehouse-unreachable` or `warehouse-refused`. */
export async function openWarehouse(options: WarehouseOptions): Promise<Warehouse> {
  const access = options.dbUrl === undefined ? await embeddedAccess(options) : serverAccess(options.dbUrl, options);
  try {
    const connection = await access.connect(options.applicationName);
    try {
      assertVersion(connection.server, access.target);
      return new Warehouse(access, options.applicationName, options.logger, os.hostname(), connection);
    } catch (error) {
      await connection.close();
      throw error;
    }
  } catch (error) {
    await access.release();
    throw error;
  }
}

function serverAccess(dbUrl: string, { logger, applicationName, signal, silence }: WarehouseOptions): WarehouseAccess {
  const address = { ...parseDbUrl(dbUrl), ...(silence && { silence }) };
  const target = describeAddress(address);
  return {
    target,
    connect: (name = applicationName) => Connection.open(address, target, name, logger, signal),
    release: () => Promise.resolve(),
  };
}

async function embeddedAccess(options: WarehouseOptions): Promise<WarehouseAccess> {
  const { logger, applicationName, signal, leaveLater } = options;
  const embedded = options.embedded ?? (await openEmbedded(options));
  const release = options.embedded ? () => Promise.resolve() : () => embedded.release();
  if (signal?.aborted) {
    await release();
    throw cancelled();
  }
  return {
    target: embeddedTarget,
    connect: async (name = applicationName) =>
      Connection.open({ config: await embedded.connection(), tls: [false] }, embeddedTarget, name, logger, signal),
    release: async () => {
      if (leaveLater) leaveLater(release);
      else await release();
    },
  };
}
