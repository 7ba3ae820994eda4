import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { build } from 'esbuild';
import type { Order, Told } from './jobChild.js';

/** In one file it comes up five times as fast as when tsx reads it. One for each process of tests: two may write at once. */
const program = `test-results/jobChild-${process.pid}.cjs`;

/** Makes the program that a JobProcess runs; before the first of them. */
export const bundleJobProgram = (): Promise<unknown> =>
  build({
    ...{ entryPoints: ['test/support/jobChild.ts'], outfile: program, logLevel: 'warning' },
    ...{ bundle: true, platform: 'node', format: 'cjs', external: ['pg-native'] },
  });

/** A process that does one job when it is told to, and can be killed the hard way. */
export class JobProcess {
  static readonly all = new Set<JobProcess>();
  private readonly child: ChildProcess = fork(program, { execArgv: [], stdio: 'ignore' });
  private readonly heard = new Map<string, number>();
  readonly ended: Promise<unknown> = once(this.child, 'close');
  private awaken = (): void => undefined;

  constructor() {
    JobProcess.all.add(this);
    this.child.on('message', (told: Told) => {
      this.heard.set(typeof told === 'string' ? told : told.failed, performance.now());
      this.awaken();
    });
  }

  start(order: Order): void {
    this.child.send(order);
  }

  /** The time at which the process told `phase`; undefined where it ended without. */
  async told(phase: Told & string): Promise<number | undefined> {
    while (!this.heard.has(phase) && this.child.exitCode === null && this.child.signalCode === null)
      await Promise.race([new Promise<void>((resolve) => (this.awaken = resolve)), this.ended]);
    return this.heard.get(phase);
  }

  async end(): Promise<void> {
    JobProcess.all.delete(this);
    this.child.kill('SIGKILL');
    await this.ended;
  }

  /** What it failed with, if it did. */
  get failure(): string | undefined {
    return [...this.heard.keys()].find((told) => told.includes(':'));
  }

  /** Kills it the hard way; false where it had finished before. A job that failed by itself fails the test. */
  async kill(): Promise<boolean> {
    await this.end();
    assert.equal(this.failure, undefined);
    return !this.heard.has('done');
  }
}
