#!/usr/bin/env node
import path from 'node:path';
import { asEtlError, cancelled } from '../core/core.js';
import { reportFailure, runCommandLine, type Surroundings } from './runCommandLine.js';

const abort = new AbortController();

// The first signal asks the job to stop and roll back. A second signal ends the process at once.
function onSignal(): void {
  if (abort.signal.aborted) process.exit(130);
  abort.abort(cancelled());
}
process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);

// If the reader of our output ends (`| head`), writing fails with EPIPE. A running load must go on all the same.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

/** In a checkout `tally-warehouse` is not on the path, so commands in our advice begin with `node dist/cli.js`. */
const inCheckout = path.relative(process.cwd(), process.argv[1] ?? '') === path.join('dist', 'cli.js');

const words = process.argv.slice(2);
const surroundings: Surroundings = {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  folder: process.cwd(),
  program: inCheckout ? 'node dist/cli.js' : 'tally-warehouse',
  signal: abort.signal,
};

// All output is written by now. Without `exit` an open socket could keep a finished process alive.
const end = (exitCode: number): void => process.exit(exitCode);

// An error that a library throws in a callback, where nobody catches it, is reported like others: text, JSON and code.
process.on('uncaughtException', (error) => void reportFailure(asEtlError(error), words, surroundings).then(end));

void runCommandLine(words, surroundings).then(end);
