// Sentences about Tally's address, the company and the warehouse, and about the source of each value.
import { t } from '@vscode/l10n';
import type { Config } from '../../core/base/config.js';
import type { Keeper } from './configuration.js';
import type { Doubt, PlaceName, Source } from './places.js';
import { warehousePlace } from './warehouseUrl.js';

const settingsOf = (keeper: Keeper): string =>
  keeper === 'workspace' ? t('the workspace settings') : t('the user settings');

export const placeWords = {
  /** Company and warehouse. If no company is configured, its name is known only after a load. */
  ofBooks: ({ company, dbUrl, isDemo }: Pick<Config, 'dbUrl' | 'isDemo'> & { company?: string | undefined }): string =>
    [...(company === undefined ? [] : [company.trim()]), warehousePlace(dbUrl, isDemo)].join(' · '),
  dotEnvIgnored: () => t("This folder's .env is ignored until you trust the folder."),
  manageTrust: () => ({ title: t('Manage Trust'), icon: 'shield', command: 'workbench.trust.manage' as const }),
  folder: (folder: string) => t('Settings and .env are taken from the folder {folder}.', { folder }),

  doubt: {
    question: ({ name }: Doubt) =>
      name === 'DB_URL' ? t('Which warehouse is meant for this folder?') : t('Which company is meant for this folder?'),
    detail({ name, named: [here, there], sources: [, other] }: Doubt): string {
      const said = { here: `“${here}”`, there: `“${there}”` };
      const inFile = t('{name} in .env is {here}.', { name, here: said.here });
      return [inFile, otherSource(name, other, said.there), t('Your answer is remembered for this folder.')].join(' ');
    },
  },
  whichFolder: () => ({
    title: t('Tally: Choose Folder'),
    placeholder: t('Which folder has the .env that is meant? Your answer is remembered.'),
  }),

  save: {
    anyway: () => t('Save Anyway'),
    correct: () => t('Edit'),
    noSuchWarehouse: (place: string) => t('The warehouse {place} cannot be used. Save it all the same?', { place }),
    noSuchTally: (address: string) => t('Tally was not found at {address}. Save it all the same?', { address }),
  },

  /** For a value that comes from `.env`, which the user edits. */
  companyInDotEnv: (line: string) =>
    t('The company of this folder is TALLY_COMPANY in .env. To load another one write there: {line}', { line }),
  urlInDotEnv: (place: string) =>
    t('The warehouse of this folder is {place}, by DB_URL in .env. Change it there.', { place }),
  addressInDotEnv: (address: string) =>
    t("Tally's address is {address} in this folder, by TALLY_URL in .env. Change it there.", { address }),

  keeper: {
    question: () => t('For which folders?'),
    workspace: (folder: string) => ({ label: t('This folder only'), detail: folder }),
    user: () => ({ label: t('All folders'), detail: t('Except folders that have their own warehouse') }),
  },

  tallyAddress: {
    title: () => t('Set Tally Address'),
    prompt: () => t('The computer and the port of Tally. Without a port it is 9000.'),
    asking: (address: string) => t('Tally: Asking {address}', { address }),
    saved: (address: string, keeper: Keeper) =>
      t('Tally answers at {address}. Saved in {place}.', { address, place: settingsOf(keeper) }),
    savedUntried: (address: string, keeper: Keeper) =>
      t("Tally's address is {address} now. Saved in {place}.", { address, place: settingsOf(keeper) }),
  },
};

function otherSource(name: PlaceName, source: Source, there: string): string {
  if (name === 'DB_URL')
    return source === 'workspace'
      ? t('The warehouse URL stored for this folder is {there}.', { there })
      : t('The warehouse URL stored for all folders is {there}.', { there });
  return source === 'workspace'
    ? t('tally.company in the workspace settings is {there}.', { there })
    : t('tally.company in the user settings is {there}.', { there });
}

/** Says what `localhost` is in a remote window, and what to write instead. `remote`: VS Code's name of the connection. */
export function localhostWords(remote: string): string {
  if (remote === 'wsl')
    return t(
      'This window runs in WSL, where localhost is Linux and not Windows. Write the IP address of Windows, like http://192.168.1.20:9000, or let WSL share the network of Windows (networkingMode=mirrored in .wslconfig).',
    );
  if (remote === 'codespaces')
    return t(
      'This window runs in a codespace, where localhost is a computer on the internet. A codespace cannot reach a Tally in your office: open the folder on a computer of the office.',
    );
  if (remote === 'dev-container' || remote === 'attached-container')
    return t(
      'This window runs in a container, where localhost is the container. Write host.docker.internal:9000 for the computer that runs the container, or the IP address of the computer with Tally.',
    );
  return t(
    'This window runs on another computer ({remote}), and localhost is that computer. Write the IP address of the computer with Tally, like http://192.168.1.20:9000.',
    { remote },
  );
}
