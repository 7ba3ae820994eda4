import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { bundledProgram, bundleProgram } from './bundleProgram.js';
import type { Order, Told } from './jobChild.js';

/** Builds the program that a JobProcess runs; call it before the first JobProcess. */
export const bundleJobProgram = (): Promise<unknown> => bundleProgram('jobChild');

/** A process that runs one job when ordered, and can be killed without warning. */
export class JobProcess {
  static readonly all = new Set<JobProcess>();
  private readonly child: ChildProcess = fork(bundledProgram('jobChild'), { execArgv: [], stdio: 'ignore' });
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

  /** The time at which the process reported `phase`; undefined if it ended without doing so. */
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

  /** The error of the job, if it failed. */
  get failure(): string | undefined {
    return [...this.heard.keys()].find((told) => told.includes(':'));
  }

  /** Kills the process without warning; false if the job had already finished. A job that failed before fails the test. */
  async kill(): Promise<boolean> {
    await this.end();
    assert.equal(this.failure, undefined);
    return !this.heard.has('done');
  }
}
