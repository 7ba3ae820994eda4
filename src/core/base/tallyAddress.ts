import os from 'node:os';
import type { Config } from './config.js';
import { isLocalhost } from './localhost.js';
import { nameKey } from './names.js';

type Address = Pick<Config, 'tallyUrl'>;

/** Equal for addresses of the same Tally. All names of this computer count as one. */
export const tallyKey = (config: Address): string => withHost(config, 'localhost');

/** The address of a Tally as several computers can compare it: with this computer's name in place of localhost. */
export const sharedTallyAddress = (config: Address): string => withHost(config, os.hostname());

function withHost({ tallyUrl }: Address, thisComputer: string): string {
  const { hostname, port, protocol } = new URL(tallyUrl);
  return nameKey(`${protocol}//${isLocalhost(hostname) ? thisComputer : hostname}:${port}`);
}
