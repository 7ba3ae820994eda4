// npm run bench [-- --quick --only NAME,… --runs N --tally-vouchers N --profile FOLDER --write-docs]
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { steps } from './plan.js';
import { describeInMarkdown, describeReport, flaws, withCostsOf } from './report.js';
import { runBench } from './runBench.js';
import { judgedFrom } from './tally/costTable.js';

const root = path.resolve(__dirname, '../..');
const jsonFile = path.join(root, 'test-results/bench.json');
const page = path.join(root, 'docs/benchmarks.md');

// By default Tally's costs are counted on a smaller book than for the page: with 100,000 vouchers that takes longer
// than all cases of a round.
const usual = { small: 10_000, medium: 50_000, large: 100_000, huge: 500_000, tally: 10_000 };
const companies = { counts: [1, 8, 64], invoices: 1000 };
const quick = { small: 2_000, medium: 4_000, large: 8_000, huge: 12_000, tally: 2_000 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string' },
      runs: { type: 'string' },
      'tally-vouchers': { type: 'string' },
      profile: { type: 'string' },
      'write-docs': { type: 'boolean', default: false },
    },
  });
  const only = values.only?.split(',') ?? [];
  const known = steps.flatMap(({ names }) => names);
  const unknown = only.filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`No such case: ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  const writesDocs = values['write-docs'];
  const writesCosts = writesDocs && String(only) === 'tally';
  if (writesDocs && !writesCosts && (values.quick || only.length > 0))
    throw new Error('--write-docs goes with a whole run, or with --only tally for its section alone.');
  const sizes = values.quick ? quick : usual;
  const report = await runBench({
    sizes: { ...sizes, tally: Number(values['tally-vouchers'] ?? (writesDocs ? judgedFrom : sizes.tally)) },
    companies: { ...companies, ...(values.quick && { invoices: 250 }) },
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
  else if (writesDocs) {
    fs.mkdirSync(path.dirname(page), { recursive: true });
    fs.writeFileSync(
      page,
      writesCosts ? withCostsOf(report, fs.readFileSync(page, 'utf8')) : describeInMarkdown(report),
    );
    console.log(`Written: ${page}`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
