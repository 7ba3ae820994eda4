import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checksOf, type Check } from './checks.js';
import { createWarehouse, dropDatabase, serverVersion, startServer, type Server } from './database.js';
import { figuresOf, type Figure } from './figures.js';
import type { ManyCompanies } from './manyCompanies.js';
import type { Measured } from './measured.js';
import { companies, hugeGb, stepsFor, type Bench, type BookName, type Books, type Step } from './plan.js';
import type { BookSpec, PreparedBook } from './prepared.js';
import { bundleChild, Processes } from './processes.js';
import { Results } from './results.js';
import { costBook, invoiceShare } from './tally/costBook.js';
import type { TallyCost } from './tally/cost.js';

export interface BenchOptions {
  /** Invoices of the four books. `tally`: Tally's costs are counted on a book of about so many vouchers. */
  sizes: { small: number; medium: number; large: number; huge: number; tally: number };
  /** The numbers of companies to load at once, one number after the other, and how many invoices each company has. */
  companies: { counts: readonly number[]; invoices: number };
  runs: number;
  /** Names of the figures to make; empty: all. */
  only: string[];
  profileFolder?: string;
  /** A PostgreSQL to use instead of one of its own. */
  serverUrl?: string;
  say: (line: string) => void;
}

/** The results of a benchmark, as its JSON has them. */
export interface Report {
  date: string;
  /** The commit that was measured; null outside of a checkout. */
  commit: string | null;
  machine: { processor: string; cores: number; memoryGb: number; system: string; node: string; postgres: string };
  options: Pick<BenchOptions, 'sizes' | 'runs' | 'only'>;
  books: Record<
    string,
    { vouchers: number; ledgerLines: number; stockLines: number; bytes: number; indexBytes: number }
  >;
  figures: Figure[];
  cases: Record<string, { seconds: number; cpuSeconds: number; peakMb: number; runs: Measured[] }>;
  checks: Check[];
  /** The cost of each way of asking Tally, on a book of so many vouchers. */
  tally: { vouchers: number; costs: TallyCost[] };
  manyCompanies: ManyCompanies[];
  /** The error of the naive way on an answer of more than 512 MB. */
  naiveTooLong: string | null;
  failures: string[];
}

/** Runs the whole benchmark, or the figures named. Removes its temporary files, also after a failure. */
export async function runBench(options: BenchOptions): Promise<Report> {
  const { say, runs } = options;
  const commit = commitHere();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-bench-'));
  const bundle = await bundleChild();
  const processes = new Processes(bundle, options.profileFolder);
  const server = options.serverUrl === undefined ? await startServer() : borrowed(options.serverUrl);
  try {
    const started = performance.now();
    const planned = stepsFor(options.only, hasRoom(folder, options));
    const books = await prepareBooks(processes, folder, options, planned);
    say(`Books made in ${((performance.now() - started) / 1000).toFixed(0)} s.`);
    const ofCompanies = await prepareCompanies(processes, folder, options, planned);
    const sender = await processes.startSender([...Object.values(books), ...ofCompanies]);
    const emptyWarehouse = await createWarehouse(server.url);
    const bench: Bench = {
      ...{ processes, server: server.url, emptyWarehouse, sender, books, results: new Results() },
      tallyVouchers: options.sizes.tally,
      companies: { books: ofCompanies, counts: options.companies.counts },
    };
    for (let round = 1; round <= runs; round++) await runRound(bench, round, round === runs, planned, say);
    await dropDatabase(server.url, emptyWarehouse);
    return { commit, ...(await reportOf(bench, options)) };
  } finally {
    processes.stop();
    await server.stop();
    for (const made of [folder, path.dirname(bundle)]) fs.rmSync(made, { recursive: true, force: true });
  }
}

const borrowed = (url: string): Server => ({ url, stop: () => Promise.resolve() });

/**
 * Whether the disk has room for all temporary files, those of the huge book included. If not, says so; other figures
 * need less.
 */
function hasRoom(folder: string, { sizes, say }: BenchOptions): boolean {
  const { bavail, bsize } = fs.statfsSync(folder);
  const gigabytes = (hugeGb * sizes.huge) / 500_000;
  const fits = bavail * bsize >= gigabytes * 1e9;
  if (!fits) say(`The huge book is left out: with it the files need ${gigabytes.toFixed(0)} GB in ${os.tmpdir()}.`);
  return fits;
}

