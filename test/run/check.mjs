// npm run check: types, lint, format and unit tests, side by side, for use while working. It remembers which unit tests passed,
// and what they import. npm test checks everything anew.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import esbuild from 'esbuild';

const root = path.resolve(import.meta.dirname, '../..');
const cache = 'node_modules/.cache/check';
const bin = (name) => path.join(root, 'node_modules', name);
const tsc = (name, ...args) => [
  ...[bin('typescript/bin/tsc'), '--noEmit', '--incremental', '--tsBuildInfoFile', `${cache}/${name}.tsbuildinfo`],
  ...args,
];
const mocha = (files) => ['--import', 'tsx', bin('mocha/bin/mocha.js'), '--reporter', 'dot', ...files];

const passedFile = path.join(root, cache, 'unit.json');
const passed = fs.existsSync(passedFile) ? JSON.parse(fs.readFileSync(passedFile, 'utf8')) : {};

/**
 * The unit tests, each with a digest of everything that it imports. The digest is undefined for a test that also reads files,
 * because imports do not show these: such a test always runs. The files that the core and the fixtures read are part of each
 * digest.
 */
async function digestsOfUnitTests() {
  const folder = path.join(root, 'test/unit');
  const entryPoints = fs.readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
  const { metafile } = await esbuild.build({
    ...{ absWorkingDir: root, entryPoints: entryPoints.map((name) => `test/unit/${name}`), outdir: 'none' },
    ...{ bundle: true, write: false, metafile: true, platform: 'node', format: 'esm', packages: 'external' },
    logLevel: 'silent',
  });
  const bytesOf = new Map();
  const bytes = (file) => {
    if (!bytesOf.has(file)) bytesOf.set(file, fs.readFileSync(path.join(root, file)));
    return bytesOf.get(file);
  };
  const filesOf = (name) =>
    fs
      .readdirSync(path.join(root, name), { recursive: true })
      .map((file) => `${name}/${file}`)
      .filter((file) => fs.statSync(path.join(root, file)).isFile());
  const data = ['templates', 'migrations', 'l10n', 'test/fixtures'].flatMap(filesOf);
  return Object.values(metafile.outputs).map(({ entryPoint, inputs }) => {
    const own = Object.keys(inputs).filter((file) => file.startsWith('test/') && !file.startsWith('test/fixtures/'));
    if (own.some((file) => /readFileSync|readdirSync|'node:child_process'/.test(bytes(file))))
      return [entryPoint, undefined];
    const digest = createHash('sha256').update(process.version);
    for (const file of [...Object.keys(inputs), ...data, 'package-lock.json'].sort()) digest.update(bytes(file));
    return [entryPoint, digest.digest('hex')];
  });
}

/** Runs in two processes the unit tests for which something has changed since they passed. */
async function unit() {
  const digests = await digestsOfUnitTests();
  const changed = digests.filter(([file, digest]) => digest === undefined || passed[file] !== digest);
  const halves = [0, 1].map((half) => changed.filter((_, i) => i % 2 === half)).filter((files) => files.length > 0);
  await Promise.all(
    halves.map(async (half) => {
      const files = half.map(([file]) => file);
      if (!(await step(`unit: ${files.length} of ${digests.length} files`, mocha(files)))) return;
      for (const [file, digest] of half) passed[file] = digest;
    }),
  );
  fs.mkdirSync(path.dirname(passedFile), { recursive: true });
  fs.writeFileSync(passedFile, JSON.stringify(passed));
}

async function step(name, args) {
  const started = Date.now();
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => said.push(data));
  const [status] = await once(child, 'close');
  if (status !== 0) process.stdout.write(Buffer.concat([Buffer.from(`\n━━━ ${name} ━━━\n`), ...said]));
  console.log(`${status === 0 ? '✓' : '✗'} ${name}  ${((Date.now() - started) / 1000).toFixed(1)} s`);
  if (status !== 0) process.exitCode = 1;
  return status === 0;
}

/** Each lane runs its steps one after the other. */
await Promise.all([
  (async () => {
    await step('lint', [bin('oxlint/bin/oxlint')]);
    await step('format', [bin('oxfmt/bin/oxfmt'), '--check', '.']);
  })(),
  (async () => {
    await step('types', tsc('types'));
    await step('types of the pages', tsc('pages', '-p', 'src/extension/pages'));
  })(),
  unit(),
]);
