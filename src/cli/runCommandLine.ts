import type { Writable } from 'node:stream';
import { version } from '../../package.json';
import { asEtlError, exitCodes, failureOf, type EtlError, type Environment } from '../core/core.js';
import type { Command, CommandContext } from './commandContext.js';
import { checkCommand } from './commands/checkCommand.js';
import { companiesCommand } from './commands/companiesCommand.js';
import { demoCommand } from './commands/demoCommand.js';
import { demoServerCommand } from './commands/demoServerCommand.js';
import { exportCommand } from './commands/exportCommand.js';
import { backfillCommand, clearAndReloadCommand, syncCommand } from './commands/loadCommands.js';
import { migrateCommand } from './commands/migrateCommand.js';
import { rejectsCommand } from './commands/rejectsCommand.js';
import { removeCompanyCommand } from './commands/removeCompanyCommand.js';
import { serveCommand } from './commands/serveCommand.js';
import { statusCommand } from './commands/statusCommand.js';
import { verifyCommand } from './commands/verifyCommand.js';
import { coloured } from './coloured.js';
import { readEnvironment } from './environment.js';
import { fitToWidth } from './fitToWidth.js';
import { helpText, type CommandName } from './help.js';
import { lineLogger } from './lineLogger.js';
import { glance, readCommandLine, type CommandLine } from './options.js';
import { printable } from './printable.js';
import { progressBar, progressLines } from './progress.js';

/** The streams and settings that a run of the program uses: those of the process, or a test's own. */
export interface Surroundings {
  stdout: Writable;
  stderr: Writable;
  env: Environment;
  /** The working folder. */
  folder: string;
  program: string;
  signal: AbortSignal;
}

const runners: Record<CommandName, Command> = {
  sync: syncCommand,
  backfill: backfillCommand,
  'clear-and-reload': clearAndReloadCommand,
  verify: verifyCommand,
  export: exportCommand,
  status: statusCommand,
  rejects: rejectsCommand,
  'remove-company': removeCompanyCommand,
  serve: serveCommand,
  migrate: migrateCommand,
  check: checkCommand,
  companies: companiesCommand,
  demo: demoCommand,
  'demo-server': demoServerCommand,
};

/** Runs one command line. Resolves to the exit code once all output is written; rejects only if writing fails. */
export async function runCommandLine(words: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    return await run(readCommandLine(words), surroundings);
  } catch (error) {
    return await reportFailure(asEtlError(error), words, surroundings);
  }
}

async function run(line: CommandLine, surroundings: Surroundings): Promise<number> {
  const print = (json: object, text: string): Promise<void> =>
    write(
      surroundings.stdout,
      `${line.json ? JSON.stringify(json) : shown(text, surroundings.stdout, surroundings)}\n`,
    );
  if (line.version) {
    await print({ version }, version);
    return 0;
  }
  if (line.help || line.command === undefined) {
    const help = helpText(line.command, line.json ? undefined : widthOfTerminal(surroundings.stdout));
    await print({ help }, help);
    return 0;
  }
  const env = readEnvironment(surroundings.env, surroundings.folder, line.envFile);
  const { folder, program, signal, stderr } = surroundings;
  return runners[line.command]({ line, env, folder, program, signal, print, runJob: jobRunner(line, stderr, signal) });
}

function jobRunner(line: CommandLine, stderr: Writable, signal: AbortSignal): CommandContext['runJob'] {
  return async (config, job) => {
    // Verbose prints too many lines for a bar.
    const view = isTerminal(stderr) && !line.verbose ? progressBar(stderr) : progressLines(stderr);
    const sayStopping = (): void => {
      view.line('Stopping … (press Ctrl+C again to stop at once)');
    };
    signal.addEventListener('abort', sayStopping);
    try {
      const logger = lineLogger((text) => {
        view.line(printable(text));
      }, line.verbose);
      return await job({ config, logger, signal, onProgress: view.show, program: 'cli' });
    } finally {
      signal.removeEventListener('abort', sayStopping);
      view.close();
    }
  };
}

const isTerminal = (stream: Writable): stream is NodeJS.WriteStream & Writable =>
  'isTTY' in stream && stream.isTTY === true;

/** The width of a terminal, if it gives one; undefined for files and pipes, whose readers want whole lines. */
const widthOfTerminal = (stream: Writable): number | undefined =>
  isTerminal(stream) && stream.columns > 0 ? stream.columns : undefined;

/** Text for the stream. A terminal's lines are broken between words, and coloured unless NO_COLOR or a dumb TERM is set. */
function shown(text: string, stream: Writable, { env }: Pick<Surroundings, 'env'>): string {
  const width = widthOfTerminal(stream);
  const fitted = printable(width === undefined ? text : fitToWidth(text, width));
  return isTerminal(stream) && !env.NO_COLOR && env.TERM !== 'dumb' ? coloured(fitted) : fitted;
}

/** Reports the error on stderr, with --json also on stdout, and resolves to the exit code. */
export async function reportFailure(
  error: EtlError,
  words: readonly string[],
  { stdout, stderr, env }: Surroundings,
): Promise<number> {
  const { command, json, verbose } = glance(words);
  const { code, message, hint, warnings } = error;
  const lines = [`Error: ${message} [${code}]`, hint, ...warnings.map((warning) => `Warning: ${warning}`)];
  await write(stderr, shown(`${lines.join('\n')}\n`, stderr, { env }));
  if (verbose) await write(stderr, printable(`${stackOf(error)}\n`));
  else if (code === 'unexpected') await write(stderr, 'Run it again with --verbose to see where it arose.\n');
  if (json) await write(stdout, `${JSON.stringify({ command, error: failureOf(error) })}\n`);
  return exitCodes[code];
}

function stackOf(error: Error): string {
  const stack = error.stack ?? error.message;
  return error.cause instanceof Error ? `${stack}\nCaused by: ${stackOf(error.cause)}` : stack;
}

/** Resolves when the text has left this process. A reader that has ended (`| head`) is not an error. */
async function write(stream: Writable, text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => {
      if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error);
      else resolve();
    });
  });
}
