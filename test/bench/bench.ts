// npm run bench [-- --quick --only NAME,… --runs N --profile FOLDER --write-docs]
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { steps } from './plan.js';
import { describeInMarkdown, describeReport, flaws } from './report.js';
import { runBench } from './runBench.js';

const root = path.resolve(__dirname, '../..');
const jsonFile = path.join(root, 'test-results/bench.json');
const page = path.join(root, 'docs/benchmarks.md');

const usual = { small: 10_000, medium: 50_000, large: 100_000 };
const quick = { small: 2_000, medium: 4_000, large: 8_000 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      runs: { type: 'string' },
      profile: { type: 'string' },
      'write-docs': { type: 'boolean', default: false },
    },
  });
  const only = values.only?.split(',') ?? [];
  const known = steps.flatMap(({ names }) => names);
  const unknown = only.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`No such case: ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  if (values['write-docs'] && (values.quick || only.length > 0))
    throw new Error('--write-docs goes with a whole run: the page is about all figures.');
  const report = await runBench({
    sizes: values.quick ? quick : usual,
    runs: Number(values.runs ?? (values.quick ? 1 : 3)),
    only,
    ...(values.profile !== undefined && { profileFolder: path.resolve(values.profile) }),
    say: (line) => {
      console.error(line);
    },
  });
  fs.mkdirSync(path.dirname(jsonFile), { recursive: true });
  fs.writeFileSync(jsonFile, `${JSON.stringify(report, undefined, 2)}\n`);
  console.log(`\n${describeReport(report)}\n\nAll figures: ${jsonFile}`);
  if (flaws(report).length > 0) process.exitCode = 1;
  else if (values['write-docs']) {
    fs.mkdirSync(path.dirname(page), { recursive: true });
    fs.writeFileSync(page, describeInMarkdown(report));
    console.log(`Written: ${page}`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
