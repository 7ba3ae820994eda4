import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { findChromium } from './findChromium.js';
import type { NpmVSCode } from './installVSCode.js';

/** The workbench of a VS Code from npm, shown in headless Chromium. */
export interface WebWorkbench {
  page: Page;
  /** The exit code of a run: 0 or 1 from VS Code itself, 70 page crashed, 71 server ended, 72 extension host died. */
  exitCode: Promise<number>;
  close(): Promise<void>;
}

export interface WebWorkbenchOptions {
  userDataDir: string;
  extensionsDir: string;
  extensionDevelopmentPath?: string[];
  /** A CommonJS module that exports run(). */
  extensionTestsPath?: string;
  /** A folder or .code-workspace file; none opens an empty window. */
  folder?: string;
  disableExtensions?: boolean;
  /** Trusts folders only when the user says so. Otherwise all folders are trusted. */
  asksTrust?: boolean;
  /** The display language that extensions see, as with a language pack. VS Code itself stays English. */
  language?: string;
  env?: NodeJS.ProcessEnv;
  viewport?: { width: number; height: number };
  /** The browser's console, where VS Code also puts the console of the extension host. */
  onLog?: (type: string, args: unknown[]) => void;
}

/** Settings that avoid network traffic, and notices that would cover the window. */
export const QUIET_SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'workbench.reduceMotion': 'on', // else a screenshot may catch a notification sliding in
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  'remote.autoForwardPorts': false, // else the server lists the open files of all processes again and again
};

/**
 * Writes the user's settings before VS Code starts. A window on a server reads settings of machine scope from
 * `Machine`.
 */
export function writeUserSettings(userDataDir: string, settings: Record<string, unknown>): void {
  for (const kind of ['User', 'Machine']) {
    const file = path.join(userDataDir, kind, 'settings.json');
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, JSON.stringify({ ...QUIET_SETTINGS, ...settings }, null, 2));
  }
}

/** Runs VS Code's own command line, for example `--install-extension x.vsix`, and returns its exit code. */
export function runCommandLine(vscode: NpmVSCode, args: string[]): number {
  const all = [vscode.server, '--accept-server-license-terms', ...args];
  return spawnSync(vscode.node, all, { stdio: 'inherit', env: serverEnv(process.env) }).status ?? 1;
}

/** Starts VS Code's server and opens its workbench; `close` ends both, and deletes the browser's profile. */
export async function openWebWorkbench(vscode: NpmVSCode, options: WebWorkbenchOptions): Promise<WebWorkbench> {
  const server = await startServer(vscode, options);
  const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-chromium-'));
  let context: BrowserContext | undefined;
  const close = async (): Promise<void> => {
    await context?.close();
    await server.stop();
    fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    context = await launchChromium(profile, options.viewport);
    const page = context.pages()[0] ?? (await context.newPage());
    const { exitCode } = await listen(page, server, options);
    await keepSecrets(page, server.authority);
    await setDevelopmentOptions(page, server.authority, options);
    await stopAnimations(page);
    if (options.language !== undefined)
      await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(options.language)};`);
    // On a fresh machine the first window reads all of VS Code from the disk, which takes long.
    await page.goto(address(server.authority, options), { waitUntil: 'domcontentloaded', timeout: 120_000 });
    return { page, exitCode, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Server {
  authority: string;
  process: ChildProcess;
  /** Adds a listener, which gets the server's own words each time that an extension host process has ended. */
  onHostEnd: (listener: (clean: boolean, words: string) => void) => void;
  stop(): Promise<void>;
}

async function startServer(vscode: NpmVSCode, options: WebWorkbenchOptions): Promise<Server> {
  for (const folder of [options.userDataDir, options.extensionsDir]) fs.mkdirSync(folder, { recursive: true });
  const flags = {
    host: '127.0.0.1',
    port: '0',
    'telemetry-level': 'off',
    'server-data-dir': path.join(options.userDataDir, 'server'),
    'user-data-dir': options.userDataDir,
    'extensions-dir': options.extensionsDir,
  };
  const child = spawn(
    vscode.node,
    [
      vscode.server,
      ...['--without-connection-token', '--accept-server-license-terms'],
      ...(options.asksTrust ? [] : ['--disable-workspace-trust']),
      ...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]),
    ],
    // A process group of its own, so that stopping it reaches the extension hosts.
    { stdio: ['ignore', 'pipe', 'pipe'], env: serverEnv(options.env ?? process.env), detached: true },
  );
  const output: string[] = [];
  let hostEnded: (clean: boolean, words: string) => void = () => undefined;
  child.stderr.on('data', (data: Buffer) => output.push(data.toString()));
  const port = await new Promise<string>((resolve, reject) => {
    const fail = (why: string): void => {
      clearTimeout(timer);
      reject(new Error(`VS Code's server ${why}:\n${lastLines(output)}`));
    };
    const timer = setTimeout(fail, 30_000, 'did not start within 30 s');
    child.stdout.on('data', (data: Buffer) => {
      const text = data.toString();
      output.push(text);
      const ended = /Extension Host Process exited with code: (\S+), signal: (\S+)\./.exec(text);
      if (ended) hostEnded(ended[1] === '0' && ended[2] === 'null', ended[0]);
      const listening = /Extension host agent listening on (\d+)/.exec(text);
      if (!listening) return;
      clearTimeout(timer);
      resolve(listening[1]!);
    });
    child.once('error', (error) => {
      fail(`could not be started (${error.message})`);
    });
    child.once('exit', (code) => {
      fail(`ended with exit code ${String(code)}`);
      if (code) options.onLog?.('error', [`VS Code's server ended with exit code ${code}:\n${lastLines(output)}`]);
    });
  });
  return {
    authority: `127.0.0.1:${port}`,
    process: child,
    onHostEnd: (listener) => (hostEnded = listener),
    stop: () => stopGroup(child),
  };
}

