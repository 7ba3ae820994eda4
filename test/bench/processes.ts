import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import esbuild from 'esbuild';
import type { Task, Told } from './child.js';
import type { Measured } from './measured.js';
import type { Order } from './order.js';
import type { BookSpec, PreparedBook } from './prepared.js';
import type { CostOrder, TallyCost } from './tally/cost.js';

const root = path.resolve(__dirname, '../..');

/** The product's worker, made by `node esbuild.mjs`. */
export const workerFile = path.join(root, 'dist/jobWorker.js');

/**
 * Bundles the processes of the benchmark, with the settings that the product's bundles need. The bundle is below the
 * project's root, where it finds the files that the product ships. It has a folder of its own, which the caller
 * removes.
 */
export async function bundleChild(): Promise<string> {
  fs.mkdirSync(path.join(root, 'test-results'), { recursive: true });
  const outfile = path.join(fs.mkdtempSync(path.join(root, 'test-results/bench-')), 'child.js');
  await esbuild.build({
    entryPoints: [path.join(__dirname, 'child.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
    external: ['pg-native'],
    define: { 'import.meta.url': '__importMetaUrl', Response: 'undefined' },
    banner: { js: "const __importMetaUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
  return outfile;
}

/** Starts the processes of one benchmark. CPU profiles of measured processes go into `profileFolder`, if given. */
export class Processes {
  readonly #running = new Set<ChildProcess>();

  constructor(
    private readonly child: string,
    private readonly profileFolder?: string,
  ) {}

  prepare(specs: BookSpec[], folder: string): Promise<PreparedBook[]> {
    return this.#ask({ do: 'prepare', specs, folder });
  }

  /** The address of a sender, which serves until `stop`. */
  startSender(books: PreparedBook[]): Promise<string> {
    return this.#ask({ do: 'send', books });
  }

  measure(order: Order, name: string): Promise<Measured> {
    const profile = this.profileFolder;
    return this.#ask(
      { do: 'measure', order },
      profile === undefined
        ? []
        : ['--cpu-prof', `--cpu-prof-dir=${profile}`, `--cpu-prof-name=${name}-${Date.now()}.cpuprofile`],
    );
  }

  tallyCosts(order: CostOrder): Promise<TallyCost[]> {
    return this.#ask({ do: 'meter', order });
  }

  stop(): void {
    for (const child of this.#running) child.kill('SIGKILL');
  }

  async #ask<T>(task: Task, nodeOptions: string[] = []): Promise<T> {
    // On a small machine, parsing a whole answer at once takes more heap than Node.js allows by default.
    const execArgv = task.do === 'measure' && task.order.case.startsWith('naive') ? ['--max-old-space-size=6144'] : [];
    const child = fork(this.child, [], { execArgv: [...execArgv, ...nodeOptions] });
    this.#running.add(child);
    const ended = once(child, 'exit').then(([code, signal]): Told => {
      this.#running.delete(child);
      return { failed: `The process ended: ${String(code ?? signal)}` };
    });
    child.send(task);
    const told = await Promise.race([once(child, 'message').then(([message]) => message as Told), ended]);
    if (task.do !== 'send') await ended;
    if ('failed' in told) throw new Error(told.failed);
    return told.done as T;
  }
}
