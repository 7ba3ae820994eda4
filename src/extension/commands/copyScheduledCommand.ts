import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Config } from '../../core/core.js';
import { adoptEarlier } from '../../core/base/dataPlace.js';
import { decodeDotEnv } from '../../core/base/dotEnv.js';
import {
  companiesFileText,
  crontabLine,
  envFileText,
  launcherFiles,
  type LauncherPlace,
  launcherScript,
  posixLauncher,
  scheduledWords,
  windowsLauncher,
} from '../schedule/launcher.js';
import { messages } from '../messages.js';
import type { Command, Parts } from './command.js';
import { schtasksLine, taskDefinition, taskFiles, taskScript, utf16, type TaskLogon } from '../schedule/windowsTask.js';

/** Writes a launcher that outlives updates of the extension, and copies the line that crontab or Windows needs. */
export const copyScheduledCommand: Command<TaskLogon | 'crontab'> = {
  async ask(parts) {
    await parts.books.configOf({ inDemo: false });
    if (process.platform !== 'win32') return 'crontab';
    // Tally has a window, so it usually runs only while its user is signed in. A sync at other times would not find it.
    const question = { ...messages.scheduled.logon(), items: messages.scheduled.logons() };
    return (await parts.questions.pick(question))?.logon;
  },
  run: copy,
};

async function copy(parts: Parts, where: TaskLogon | 'crontab'): Promise<void> {
  const { context } = parts;
  const folder = context.globalStorageUri.fsPath;
  const config = await parts.books.configOf({ inDemo: false });
  const place = { extensionPath: context.extensionPath, extensionId: context.extension.id, node: process.execPath };
  // The env file names the data folder. So the warehouse of an earlier version has to be available in that folder.
  adoptEarlier(config, parts.log);
  await fs.mkdir(folder, { recursive: true });
  const launcher = await writeLauncher(folder, place, where !== 'crontab');
  const envFile = path.join(folder, launcherFiles.env);
  await writeEnvFile(envFile, config);
  const companies = await parts.configuration.companies();
  await writeCompanies(path.join(folder, launcherFiles.companies), config.tallyUrl, companies);
  const words = scheduledWords(companies);
  const line = where === 'crontab' ? crontabLine(launcher, words) : schtasksLine(await writeTask(folder, where, words));
  await vscode.env.clipboard.writeText(line);
  parts.notifier.offer('info', messages.scheduled.copied(where, envFile, companies.length), ['Open Env File'], {
    'Open Env File': async () => {
      await vscode.window.showTextDocument(vscode.Uri.file(envFile));
    },
  });
}

async function writeTask(folder: string, logon: TaskLogon, words: string): Promise<string> {
  const [script, definition] = [path.join(folder, taskFiles.script), path.join(folder, taskFiles.definition)];
  await fs.writeFile(script, taskScript(words));
  const { username } = os.userInfo();
  const domain = process.env.USERDOMAIN;
  const user = domain ? `${domain}\\${username}` : username;
  await fs.writeFile(definition, utf16(taskDefinition({ user, script, logon })));
  return definition;
}

/** Writes the list of the chosen companies. If none are chosen, deletes an old list, so that it is not synced by mistake. */
async function writeCompanies(file: string, url: string, companies: readonly string[]): Promise<void> {
  if (companies.length > 0) await fs.writeFile(file, companiesFileText(url, companies));
  else await fs.rm(file, { force: true });
}

async function writeLauncher(folder: string, place: LauncherPlace, onWindows: boolean): Promise<string> {
  await fs.writeFile(path.join(folder, launcherFiles.script), launcherScript(place));
  const launcher = path.join(folder, onWindows ? launcherFiles.windows : launcherFiles.posix);
  await fs.writeFile(launcher, onWindows ? windowsLauncher(place) : posixLauncher(place));
  await fs.chmod(launcher, 0o755);
  return launcher;
}

/** Writes the settings without the warehouse URL, which is a secret: the user may add it. */
async function writeEnvFile(file: string, config: Config): Promise<void> {
  const before = await fs.readFile(file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  // Notepad and PowerShell may have saved the file as UTF-16. Read as UTF-8, its DB_URL would be lost.
  const text = envFileText(before && decodeDotEnv(before), {
    TALLY_URL: config.tallyUrl,
    TALLY_COMPANY: config.company,
    TALLY_REPORT: config.report,
    TALLY_STREAMS: config.ledger ? 'invoices,ledger' : 'invoices',
    TALLY_OVERLAP_DAYS: String(config.overlapDays),
    TALLY_TIMEOUT_SECONDS: String(config.timeoutSeconds),
    TALLY_DATA_DIR: config.dataDir,
  });
  await fs.writeFile(file, text, { mode: 0o600 }); // the user may write a password into it
}
