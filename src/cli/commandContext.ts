import type { Config, Environment, JobContext } from '../core/core.js';
import type { CommandLine } from './options.js';

/** The input of a command, and its only ways to write output. */
export interface CommandContext {
  line: CommandLine;
  env: Environment;
  /** The working folder. */
  folder: string;
  /** How the program was called, for advice that can be copied: `tally-warehouse` or `node dist/cli.js`. */
  program: string;
  /** Aborted by the first SIGINT or SIGTERM. */
  signal: AbortSignal;
  /** Writes the result to stdout: the object with --json, else the text. Once per command. */
  print: (json: object, text: string) => Promise<void>;
  /** Runs a job with log lines and progress on stderr. A progress bar is removed afterwards, also after an error. */
  runJob: <T>(config: Config, job: (context: JobContext) => Promise<T>) => Promise<T>;
}

/** A command. Resolves to its exit code; throws EtlError. */
export type Command = (context: CommandContext) => Promise<number>;
