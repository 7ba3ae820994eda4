import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { installPackages } from './installVSCode.js';

/** A browser to start with the given environment; `from` says where it was found. */
export interface Browser {
  executablePath: string;
  env: Record<string, string>;
  from: string;
}

const SYSTEM_BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const WHAT_TO_DO = 'Install a browser (Debian, Ubuntu: apt-get install -y chromium) or set CHROME_PATH to one.';

/**
 * Finds the browser of CHROME_PATH, else the Chromium from npm (Linux on x64 only), else one of the system. The one
 * from npm comes before the system's: its version is the same on every machine, and the interface tests take a third
 * less processor time in it than in Debian's.
 */
export async function findChromium(): Promise<Browser> {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (!fs.existsSync(named)) throw new Error(`CHROME_PATH names no file: ${named}`);
    return { executablePath: named, env: {}, from: 'CHROME_PATH' };
  }
  const fromNpm = process.platform === 'linux' && process.arch === 'x64' ? await chromiumFromNpm() : undefined;
  if (fromNpm && 'executablePath' in fromNpm) return fromNpm;
  const system = SYSTEM_BROWSERS.find((file) => fs.existsSync(file));
  if (system) return { executablePath: system, env: {}, from: 'system' };
  const why = fromNpm ? ` The one from npm does not start here: ${fromNpm.why}` : '';
  throw new Error(`No Chromium found.${why}\n${WHAT_TO_DO}`);
}

/**
 * `@sparticuz/chromium` is a headless Chromium for bare machines. This function unpacks it, without running the
 * package's code.
 */
async function chromiumFromNpm(): Promise<Browser | { why: string }> {
  let home: string;
  try {
    const bin = path.join(installPackages('chromium-147', '@sparticuz/chromium@147.0.0'), '@sparticuz/chromium/bin');
    home = path.join(bin, 'unpacked');
    if (!fs.existsSync(home)) await unpackChromium(bin, home);
  } catch (error) {
    return { why: String(error) };
  }
  const executablePath = path.join(home, 'chromium');
  const fonts = { FONTCONFIG_FILE: path.join(home, 'fonts.conf') };
  // First with the system's libraries, then with those that come with the package.
  const choices = [fonts, { ...fonts, LD_LIBRARY_PATH: path.join(home, 'lib') }];
  let why = '';
  for (const env of choices) {
    const ended = spawnSync(executablePath, ['--version'], { env: { ...process.env, ...env }, encoding: 'utf8' });
    if (ended.status === 0) return { executablePath, env, from: 'npm' };
    why = ended.error?.message ?? ended.stderr.trim();
  }
  return { why };
}

async function unpackChromium(bin: string, home: string): Promise<void> {
  const aside = `${home}.${process.pid}`;
  fs.mkdirSync(aside, { recursive: true });
  const inflate = async (file: string, target: string): Promise<string> => {
    const to = path.join(aside, target);
    await pipeline(
      fs.createReadStream(path.join(bin, file)),
      zlib.createBrotliDecompress({ chunkSize: 1 << 22 }),
      fs.createWriteStream(to, { mode: 0o755 }),
    );
    return to;
  };
  await inflate('chromium.br', 'chromium');
  for (const name of ['al2023.tar', 'fonts.tar', 'swiftshader.tar']) {
    const archive = await inflate(`${name}.br`, name);
    const ended = spawnSync('tar', ['xf', archive, '-C', aside], { encoding: 'utf8' });
    if (ended.status !== 0) throw new Error(`tar could not unpack ${name}: ${ended.error?.message ?? ended.stderr}`);
    fs.rmSync(archive);
  }
  fs.writeFileSync(
    path.join(aside, 'fonts.conf'), // the package's own names folders of another machine
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>${path.join(home, 'fonts')}</dir>
<cachedir>${path.join(home, 'fonts-cache')}</cachedir></fontconfig>\n`,
  );
  if (!fs.existsSync(home)) fs.renameSync(aside, home);
  fs.rmSync(aside, { recursive: true, force: true });
}