/** The last 30 lines of the output, without the long lines of minified code. */
const lastLines = (output: string[]): string =>
  output
    .join('')
    .split('\n')
    .filter((line) => line.length < 500)
    .slice(-30)
    .join('\n');

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  process.kill(-child.pid!, 'SIGTERM');
  const killer = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), 5000);
  await gone;
  clearTimeout(killer);
}

/** The environment without variables of an extension host or debugger around these tests, and without a marketplace. */
function serverEnv(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const inherited = { ELECTRON_RUN_AS_NODE: undefined, NODE_OPTIONS: undefined, VSCODE_IPC_HOOK_CLI: undefined };
  return { ...env, ...inherited, EXTENSIONS_GALLERY: '{"serviceUrl":""}' };
}

async function launchChromium(profile: string, viewport = { width: 1280, height: 800 }): Promise<BrowserContext> {
  const browser = await findChromium();
  const args = ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
  args.push('--disable-component-update', '--disable-sync');
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: browser.executablePath,
    env: { ...definedOnly(process.env), ...browser.env },
    headless: true,
    chromiumSandbox: false, // root and many containers may not have it; the page is our own
    args,
    viewport,
  });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  return context;
}

const definedOnly = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));

/**
 * Even when the extension host dies, the workbench reports exit code 0. So the server's output is searched for the
 * host's end. (The host also ends after an ordinary run, with code 0, a moment before the report.)
 */
async function listen(
  page: Page,
  server: Server,
  options: WebWorkbenchOptions,
): Promise<{ exitCode: Promise<number> }> {
  let hostDied = false;
  let report!: (code: number) => void;
  const exitCode = new Promise<number>((resolve) => (report = resolve));
  await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => options.onLog?.(type, args));
  await page.exposeFunction('codeAutomationExit', (code: number) => {
    setTimeout(() => {
      report(hostDied ? 72 : code);
    }, 200);
  });
  page.on('crash', () => {
    report(70);
  });
  server.process.once('exit', () => {
    report(71);
  });
  if (options.extensionTestsPath) {
    server.onHostEnd((clean, words) => {
      if (!clean) {
        hostDied = true;
        options.onLog?.('error', [words]);
      }
      setTimeout(report, 5000, 72).unref();
    });
  }
  return { exitCode };
}

/**
 * Adds the extensions under development and the test module to the page's own configuration, before the workbench reads
 * it. The address could name them too, but newer versions ignore that. Replacing the whole document on its way would
 * make Chromium refuse the page's WebSockets to 127.0.0.1.
 */
async function setDevelopmentOptions(page: Page, authority: string, options: WebWorkbenchOptions): Promise<void> {
  const remote = (file: string): object => ({
    $mid: 1,
    scheme: 'vscode-remote',
    authority,
    path: path.resolve(file),
  });
  const extensions = (options.extensionDevelopmentPath ?? []).map(remote);
  if (extensions.length === 0) return;
  const tests = options.extensionTestsPath && { extensionTestsPath: remote(options.extensionTestsPath) };
  await page.addInitScript({
    content: `
      if (window === window.top) document.addEventListener('readystatechange', () => {
        const element = document.getElementById('vscode-workbench-web-configuration');
        const settings = element?.getAttribute('data-settings');
        if (document.readyState !== 'interactive' || !settings) return;
        const config = JSON.parse(settings);
        config.developmentOptions = { ...config.developmentOptions, ...${JSON.stringify({ extensions, ...tests })} };
        element.setAttribute('data-settings', JSON.stringify(config));
      });`,
  });
}

/**
 * Stops the endless animations of spinners and progress bars. Without a graphics card the processor draws each of their
 * frames, and they run while a job runs, which is most of the time of the tests.
 */
async function stopAnimations(page: Page): Promise<void> {
  const css = `.progress-bit, .codicon-modifier-spin, .codicon-tree-item-loading::before { animation: none !important; }`;
  await page.addInitScript({
    content: `
      if (window === window.top) document.addEventListener('DOMContentLoaded', () => {
        const style = document.createElement('style');
        style.textContent = ${JSON.stringify(css)};
        document.head.append(style);
      });`,
  });
}

/**
 * SecretStorage encrypts with a key that the page requests from an address. The bare server lacks that address, so the
 * test answers.
 */
async function keepSecrets(page: Page, authority: string): Promise<void> {
  const key = randomBytes(32);
  await page.route(`http://${authority}/mint-key`, (route) =>
    route.fulfill({ body: key, contentType: 'application/octet-stream' }),
  );
}

function address(authority: string, options: WebWorkbenchOptions): string {
  const url = new URL(`http://${authority}/`);
  const { folder } = options;
  if (folder) url.searchParams.set(folder.endsWith('.code-workspace') ? 'workspace' : 'folder', path.resolve(folder));
  else url.searchParams.set('ew', 'true');
  if (options.disableExtensions) url.searchParams.set('payload', '[["disableExtensions","true"]]');
  return url.href;
}
