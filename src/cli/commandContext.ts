import type { Config, Environment, JobContext } from '../core/core.js';
import type { CommandLine } from './options.js';

/** What a command is given: the words, the settings and the only ways to speak. */
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
  /** Runs a job with log lines and progress on stderr; whatever happens, the progress is gone afterwards. */
  runJob: <T>(config: Config, job: (context: JobContext) => Promise<T>) => Promise<T>;
}

/** A command; answers with its exit code, throws coded errors. */
export type Command = (context: CommandContext) => Promise<number>;
