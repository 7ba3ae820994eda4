import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { milestones } from '../../src/extension/view/milestones.js';
import { defaultLedgerPatterns, readConfig, reports, streams } from '../../src/core/base/config.js';

const root = path.resolve(import.meta.dirname, '../..');

interface Manifest {
  main: string;
  icon: string;
  contributes: {
    commands: { command: string; title: string; category: string }[];
    menus: Record<string, { command: string; when: string }[]>;
    walkthroughs: { steps: { description: string; completionEvents: string[] }[] }[];
    configuration: { properties: Record<string, { default: unknown; enum?: string[] }> };
  };
}
const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as Manifest;

const words = JSON.parse(fs.readFileSync(path.join(root, 'package.nls.json'), 'utf8')) as Record<string, string>;

/** Files under a folder that ships whole. */
const filesUnder = (folder: string): string[] =>
  fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(folder, file))
    .filter((file) => fs.statSync(path.join(root, file)).isFile());

/** The package holds these files, those of `shippedBuilt` that were built, and the whole `shippedFolders`. */
const shippedAlways = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'package.json',
  'package.nls.json',
  'package.nls.hi.json',
  'media/icon.png',
  'media/tally.svg',
  'media/summary-dark.png',
  'media/summary-light.png',
  ...['backfill', 'company', 'port', 'schedule', 'warehouse'].map((name) => `media/walkthrough/${name}.svg`),
];
const shippedBuilt = [
  'dist/extension.js',
  'dist/jobWorker.js',
  'dist/cli.js',
  'dist/demoThread.js',
  'dist/coverageView.js',
  'dist/coverageView.css',
  'dist/invoicesView.js',
  'dist/invoicesView.css',
  'dist/summaryView.js',
  'dist/summaryView.css',
];
const shippedFolders = ['l10n', 'templates', 'migrations'];

/** The files that ship, except PostgreSQL and those that were not built. */
const shipped = (): string[] => [
  ...shippedAlways,
  ...shippedBuilt.filter((file) => fs.existsSync(path.join(root, file))),
  ...shippedFolders.flatMap(filesUnder),
];

