import { parseArgs } from 'node:util';
import { EtlError, parseRange, type DateRange } from '../core/core.js';
import { closestWord } from './closestWord.js';
import { commandNames, commands, usageLine, type CommandName } from './help.js';
import { isCommon, optionTable, type OptionName } from './optionTable.js';

/** A command line after reading. */
export type CommandLine = ReturnType<typeof readCommandLine>;

/** Reads only the command, --json and --verbose, without checks: enough to report an error in the requested form. */
export function glance(words: readonly string[]): { command: string | null; json: boolean; verbose: boolean } {
  const { values, positionals } = parseArgs({
    args: [...words],
    options: optionTable,
    allowPositionals: true,
    strict: false,
  });
  return { command: positionals[0] ?? null, json: values.json === true, verbose: values.verbose === true };
}

/** Turns `help sync` into `sync --help`. */
function withoutHelp(words: readonly string[]): readonly string[] {
  const at = words.indexOf('help');
  return glance(words).command === 'help' ? [...words.slice(0, at), ...words.slice(at + 1), '--help'] : words;
}

/** Reads a command line; throws `usage` that says what is wrong and shows the usage line. */
export function readCommandLine(typed: readonly string[]) {
  const words = withoutHelp(typed);
  const { command: word } = glance(words);
  const command = commandNames.find((name) => name === word);
  if (word !== null && command === undefined)
    throw new EtlError('usage', `Unknown command: ${word}${didYouMean(word, commandNames, '.')}`, whichCommand);

  const { values, positionals } = parseStrictly(words, command);
  const args = positionals.slice(1);
  const line = {
    /** Undefined only with --help or --version. */
    command,
    /** As many as the command takes, unless `help` or `version` is set. */
    args,
    json: values.json === true,
    verbose: values.verbose === true,
    help: values.help === true,
    version: values.version === true,
    envFile: values['env-file'],
    dayByDay: values['day-by-day'] === true,
    dryRun: values['dry-run'] === true,
    force: values.force === true,
    /** Paths as typed, perhaps relative to the working folder; `companies`, `out` and `partitioned` are too. */
    files: values.file ?? [],
    all: values.all === true,
    companies: values.companies,
    parallel: wholeNumber('--parallel', values.parallel, 1, 32, command),
    company: values.company,
    out: values.out,
    partitioned: values.partitioned,
    content: values.content,
    format: values.format,
    noBom: values['no-bom'] === true,
    totals: values.totals === true,
    yes: values.yes === true,
    showPassword: values['show-password'] === true,
    limit: wholeNumber('--limit', values.limit, 0, 10_000_000, command),
    distributed: values.distributed === true,
    partitions: wholeNumber('--partitions', values.partitions, 2, 64, command),
    invoices: wholeNumber('--invoices', values.invoices, 1, 10_000_000, command),
    port: wholeNumber('--port', values.port, 0, 65_535, command),
  };
  if (!line.help && !line.version) checkArguments(command, args, line.partitioned !== undefined);
  if (!line.all && (line.companies !== undefined || line.parallel !== undefined))
    throw new EtlError('usage', '--companies and --parallel go with --all.', howTo(command));
  return line;
}

/** The range of a command that takes one. Throws `usage`. */
export const rangeOf = ({ args: [from = '', to = ''] }: CommandLine): DateRange => parseRange(from, to);

function parseStrictly(words: readonly string[], command: CommandName | undefined) {
  const own: readonly OptionName[] = command === undefined ? [] : commands[command].options;
  // Only the options that this command takes, so parseArgs refuses others. The type still names all options, so that
  // TypeScript knows the type of each value.
  const options = Object.fromEntries(
    Object.entries(optionTable).filter(([name]) => isCommon(name as OptionName) || own.some((o) => o === name)),
  ) as typeof optionTable;
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const [sentence = ''] = error.message.split(/\.? To specify|\n/);
    const unknown = /^Unknown option '--([\w-]+)/.exec(sentence)?.[1];
    const meant =
      unknown === undefined
        ? ''
        : didYouMean(
            `--${unknown}`,
            Object.keys(options).map((name) => `--${name}`),
          );
    throw new EtlError('usage', `${sentence.replace(/\.$/, '')}.${meant}`, howTo(command), { cause: error });
  }
}

/** Throws `usage` without a command or for a wrong number of arguments. `isWhole`: `--partitioned` takes no range. */
function checkArguments(
  command: CommandName | undefined,
  args: readonly string[],
  isWhole: boolean,
): asserts command is CommandName {
  if (command === undefined) throw new EtlError('usage', 'No command was given.', whichCommand);
  const wanted = isWhole ? [] : commands[command].args;
  if (args.length < wanted.length) throw new EtlError('usage', `${wanted[args.length]!} is missing.`, howTo(command));
  if (args.length > wanted.length)
    throw new EtlError('usage', `Too many arguments: ${args.slice(wanted.length).join(' ')}`, howTo(command));
}

/** `end` and ` Did you mean --dry-run?` if a known word is close to `typed`, else ''. */
function didYouMean(typed: string, known: readonly string[], end = ''): string {
  const word = closestWord(typed, known);
  return word === undefined ? '' : `${end} Did you mean ${word}?`;
}

const whichCommand = `Usage: ${usageLine(undefined)}, where <command> is ${commandNames.join(', ')}.`;

const howTo = (command: CommandName | undefined): string => `Usage: ${usageLine(command)}`;

function wholeNumber(
  name: string,
  text: string | undefined,
  min: number,
  max: number,
  command: CommandName | undefined,
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < min || value > max)
    throw new EtlError('usage', `${name} is not a whole number from ${min} to ${max}: ${text}`, howTo(command));
  return value;
}
