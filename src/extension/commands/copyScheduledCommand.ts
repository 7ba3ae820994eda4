import fs from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Config } from '../../core/core.js';
import { decodeDotEnv } from '../../core/dotEnv.js';
import {
  crontabLine,
  envFileText,
  launcherFiles,
  type LauncherPlace,
  launcherScript,
  posixLauncher,
  schtasksLine,
  windowsLauncher,
} from '../launcher.js';
import { messages } from '../messages.js';
import type { Session } from '../session.js';

/** Writes a launcher that outlives updates of the extension, and copies the line that makes the system run it. */
export async function copyScheduledCommand(session: Session): Promise<void> {
  const { context } = session;
  const folder = context.globalStorageUri.fsPath;
  const config = await session.configFor(false);
  const place = { extensionPath: context.extensionPath, extensionId: context.extension.id, node: process.execPath };
  const onWindows = process.platform === 'win32';
  await fs.mkdir(folder, { recursive: true });
  const launcher = await writeLauncher(folder, place, onWindows);
  const envFile = path.join(folder, launcherFiles.env);
  await writeEnvFile(envFile, config);
  await vscode.env.clipboard.writeText(onWindows ? schtasksLine(launcher) : crontabLine(launcher));
  session.offer('info', messages.scheduled.copied(onWindows ? 'prompt' : 'crontab', envFile), ['Open Env File'], {
    'Open Env File': async () => {
      await vscode.window.showTextDocument(vscode.Uri.file(envFile));
    },
  });
}

async function writeLauncher(folder: string, place: LauncherPlace, onWindows: boolean): Promise<string> {
  await fs.writeFile(path.join(folder, launcherFiles.script), launcherScript(place));
  const launcher = path.join(folder, onWindows ? launcherFiles.windows : launcherFiles.posix);
  await fs.writeFile(launcher, onWindows ? windowsLauncher(place) : posixLauncher(place));
  await fs.chmod(launcher, 0o755);
  return launcher;
}

/** The settings alone: the warehouse URL is a secret, and the user writes it there or does not. */
async function writeEnvFile(file: string, config: Config): Promise<void> {
  const before = await fs.readFile(file).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  });
  // Notepad and PowerShell may have saved it as UTF-16, read as UTF-8 its DB_URL would be lost.
  const text = envFileText(before && decodeDotEnv(before), {
    TALLY_URL: config.tallyUrl,
    TALLY_COMPANY: config.company,
    TALLY_REPORT: config.report,
    TALLY_OVERLAP_DAYS: String(config.overlapDays),
    TALLY_TIMEOUT_SECONDS: String(config.timeoutSeconds),
    TALLY_DATA_DIR: config.dataDir,
  });
  await fs.writeFile(file, text, { mode: 0o600 }); // the user will write a password into it
}
