import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** The project's root, which is the extension's folder. */
export const extensionRoot = path.resolve(__dirname, '../..');

/** Throws when the bundle is missing; warns when it is older than a source. */
export function checkBuild(): void {
  const built = fs.statSync(path.join(extensionRoot, 'dist', 'extension.js'), { throwIfNoEntry: false })?.mtimeMs;
  if (built === undefined) throw new Error('dist/extension.js is missing: run `npm run build` first');
  const sources = path.join(extensionRoot, 'src');
  const newer = fs
    .readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .find((file) => file.endsWith('.ts') && fs.statSync(path.join(sources, file)).mtimeMs > built);
  if (newer) console.warn(`Warning: src/${newer} is newer than dist: \`npm run build\` to test it.`);
}

/** A folder for one run, with the environment that keeps the run away from the user's own Tally, warehouse and data. */
export function sandbox(prefix: string): { folder: string; env: Record<string, string | undefined> } {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), prefix));
  fs.chmodSync(folder, 0o755); // for root, the embedded PostgreSQL runs under another account
  fs.mkdirSync(path.join(folder, 'workspace'));
  const owned = Object.keys(process.env).filter((name) => name.startsWith('TALLY_') || name === 'DB_URL');
  const env = Object.fromEntries(owned.map((name): [string, string | undefined] => [name, undefined]));
  return { folder, env: { ...env, TALLY_DATA_DIR: path.join(folder, 'data') } };
}
