import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errors, type Locator, type Page } from 'playwright-core';
import type { CalendarDate } from '../../src/core/base/calendar.js';
import { extensionRoot, sandbox } from '../host/sandbox.js';
import { installVSCode, OLDEST_VSCODE } from '../host/installVSCode.js';
import { openWebWorkbench, runCommandLine, writeUserSettings, type WebWorkbench } from '../host/webWorkbench.js';
import { QuickInput } from './quickInput.js';
import { Toast } from './toast.js';

export interface WorkbenchSetup {
  /** Default: UI_VSCODE_VERSION, else the oldest supported. */
  version?: string;
  /** A packaged extension to install; default: the extension under development. */
  vsix?: string;
  theme?: 'dark' | 'light';
  /** The display language of the extension; VS Code itself stays English. */
  language?: string;
  settings?: Record<string, unknown>;
  /** Environment of the extension host, on top of one without the user's own Tally and warehouse. */
  env?: Record<string, string>;
  /** Files of the workspace, text by relative path. */
  files?: Record<string, string>;
  viewport?: { width: number; height: number };
  /** The workspace is not trusted until the user says so. */
  asksTrust?: boolean;
}

const THEMES = { dark: 'Default Dark Modern', light: 'Default Light Modern' };

/** Each version has a folder, because tests of another version may run at the same time. */
const SCREENSHOTS = path.join(
  extensionRoot,
  'test-results',
  'screenshots',
  process.env.UI_VSCODE_VERSION ?? OLDEST_VSCODE,
);

/** The Command Palette's title of our first command. Once it is there, so are the extension's other contributions. */
function firstCommand(language: string | undefined): string {
  const read = (file: string): unknown => JSON.parse(readFileSync(path.join(extensionRoot, file), 'utf8'));
  const manifest = read('package.json') as { contributes: { commands: [{ category: string; title: string }] } };
  const words = read(language === undefined ? 'package.nls.json' : `package.nls.${language}.json`) as Record<
    string,
    string
  >;
  const [{ category, title }] = manifest.contributes.commands;
  return [category, title].map((key) => words[key.slice(1, -1)]).join(': ');
}