describe('the package for the marketplace', function () {
  this.timeout(60_000);

  it('holds what is on the list and nothing else', () => {
    const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
    const output = execFileSync(process.execPath, [vsce, 'ls', '--no-dependencies'], { cwd: root, encoding: 'utf8' });
    // An exact list, because wildcards have let in .map files and sources before. (`npm run package` puts in its own
    // README.)
    const listed = output.split('\n').filter((line) => line !== '' && !line.startsWith('dist/postgres/'));
    assert.deepEqual(listed.sort(), shipped().sort());
  });

  it('has at most 950,000 bytes beside its scripts, which have their own budgets, and PostgreSQL', () => {
    const bytes = shipped()
      .filter((file) => !file.endsWith('.js'))
      .map((file) => fs.statSync(path.join(root, file)).size)
      .reduce((a, b) => a + b);
    // The sentences in English and Hindi take 460,000 bytes, two pictures of the walkthrough 160,000, and the tables and
    // views of the ledger 60,000.
    assert.ok(bytes <= 950_000, `it has ${bytes} bytes`);
  });

  const readme = (env: Record<string, string>): string =>
    execFileSync(process.execPath, ['esbuild.mjs', '--readme'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
  /** Links and pictures with a relative address. */
  const beside = (text: string): string[] => text.match(/\]\((?!https?:|#)[^)]+\)/g) ?? [];

  /** Whether the file of a relative link exists and has the heading that the link names (`#the-ledger`), if any. */
  const isThere = (target: string): boolean => {
    const [file = '', anchor] = target.split('#');
    if (!fs.existsSync(path.join(root, file))) return false;
    if (anchor === undefined) return true;
    const headings = fs.readFileSync(path.join(root, file), 'utf8').match(/^#+ .*$/gm) ?? [];
    return headings.some((line) => line.replace(/^#+ /, '').toLowerCase().replaceAll(' ', '-') === anchor);
  };

  it('has a README for who has no checkout: no command that needs one, no link and no picture that leads nowhere', () => {
    const text = readme({ PACKAGE_LINKS_URL: '' });
    assert.match(text, /^# Tally Warehouse/);
    assert.doesNotMatch(text, /npm ci|checkout -->/);
    assert.deepEqual(beside(text), []);
  });

  it('keeps links and pictures where the release says their address, and all of them are there', () => {
    const targets = beside(readme({ PACKAGE_LINKS_URL: 'https://example.invalid' })).map((one) => one.slice(2, -1));
    assert.ok(targets.filter((one) => one.endsWith('.png')).length >= 3);
    assert.deepEqual(
      targets.filter((one) => !isThere(one)),
      [],
    );
    const pictures = filesUnder('media').filter((file) => file.endsWith('.png') && !file.endsWith('icon.png'));
    assert.deepEqual(
      pictures.filter((file) => fs.statSync(path.join(root, file)).size > 120_000),
      [],
      'a picture of the README of more than 120 kB',
    );
  });

  it('names its commands in the category Tally, each once', () => {
    const { commands } = manifest.contributes;
    assert.ok(commands.every(({ category }) => category === '%category%'));
    assert.equal(words.category, 'Tally');
    assert.equal(new Set(commands.map(({ command }) => command)).size, commands.length);
  });

  it('shows what acts on a row of the tree nowhere but on such a row', () => {
    const { commands, menus } = manifest.contributes;
    const onRows = commands.map(({ command }) => command).filter((id) => /^tally\.(checkpoint|period|run)\./.test(id));
    const hidden = menus.commandPalette!.filter(({ when }) => when === 'false').map(({ command }) => command);
    const offered = new Set(menus['view/item/context']!.map(({ command }) => command));
    assert.deepEqual(
      onRows.filter((id) => !hidden.includes(id) || !offered.has(id)),
      [],
    );
    assert.deepEqual(hidden.sort(), [...onRows, 'tally.loadFile', 'tally.loadMore'].sort());
  });

  it('has every text of package.json in package.nls.json, and no text that is not used', () => {
    const used = [...JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
    assert.deepEqual([...new Set(used)].sort(), Object.keys(words).sort());
  });

  it('leads through steps whose buttons run commands that there are, and that can be done', () => {
    const { commands, walkthroughs } = manifest.contributes;
    const { steps } = walkthroughs[0]!;
    const ours = commands.map(({ command }) => command);
    const texts = steps.map(({ description }) => words[description.slice(1, -1)]!);
    const buttons = texts.map((text) => [...text.matchAll(/\(command:([\w.]+)/g)].map(([, id]) => id!));
    assert.ok(buttons.every((ids) => ids.length > 0));
    assert.deepEqual(
      buttons.flat().filter((id) => !ours.includes(id) && id !== 'workbench.action.openSettings'),
      [],
    );
    const events = steps.flatMap(({ completionEvents }) => completionEvents);
    const known = [
      'tally.demoRunning',
      'config.tally.syncEveryMinutes',
      ...milestones.map((one) => `tally.reached.${one}`),
    ];
    assert.deepEqual(
      events.filter((event) => event.startsWith('onContext:')).sort(),
      known.map((key) => `onContext:${key}`).sort(),
    );
  });

  it('leads a newcomer from the load to the summary first, and then to the coverage', () => {
    for (const key of ['walkthrough.demo.description', 'walkthrough.backfill.description']) {
      const ids = [...words[key]!.matchAll(/\(command:tally\.(\w+)\)/g)].map(([, id]) => id!);
      const at = ['backfillRange', 'showSummary', 'showCoverage'].map((id) => ids.indexOf(id));
      assert.ok(at[0]! >= 0 && at[0]! < at[1]! && at[1]! < at[2]!, `${key}: ${ids.join()}`);
    }
  });

  it('documents the same defaults as the core has', () => {
    const { properties } = manifest.contributes.configuration;
    assert.deepEqual(properties['tally.ledgerPatterns']?.default, defaultLedgerPatterns);
    assert.deepEqual(properties['tally.report']?.enum, [...reports]);
    // Every choice includes the invoices: all streams, or the invoices alone.
    const { enum: lists, default: usual } = properties['tally.streams']!;
    assert.deepEqual([lists, usual], [['invoices', streams.join()], streams.join()]);
    assert.equal(readConfig({ TALLY_DATA_DIR: '/data' }).ledger, true);
  });
});

/** The size and the packages of each script that ships, as `npm run build` makes it. */
const bundles = JSON.parse(
  execFileSync(process.execPath, ['esbuild.mjs', '--sizes'], { cwd: root, encoding: 'utf8' }),
) as Record<string, { bytes: number; packages: string[] }>;

describe('the bundles', () => {
  // A script is loaded in every window, run or command, or with the demo, so a larger budget needs a reason. The notes
  // name bytes and what takes them.
  const budgets: Record<string, number> = {
    'extension.js': 218_000, // 10,000 of it several companies: which are chosen, their syncs one after the other, whose a run is, which failures a later sync settles; a fifth of it sentences, which a translation needs each by itself; 54,000 what stands around a load: which folder, company and warehouse are meant, the rows of the warehouse and of the window's runs, dates as people write them, the panels of the pages, the doors for SQL clients and BI tools
    'jobWorker.js': 1_910_000, // 500 clearer sentences of verify; 3,000 dry runs, files and the calendar with the ledger; 6,300 masters in use stay, and vouchers that do not add up; 1,500 what a run had warned of before it ended early; 25,000 the proof of ledgers, bills and stock: requests, comparisons, a table of each and why something was not compared; 27,000 the masters and views of the ledger: their requests, tables, remarks and export; 38,000 the ledger: entries, their tables, the comparison of ledgers; as the command line's, below; 25,000 to ask Tally for little: digests, the remembered list, the collection; 13,000 to verify by totals; 22,000 closing messages, the warehouse by month, year and invoice, the filters of its list; 9,000 statements in a form that a cluster runs too, tables in partitions
    'cli.js': 2_147_000, // 2,000 altered vouchers that come with their list; 6,300 as the worker's; 60,000 the ledger and its masters; 162,000 of it read YAML, at `sync --all` with a list alone; 10,000 of it the monthly Parquet files, with an account of each company; 60,000 of it write Parquet and as much Excel: each runs at the first such export alone; 15,000 what is loaded, closing messages, help and colours; 7,000 the access of BI tools
    'demoThread.js': 241_000, // 2,500 the totals of days; 30,000 whole books: openings, settlements, journals, the ledger of them, balances, bills and stock
    'coverageView.js': 26_000,
    'summaryView.js': 28_000, // 500 the tiles of balances; 14,000 of it the calendar, as in coverageView.js
    'invoicesView.js': 62_000, // 32,000 of it TanStack Virtual, loaded when the page is opened
  };
  for (const [file, budget] of Object.entries(budgets))
    it(`${file} has at most ${budget} bytes`, () => {
      const { bytes } = bundles[file]!;
      assert.ok(bytes <= budget, `it has ${bytes} bytes`);
    });

  it('are all measured', () => {
    assert.deepEqual(Object.keys(bundles).sort(), Object.keys(budgets).sort());
  });

  it('leave the database, HTTP, XML and template libraries to the worker: activation loads none of them', () => {
    const packages = new Set(bundles['extension.js']!.packages);
    const heavy = ['pg', 'pg-copy-streams', 'node-pg-migrate', 'undici', 'nunjucks', 'fast-xml-parser'];
    assert.deepEqual(
      heavy.filter((name) => packages.has(name)),
      [],
    );
  });
});
