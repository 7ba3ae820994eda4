#!/usr/bin/env node
import path from 'node:path';
import { asEtlError, cancelled } from '../core/core.js';
import { reportFailure, runCommandLine, type Surroundings } from './runCommandLine.js';

const abort = new AbortController();

// The first signal asks the job to stop and roll back; whoever signals again does not want to wait for that.
function onSignal(): void {
  if (abort.signal.aborted) process.exit(130);
  abort.abort(cancelled());
}
process.on('SIGINT', onSignal);
process.on('SIGTERM', onSignal);

// A reader that went away (`| head`) must not end a run that is loading rows.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });

/** Someone in a checkout has no `tally-warehouse` on the path: advice to copy must fit how they called us. */
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

// Everything is written by now; a socket that lingers must not keep a finished run alive.
const end = (exitCode: number): void => process.exit(exitCode);

// What a library throws outside of any call is a failure like others: in words, as JSON, with its exit code.
process.on('uncaughtException', (error) => void reportFailure(asEtlError(error), words, surroundings).then(end));

void runCommandLine(words, surroundings).then(end);