async function prepareBooks(
  processes: Processes,
  folder: string,
  { sizes }: BenchOptions,
  planned: Step[],
): Promise<Books> {
  const allKinds = (vouchers: number): Omit<BookSpec, 'name'> => ({
    invoices: Math.round(vouchers * invoiceShare),
    ...{ encoding: 'utf-8-full', isForLittle: true, withOthers: true },
  });
  const specs: Record<BookName, Omit<BookSpec, 'name'>> = {
    huge: { invoices: sizes.huge, encoding: 'utf-8-full', isForLittle: true },
    hugeSpread: { invoices: sizes.huge, encoding: 'utf-8-full', isForLittle: true, changes: 'spread' },
    large: { invoices: sizes.large, encoding: 'utf-8-full', isForLittle: true },
    medium: { invoices: sizes.medium, encoding: 'utf-8-full' },
    small: { invoices: sizes.small, encoding: 'utf-8-full', isForLittle: true },
    smallUtf16: { invoices: sizes.small, encoding: 'utf-16' },
    smallChanged: { invoices: sizes.small, encoding: 'utf-8-full', changes: 'spread', isForLittle: true },
    largeChanged: { invoices: sizes.large, encoding: 'utf-8-full', changes: 'run', isForLittle: true },
    allKinds: allKinds(sizes.small),
    allKindsMedium: allKinds(sizes.medium),
    largeSpread: { invoices: sizes.large, encoding: 'utf-8-full', changes: 'spread', isForLittle: true },
  };
  const needed = new Set<BookName>(['small', ...planned.flatMap(({ books }) => books)]);
  const made = await Promise.all([...needed].map((name) => processes.prepare([{ ...specs[name], name }], folder)));
  return Object.fromEntries(made.flat().map((book) => [book.name, book])) as unknown as Books;
}

/** A book for each company that is loaded at once with others; none if that is not measured. */
async function prepareCompanies(
  processes: Processes,
  folder: string,
  { companies: { counts, invoices } }: BenchOptions,
  planned: readonly Step[],
): Promise<PreparedBook[]> {
  if (!planned.includes(companies)) return [];
  const specs = Array.from({ length: Math.max(...counts) }, (_, at): BookSpec => {
    const company = at + 1;
    return { name: `company${company}`, company, invoices, encoding: 'utf-8-full', isForLittle: true };
  });
  return processes.prepare(specs, folder);
}

async function runRound(
  bench: Bench,
  round: number,
  isLast: boolean,
  planned: Step[],
  say: BenchOptions['say'],
): Promise<void> {
  for (const { names, once = false, run } of planned) {
    if (once && !isLast) continue;
    try {
      await run(bench);
      for (const name of names) {
        const last = bench.results.runs.get(name)?.at(-1);
        if (last)
          say(
            `${round}  ${name.padEnd(22)}${last.seconds.toFixed(2).padStart(8)} s${last.peakMb.toFixed(0).padStart(7)} MB`,
          );
      }
    } catch (error) {
      // The other steps still run.
      bench.results.failures.push(`${names.join(', ')}: ${(error as Error).message}`);
      say(`${round}  ${names.join(', ')} failed: ${(error as Error).message}`);
    }
  }
}

async function reportOf(
  { results, books, server }: Bench,
  { sizes, runs, only }: BenchOptions,
): Promise<Omit<Report, 'commit'>> {
  const cpus = os.cpus();
  const cases = [...results.runs].map(([name, of]) => [
    name,
    {
      seconds: results.median(name, ({ seconds }) => seconds)!,
      cpuSeconds: results.median(name, ({ cpuSeconds }) => cpuSeconds)!,
      peakMb: results.median(name, ({ peakMb }) => peakMb)!,
      runs: of,
    },
  ]);
  const counted = Object.values(books).map(({ name, vouchers, ledgerLines, stockLines, dayBook, index }) => [
    name,
    { vouchers, ledgerLines, stockLines, bytes: dayBook.bytes, indexBytes: index.bytes },
  ]);
  return {
    date: new Date().toISOString(),
    machine: {
      processor: cpus[0]?.model.trim() ?? 'unknown',
      cores: cpus.length,
      memoryGb: Math.round(os.totalmem() / 2 ** 30),
      system: `${os.type()} ${os.release()}`,
      node: process.version,
      postgres: await serverVersion(server),
    },
    options: { sizes, runs, only },
    books: Object.fromEntries(counted) as Report['books'],
    figures: figuresOf(results, books),
    cases: Object.fromEntries(cases) as Report['cases'],
    checks: checksOf(results, books),
    tally: { vouchers: costBook(sizes.tally).size, costs: results.tallyCosts },
    manyCompanies: results.manyCompanies,
    naiveTooLong: results.naiveTooLong ?? null,
    failures: results.failures,
  };
}

/** The commit of this checkout, with `-dirty` if files differ from it; null outside of a checkout. */
function commitHere(): string | null {
  const { status, stdout } = spawnSync('git', ['describe', '--always', '--dirty', '--exclude', '*'], {
    cwd: __dirname,
    encoding: 'utf8',
  });
  return status === 0 ? stdout.trim() : null;
}
