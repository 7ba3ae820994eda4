import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { Writable, type Readable } from 'node:stream';
import { runCommandLine } from '../../src/cli/runCommandLine.js';

const cli = path.resolve('dist/cli.js');

export interface Ran {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface Failure {
  command: string | null;
  error: { code: string; message: string; hint: string };
}

export interface Started {
  child: ChildProcessByStdio<null, Readable, Readable>;
  done: Promise<Ran>;
}

export function assertBuilt(): void {
  assert.ok(fs.existsSync(cli), 'dist/cli.js is missing: npm run build makes it');
}

/** The environment of a run in a folder, without any settings of this computer. */
const environmentOf = (folder: string, env: Record<string, string>): Record<string, string> => ({
  HOME: folder,
  TALLY_DATA_DIR: path.join(folder, 'data'),
  ...env,
});

class Collected extends Writable {
  text = '';
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** Runs a command line within this process, which is the program without its start. Signals and crashes need `startCli`. */
export async function runCli(
  folder: string,
  args: string[],
  env: Record<string, string>,
  signal = new AbortController().signal,
): Promise<Ran> {
  const [stdout, stderr] = [new Collected(), new Collected()];
  const surroundings = { stdout, stderr, folder, signal, program: 'tally-warehouse' };
  const exitCode = await runCommandLine(args, { ...surroundings, env: environmentOf(folder, env) });
  return { exitCode, stdout: stdout.text, stderr: stderr.text };
}

/** Starts the built program in a folder. */
export function startCli(folder: string, args: string[], env: Record<string, string>): Started {
  // `--` stops Node 20 from taking --env-file as its own option, which it does at any position.
  const child = spawn(process.execPath, ['--', cli, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...environmentOf(folder, env) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const done = once(child, 'close').then(([exitCode]) => ({ exitCode: exitCode as number | null, stdout, stderr }));
  return { child, done };
}

/** The answer of a run with --json: one JSON object on stdout, and nothing else. */
export function parseJson({ stdout, stderr }: Ran): unknown {
  assert.match(stdout, /^\{.*\}\n$/, stderr);
  return JSON.parse(stdout);
}

/** The answer of a run with --json that must succeed. */
export function answerOf(ran: Ran): unknown {
  assert.equal(ran.exitCode, 0, ran.stderr);
  return parseJson(ran);
}

/** The message and hint of a run with --json that failed. Checks the error code and the exit code. */
export function failureOf(ran: Ran, code: string, exitCode: number): string {
  const { error } = parseJson(ran) as Partial<Failure>;
  assert.equal(error?.code, code, ran.stdout);
  assert.equal(ran.exitCode, exitCode);
  assert.ok(error.hint.length > 10);
  return `${error.message} ${error.hint}`;
}

/** Resolves when the stream has said the words; rejects if the stream ends without them. */
export async function untilSays(stream: NodeJS.ReadableStream, words: string): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes(words)) resolve();
    });
    stream.on('end', () => {
      reject(new Error(`It never said "${words}", but: ${said}`));
    });
  });
}
