// Shows that memory does not grow with the book: peak resident memory of a backfill of about 5,000 and about 50,000
// vouchers (15 KB and more each), in a process of its own, against a demo Tally in another one and an empty warehouse.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { today } from '../../src/core/calendar.js';
import { createBook } from '../../src/demo/book.js';

const cli = path.resolve(__dirname, '../../dist/cli.js');
const runs = 3;
/** Vouchers of the demo's books for one invoice asked for: they go on to today. */
const vouchersPerInvoice = createBook({ invoices: 18_000, until: today() }).size / 18_000;

interface Run {
  vouchers: number;
  seconds: number;
  peakMb: number;
}

/** Runs the command line to its end; its peak memory is left in the file that PEAK_MEMORY_FILE names. */
async function runCli(args: string[], env: Record<string, string>): Promise<string> {
  const preload = path.join(__dirname, 'peakMemory.cjs');
  const child = spawn(process.execPath, ['--require', preload, cli, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit') as Promise<[number | null]>;
  const [out, log, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${String(code)}\n${out}${log}`);
  return out;
}

async function measure(vouchers: number): Promise<Run> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-bench-'));
  fs.chmodSync(folder, 0o755); // as root PostgreSQL runs under another account, which must get in
  const invoices = String(Math.round(vouchers / vouchersPerInvoice));
  const tally = spawn(process.execPath, [cli, 'demo-server', '--json', '--invoices', invoices, '--port', '0']);
  try {
    const [line] = (await once(createInterface(tally.stdout), 'line')) as [string];
    const { url } = JSON.parse(line) as { url: string };
    const env = {
      TALLY_URL: url,
      TALLY_DATA_DIR: path.join(folder, 'data'),
      DB_URL: '',
      PEAK_MEMORY_FILE: path.join(folder, 'peak'),
    };
    await runCli(['migrate'], env); // making the warehouse is not what is measured
    const started = performance.now();
    const result = JSON.parse(await runCli(['backfill', createBook().range.from, today(), '--json'], env)) as {
      answered: { vouchers: number };
    };
    return {
      vouchers: result.answered.vouchers,
      seconds: (performance.now() - started) / 1000,
      peakMb: Number(fs.readFileSync(env.PEAK_MEMORY_FILE, 'utf8')) / 1024,
    };
  } finally {
    tally.kill('SIGTERM');
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function main(): Promise<void> {
  const results: Run[][] = [[], []];
  for (let i = 0; i < runs; i++) {
    results[0]!.push(await measure(5_000));
    results[1]!.push(await measure(50_000));
  }
  const [small, large] = results.map((of) => ({
    vouchers: of[0]!.vouchers,
    seconds: median(of.map((run) => run.seconds)),
    peakMb: median(of.map((run) => run.peakMb)),
  })) as [Run, Run];
  console.log(`peak memory, large book against small: ${(large.peakMb / small.peakMb).toFixed(2)} (bound 1.30)`);
  console.log(`medians of ${runs} runs:`);
  for (const { vouchers, seconds, peakMb } of [small, large])
    console.log(
      `  ${vouchers} vouchers: ${peakMb.toFixed(0)} MB peak, ${seconds.toFixed(1)} s, ${(vouchers / seconds).toFixed(0)} vouchers/s`,
    );
}

void main();
