import { t } from '@vscode/l10n';
import type { EnvironmentName } from '../../core/base/config.js';
import { dotEnvLine } from '../../core/base/dotEnv.js';
import { EtlError } from '../../core/base/errors.js';

/** Names of the files that run the command line from outside VS Code, in one folder that outlives updates. */
export const launcherFiles = {
  posix: 'tally-warehouse',
  windows: 'tally-warehouse.cmd',
  script: 'tally-warehouse.cjs',
  env: 'tally-warehouse.env',
  /** The companies of `sync --all`; absent where one company is synced. */
  companies: 'tally-warehouse-companies.yaml',
};

export interface LauncherPlace {
  /** The extension's folder as of now; later versions are installed beside it. */
  extensionPath: string;
  /** `publisher.name`, as installed folders begin. */
  extensionId: string;
  /** A program that is Node.js when ELECTRON_RUN_AS_NODE is set: VS Code's own. */
  node: string;
}

/** The script finds the newest installed version each time, because an update puts the extension into another folder. */
export const launcherScript = ({ extensionPath, extensionId }: LauncherPlace): string => `// Written by Tally Warehouse.
const fs = require('node:fs');
const path = require('node:path');

const known = ${JSON.stringify(extensionPath)};
const id = ${JSON.stringify(`${extensionId}-`)};

const list = (folder) => {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
};
const cliOf = (folder) => path.join(folder, 'dist', 'cli.js');
const versionOf = (name) => name.slice(id.length).split(/[.-]/, 3).map(Number);
const newerFirst = (a, b) => {
  const [left, right] = [versionOf(a), versionOf(b)];
  const place = left.findIndex((number, index) => number !== right[index]);
  return place < 0 ? 0 : right[place] - left[place];
};

const installed = path.dirname(known);
const candidates = list(installed)
  .filter((name) => name.toLowerCase().startsWith(id) && /^\\d+\\.\\d+\\.\\d+/.test(name.slice(id.length)))
  .sort(newerFirst)
  .map((name) => path.join(installed, name));
const cli = [...candidates, known].map(cliOf).find((file) => fs.existsSync(file));
if (cli === undefined) {
  console.error('Tally Warehouse is no longer installed beside ' + known + '. Copy the scheduled command again.');
  process.exit(2);
}

const settings = path.join(__dirname, ${JSON.stringify(launcherFiles.env)});
const words = process.argv.slice(2);
const named = words.some((word) => word === '--env-file' || word.startsWith('--env-file='));
if (!named && fs.existsSync(settings)) words.push('--env-file', settings);
const companies = path.join(__dirname, ${JSON.stringify(launcherFiles.companies)});
const listed = words.some((word) => word === '--companies' || word.startsWith('--companies='));
if (words.includes('--all') && !listed && fs.existsSync(companies)) words.push('--companies', companies);
process.argv = [process.execPath, cli, ...words];
require(cli);
`;

/** The path with `current` in place of a snap's revision, because the system deletes the folders of older revisions. */
export const lastingPath = (file: string): string => file.replace(/^\/snap\/([^/]+)\/x?\d+\//, '/snap/$1/current/');

/** Without `--`, Node.js would treat --env-file as an option of its own. */
export const posixLauncher = ({ node }: LauncherPlace): string => `#!/bin/sh
# Written by Tally Warehouse.
node=${shellQuoted(lastingPath(node))}
[ -x "$node" ] || node=node # VS Code has been replaced: any Node.js will do
ELECTRON_RUN_AS_NODE=1 exec "$node" -- "$(dirname "$0")/${launcherFiles.script}" "$@"
`;

export const windowsLauncher = ({ node }: LauncherPlace): string =>
  [
    '@echo off',
    'rem Written by Tally Warehouse.',
    'setlocal',
    'chcp 65001 >nul',
    'set ELECTRON_RUN_AS_NODE=1',
    `set "node=${node.replaceAll('%', '%%')}"`,
    'if not exist "%node%" set "node=node"',
    `"%node%" -- "%~dp0${launcherFiles.script}" %*`,
    '',
  ].join('\r\n');

/** The arguments that the scheduler gives to the launcher. */
export const scheduledWords = (companies: readonly string[]): string => (companies.length > 0 ? 'sync --all' : 'sync');

/** The chosen companies of a Tally, as `sync --all` reads them. A JSON string is also a YAML string. */
export const companiesFileText = (url: string, companies: readonly string[]): string =>
  [
    '# Companies of the scheduled sync, as VS Code had them when its command was copied.',
    'companies:',
    ...companies.flatMap((name) => [`  - url: ${JSON.stringify(url)}`, `    company: ${JSON.stringify(name)}`]),
    '',
  ].join('\n');

/** An hourly sync in a crontab, where a bare % would end the command. Throws `config` for a path that no line can hold. */
export function crontabLine(launcher: string, words: string): string {
  if (/[\r\n]/.test(launcher))
    throw new EtlError(
      'config',
      t('The path of the launcher has a line break, and a crontab holds a command in one line: {file}', {
        file: JSON.stringify(launcher),
      }),
      t('Start VS Code with a user data folder that has none (--user-data-dir).'),
    );
  return `0 * * * * ${shellQuoted(launcher).replaceAll('%', '\\%')} ${words}`;
}

const shellQuoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

/** The env file with these values; an empty value has no line. Other lines stay, above all the user's DB_URL. */
export function envFileText(
  before: string | undefined,
  values: Partial<Record<EnvironmentName, string | undefined>>,
): string {
  const given = Object.entries(values) as [EnvironmentName, string | undefined][];
  const kept = (before ?? newEnvFile)
    .split(/\r\n|\n|\r/)
    .filter((line) => !given.some(([name]) => new RegExp(`^\\s*(export\\s+)?${name}\\s*=`).test(line)));
  while (kept.at(-1) === '') kept.pop();
  const lines = given.flatMap(([name, value]) => (value ? [dotEnvLine(name, value)] : []));
  return [...kept, ...lines, ''].join('\n');
}

const newEnvFile = `# Settings of the scheduled sync, as VS Code had them when its command was copied.
# The warehouse; without it the embedded one. Remove the # and write the address:
# DB_URL=postgres://user:password@host:5432/database
`;