/** Opens a workbench with the extension, in a sandbox that `close` deletes. */
export async function openWorkbench(setup: WorkbenchSetup = {}): Promise<Workbench> {
  const { folder, env } = sandbox('tally-ui-');
  let workbench: Workbench | undefined;
  try {
    workbench = await openIn(folder, { ...process.env, ...env, ...setup.env }, setup);
    // The workbench starts in another theme, until the extension with the chosen one is loaded.
    await workbench.page.locator(`.monaco-workbench[class*="${setup.theme ?? 'dark'}_modern"]`).waitFor();
    await workbench.findCommand(firstCommand(setup.language));
    await workbench.quickInput.dismiss();
    return workbench;
  } catch (error) {
    await workbench?.close();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

async function openIn(folder: string, env: NodeJS.ProcessEnv, setup: WorkbenchSetup): Promise<Workbench> {
  const vscode = installVSCode(setup.version ?? process.env.UI_VSCODE_VERSION ?? OLDEST_VSCODE);
  const userDataDir = path.join(folder, 'user');
  const extensionsDir = path.join(folder, 'extensions');
  writeUserSettings(userDataDir, steadySettings(setup));
  for (const [name, text] of Object.entries(setup.files ?? {})) {
    const file = path.join(folder, 'workspace', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  if (setup.vsix) {
    const places = ['--user-data-dir', userDataDir, '--extensions-dir', extensionsDir];
    const code = runCommandLine(vscode, [...places, '--install-extension', path.resolve(setup.vsix)]);
    if (code !== 0) throw new Error(`VS Code did not install ${setup.vsix} (exit code ${code})`);
  }
  // Loads the extension through a link with another name. VS Code takes all themes below the folder of an extension
  // under development for that extension's, and shows one of them whatever the settings say. Our folder has VS Code's
  // own themes, in .vscode-test.
  const extension = path.join(folder, 'tally-warehouse');
  symlinkSync(extensionRoot, extension);
  const log: string[] = [];
  const web = await openWebWorkbench(vscode, {
    userDataDir,
    extensionsDir,
    folder: path.join(folder, 'workspace'),
    extensionDevelopmentPath: setup.vsix ? [] : [extension],
    env,
    ...(setup.viewport && { viewport: setup.viewport }),
    asksTrust: setup.asksTrust ?? false,
    ...(setup.language !== undefined && { language: setup.language }),
    onLog: (type, args) => log.push(`${type}: ${args.join(' ')}`),
  });
  return new Workbench(web, folder, log);
}

/** The theme, and settings that keep tests and screenshots the same in every run. */
const steadySettings = (setup: WorkbenchSetup): Record<string, unknown> => ({
  'workbench.quickOpen.closeOnFocusLost': false, // a view that opens late must not close the palette
  'workbench.editor.useModal': 'off', // newer versions show the settings in a dialog that covers the walkthrough
  'window.autoDetectColorScheme': false,
  'workbench.colorTheme': THEMES[setup.theme ?? 'dark'],
  'workbench.preferredDarkColorTheme': THEMES.dark,
  'workbench.preferredLightColorTheme': THEMES.light,
  'editor.cursorBlinking': 'solid',
  ...setup.settings,
});

const appears = (locator: Locator, timeout: number): Promise<boolean> =>
  locator.waitFor({ timeout }).then(
    () => true,
    (error: unknown) => {
      if (error instanceof errors.TimeoutError) return false;
      throw error;
    },
  );

const disappears = async (locator: Locator, timeout: number): Promise<boolean> => {
  const end = Date.now() + timeout;
  while (await locator.isVisible()) {
    if (Date.now() > end) return false;
    await delay(50);
  }
  return true;
};

/**
 * The workbench of a running test. Waits are Playwright's: a helper returns when the thing that it names is on the
 * screen.
 */
export class Workbench {
  readonly page: Page;
  readonly quickInput: QuickInput;

  constructor(
    private readonly web: WebWorkbench,
    private readonly folder: string,
    /** Console of the workbench and of the extension host. */
    readonly log: readonly string[],
  ) {
    this.page = web.page;
    this.quickInput = new QuickInput(web.page);
  }

  /** Writes a file of the workspace. */
  write(name: string, text: string): void {
    writeFileSync(path.join(this.folder, 'workspace', name), text);
  }

  /** Opens another folder in this window, as a user does, and creates it if needed. `files`: text by relative path. */
  async openFolder(name: string, files: Record<string, string>): Promise<void> {
    const folder = path.join(this.folder, name);
    mkdirSync(folder, { recursive: true });
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
    const url = new URL(this.page.url());
    url.searchParams.set('folder', folder);
    await this.page.goto(url.href, { waitUntil: 'domcontentloaded' });
    await this.page.locator('.activitybar a.action-label[aria-label="Tally"]').waitFor();
  }

  /** Runs a command by its title in the Command Palette, category included; waits until VS Code knows the command. */
  async command(title: string): Promise<void> {
    await this.findCommand(title);
    await this.quickInput.pick(title);
  }

  /** Runs a command that asks for a range, and types the range. */
  async rangeCommand(title: string, from: CalendarDate, to: CalendarDate): Promise<void> {
    const { quickInput } = this;
    await this.command(title);
    await quickInput.pick('Other dates');
    await quickInput.expect('First day');
    await quickInput.enter(from);
    await quickInput.expect('Last day');
    await quickInput.enter(to);
  }

  /** Waits until the Command Palette, which is left open, offers a command. */
  async findCommand(title: string): Promise<void> {
    const end = Date.now() + 30_000;
    while (Date.now() < end) {
      await this.palette(title);
      // The palette knows only the commands of the moment when it was opened.
      if (await appears(this.quickInput.item(title).first(), 3000)) return;
      await this.quickInput.dismiss();
    }
    throw new Error(`The Command Palette does not offer: ${title}`);
  }

  /** Opens the Command Palette with a filter, and leaves it open. */
  async palette(filter: string): Promise<void> {
    do {
      await this.page.keyboard.press('F1'); // a key pressed too early is lost
    } while (!(await appears(this.quickInput.box, 3000)));
    await this.quickInput.fill(`>${filter}`);
  }

  /** The notification that contains the text and, if given, the element `has`. */
  toast(text: string | RegExp, has?: Locator): Toast {
    const all = this.page.locator('.notifications-toasts .notification-list-item');
    return new Toast(all.filter({ hasText: text, ...(has && { has }) }));
  }

  async clearToasts(): Promise<void> {
    await this.command('Notifications: Clear All Notifications');
    await this.page.locator('.notifications-toasts .notification-list-item').first().waitFor({ state: 'hidden' });
  }

  /** The modal dialog. */
  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Opens a view container by the title of its icon in the activity bar. */
  async openViewContainer(title: string): Promise<void> {
    const icon = this.page.locator(`.activitybar a.action-label[aria-label="${title}"]`);
    const isOpen = async (): Promise<boolean> =>
      (await icon.locator('xpath=..').getAttribute('aria-expanded')) === 'true';
    // A click on the icon of an open container closes it, also if VS Code has just opened it again for a known folder.
    while (!(await isOpen())) {
      await icon.click();
      await delay(500);
    }
  }

  /** Drags the edge of the side bar, for pictures: at its default width long rows are cut off. */
  async widenSideBar(pixels: number): Promise<void> {
    const { x, y, width, height } = (await this.page.locator('.part.sidebar').boundingBox())!;
    const [edge, middle] = [x + width, y + height / 2];
    await this.page.mouse.move(edge, middle);
    await this.page.mouse.down();
    await this.page.mouse.move(edge + pixels, middle, { steps: 5 });
    await this.page.mouse.up();
  }

  /** The tree row that contains the text. */
  treeRow(text: string | RegExp): Locator {
    return this.page.locator('.pane-body [role="treeitem"]').filter({ hasText: text });
  }

  /** Chooses from the context menu of a row. Tries again if the extension says that the view was just being updated. */
  async choose(row: Locator, action: string): Promise<void> {
    const lost = this.toast('The view was just being updated').locator;
    do await this.chooseOnce(row, action);
    while ((await appears(lost, 500)) && (await this.clearToasts().then(() => true)));
  }

  private async chooseOnce(row: Locator, action: string): Promise<void> {
    await row.click({ button: 'right' });
    const item = this.page
      .locator('.context-view .action-label, .monaco-menu .action-label')
      .filter({ hasText: new RegExp(`^${action}$`) });
    // VS Code may take a click right after the menu has opened for the end of the opening click, so the click is
    // repeated.
    do await item.click();
    while (!(await disappears(item, 2000)));
  }

  /** The visible rows of the trees in the side bar, each with its depth from 1. */
  async treeRows(): Promise<{ level: number; text: string }[]> {
    const rows = await this.page.locator('.pane-body [role="treeitem"]').all();
    return await Promise.all(
      rows.map(async (row) => ({
        level: Number(await row.getAttribute('aria-level')),
        text: (await row.innerText()).replace(/\s+/g, ' ').trim(),
      })),
    );
  }

  /** Shows an output channel and returns the whole of its text, by way of the clipboard. */
  async outputChannelText(name: string): Promise<string> {
    await this.command('Output: Show Output Channels...');
    await this.quickInput.pick(name);
    const editor = this.page.locator('.part.panel .monaco-editor').first();
    await editor.locator('.view-line').first().waitFor();
    await delay(500); // VS Code fills the channel's editor by a timer of its own
    await editor.click({ position: { x: 100, y: 10 } });
    await this.page.keyboard.press('ControlOrMeta+A');
    await this.page.keyboard.press('ControlOrMeta+C');
    await this.page.keyboard.press('ArrowRight'); // no selection on screenshots
    return await this.page.evaluate<string>('navigator.clipboard.readText()');
  }

  async theme(kind: 'dark' | 'light'): Promise<void> {
    const wanted = this.page.locator(`.monaco-workbench.vs${kind === 'dark' ? '-dark' : ''}`);
    if (await wanted.isVisible()) return;
    do await this.command('Preferences: Toggle between Light/Dark Themes');
    while (!(await appears(wanted, 10_000))); // on a busy machine the command is lost now and then
  }

  /** Chooses a theme by its name; `kind` is the class that VS Code then has. */
  async colorTheme(name: string, kind: 'vs-dark' | 'hc-black' | 'hc-light'): Promise<void> {
    await this.command('Preferences: Color Theme');
    await this.quickInput.fill(name);
    await this.quickInput.pick(name);
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor();
  }

  /** Writes test-results/screenshots/VERSION/NAME.png. */
  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), animations: 'disabled' });
  }

  /**
   * Writes media/NAME.png for a document, if the run was asked for pictures (`--pictures`). The picture shows one part,
   * or several with a margin around them, or the window without its title bar, which names the development host.
   */
  async picture(name: string, ...parts: Locator[]): Promise<void> {
    if (!process.env.UI_PICTURES) return;
    await this.page.mouse.move(0, 0); // no hover lies over it
    await delay(500);
    const { width, height } = this.page.viewportSize()!;
    const boxes = (await Promise.all(parts.map((part) => part.boundingBox()))).map((box) => box!);
    const margin = boxes.length > 1 ? 24 : 0;
    const top = boxes.length > 0 ? 0 : ((await this.page.locator('.part.titlebar').boundingBox())?.height ?? 0);
    const [x, y] = [Math.min(...boxes.map((box) => box.x)) - margin, Math.min(...boxes.map((box) => box.y)) - margin];
    const right = Math.max(...boxes.map((box) => box.x + box.width)) + margin;
    const bottom = Math.max(...boxes.map((box) => box.y + box.height)) + margin;
    const clip =
      boxes.length > 0 ? { x, y, width: right - x, height: bottom - y } : { x: 0, y: top, width, height: height - top };
    const file = path.join(extensionRoot, 'media', `${name}.png`);
    await this.page.screenshot({ path: file, animations: 'disabled', clip });
  }

  async close(): Promise<void> {
    await this.web.close();
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** After each failed try of a test of a `describe`, saves a screenshot and prints the last lines of the log. */
export function showFailures(current: () => Workbench | undefined): void {
  afterEach(async function () {
    const { currentTest } = this;
    const workbench = current();
    // Mocha sets no state if it tries a test again.
    if (!currentTest || currentTest.state === 'passed' || !workbench) return;
    await workbench.screenshot(`failed-${currentTest.fullTitle().replace(/\W+/g, '-')}`);
    console.error(workbench.log.slice(-15).join('\n'));
  });
}

/** Like showFailures; also closes the workbench after the tests. */
export function showFailuresAndClose(current: () => Workbench | undefined): void {
  showFailures(current);
  after(async () => {
    await current()?.close();
  });
}

/** One workbench for the tests of a `describe`. */
export function useWorkbench(setup: WorkbenchSetup = {}): () => Workbench {
  let workbench: Workbench | undefined;
  const current = (): Workbench => {
    if (!workbench) throw new Error('The workbench is not open');
    return workbench;
  };
  before(async () => {
    workbench = await openWorkbench(setup);
  });
  showFailuresAndClose(() => workbench);
  return current;
}
