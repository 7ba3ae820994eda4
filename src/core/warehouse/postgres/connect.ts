import os from 'node:os';
import type { DataPlace } from '../../base/dataPlace.js';
import { cancelled } from '../../base/errors.js';
import type { Logger } from '../../base/logger.js';
import { describeAddress } from './client.js';
import { Connection } from './connection.js';
import { parseDbUrl } from './dbUrl.js';
import { openEmbedded } from '../embedded/embedded.js';
import type { SilenceLimits } from './silence.js';
import { assertVersion, Warehouse, type WarehouseAccess } from '../warehouse.js';
import { embeddedTarget } from '../warehouseError.js';

export interface WarehouseOptions extends DataPlace {
  /** Unset: the embedded warehouse, which is made and started where it is not there yet. */
  dbUrl?: string;
  logger: Logger;
  /** Shown to others as the session's name, and as the holder of a lock: `tally-warehouse cli`. */
  applicationName: string;
  /** Cancels the run: what it is doing in the warehouse is broken off within a second. */
  signal?: AbortSignal;
  /** Is given what would otherwise be done at the close: leave the embedded warehouse. */
  leaveLater?: (leave: () => Promise<void>) => void;
  /** How long a connection may be silent; unset: the usual limits. */
  silence?: SilenceLimits;
}

/** Opens the warehouse and proves that it answers. Throws `config`, `warehouse-unreachable` or `warehouse-refused`. */
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
  const embedded = await openEmbedded(options);
  if (signal?.aborted) {
    await embedded.release();
    throw cancelled();
  }
  return {
    target: embeddedTarget,
    connect: async (name = applicationName) =>
      Connection.open({ config: await embedded.connection(), tls: [false] }, embeddedTarget, name, logger, signal),
    release: async () => {
      if (leaveLater) leaveLater(() => embedded.release());
      else await embedded.release();
    },
  };
}
