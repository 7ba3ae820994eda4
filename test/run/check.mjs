// npm run check: types, lint, format and unit tests, side by side, for use while one works. It keeps what it has found of
// unchanged files; npm test looks at everything anew, which shows what a change of types means for another file.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const cache = 'node_modules/.cache/check';
const bin = (name) => path.join(root, 'node_modules', name);
const tsc = (name, ...args) => [
  ...[bin('typescript/bin/tsc'), '--noEmit', '--incremental', '--tsBuildInfoFile', `${cache}/${name}.tsbuildinfo`],
  ...args,
];

/** Each lane runs its steps one after the other; the longest begins first. */
const lanes = [
  { lint: [bin('eslint/bin/eslint.js'), '--cache', '--cache-location', `${cache}/eslint`, '.'] },
  {
    types: tsc('types'),
    'types of the page': tsc('page', '-p', 'src/extension/pages/coverage'),
    format: [bin('prettier/bin/prettier.cjs'), '--check', '--cache', '--cache-location', `${cache}/prettier`, '.'],
    unit: ['test/run/all.mjs', 'unit'],
  },
];

async function step(name, args) {
  const started = Date.now();
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => said.push(data));
  const [status] = await once(child, 'close');
  if (status !== 0) process.stdout.write(Buffer.concat([Buffer.from(`\n━━━ ${name} ━━━\n`), ...said]));
  console.log(`${status === 0 ? '✓' : '✗'} ${name}  ${((Date.now() - started) / 1000).toFixed(1)} s`);
  if (status !== 0) process.exitCode = 1;
}

await Promise.all(
  lanes.map(async (lane) => {
    for (const [name, args] of Object.entries(lane)) await step(name, args);
  }),
);
