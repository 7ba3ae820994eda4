import type * as Yaml from 'yaml';
import { asEtlError, type Config, type Environment, EtlError, readConfig, tallyKey } from '../core/core.js';
import { closestWord } from './closestWord.js';

const keys = ['url', 'company', 'warehouse'] as const;
type Key = (typeof keys)[number];

/** A key and its value as written in the file. The value is undefined if it is a list or a map. */
type Written = readonly [key: string, value: string | undefined];

/** Names an entry in a message: `Entry 2 (line 7) of companies.yaml`. */
type Place = string;

/**
 * The configurations of a list of companies, one for each entry. The environment gives what an entry leaves out. Throws
 * `config` for anything that cannot be understood, if possible with its line. If it were ignored, a company could be
 * left out or loaded into another warehouse. Messages never show the warehouse, which may contain a password.
 */
export async function readCompaniesFile(bytes: Uint8Array, file: string, env: Environment): Promise<Config[]> {
  const yaml = await import('yaml'); // loaded here, because only `sync --all` needs it
  return readList(yaml, decoded(bytes, file), file, env);
}

function readList(yaml: typeof Yaml, text: string, file: string, env: Environment): Config[] {
  const { isMap, isSeq, isScalar } = yaml;
  const textOf = (node: unknown): string | undefined => (isScalar(node) ? String(node.value) : undefined);
  const lines = new yaml.LineCounter();
  // With the schema `failsafe` every value is text, also the name of a company called 2024 or No.
  const document = yaml.parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });
  const lineOf = (node: { range?: readonly number[] | null } | null): number =>
    lines.linePos(node?.range?.[0] ?? 0).line;
  // The parser only warns about a tag that it ignores. The value may then be wrong, so a warning is an error here.
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) {
    const { line } = lines.linePos(problem.pos[0]);
    // The parser's message quotes the file, which may hold a password. The error has no cause either,
    // because --verbose prints causes.
    throw refused(`Line ${line} of ${file} cannot be read as YAML: ${problem.code}.`, howToWrite);
  }
  const list = isMap(document.contents) ? document.contents.get('companies', true) : document.contents;
  if (!isSeq(list) || list.items.length === 0) throw refused(`${file} has no list of companies.`, howToWrite);
  const other = isMap(document.contents)
    ? document.contents.items.find(({ key }) => textOf(key) !== 'companies')
    : undefined;
  if (other) throw unknownKey(`Line ${lineOf(other.key)} of ${file}`, textOf(other.key) ?? '', ['companies']);

  const seen = new Map<string, string>();
  return list.items.map((item, at) => {
    const number = `Entry ${at + 1} (line ${lineOf(item)})`;
    const place: Place = `${number} of ${file}`;
    if (!isMap(item)) throw refused(`${place} does not have the form key: value.`, howToWrite);
    const pairs = item.items.map(({ key, value }): Written => [textOf(key) ?? '', value === null ? '' : textOf(value)]);
    const config = configOf(readEntry(pairs, place), place, env);
    const key = JSON.stringify([tallyKey(config), config.company?.trim().toLowerCase(), config.dbUrl]);
    const same = seen.get(key);
    if (same !== undefined)
      throw refused(
        `${place} repeats ${same}: the same Tally, company and warehouse.`,
        'Remove one of the two entries.',
      );
    seen.set(key, number);
    return config;
  });
}

const howToWrite =
  'Write it like:\ncompanies:\n  - url: http://localhost:9000\n    company: Bharat Traders\n    warehouse: ${BHARAT_DB_URL}';

function decoded(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw refused(`${file} is not UTF-8.`, 'Save the file as UTF-8.', error);
  }
}

/** The keys of an entry and their values. Throws `config`. */
function readEntry(pairs: readonly Written[], place: Place): Partial<Record<Key, string>> {
  const entry: Partial<Record<Key, string>> = {};
  for (const [written, text] of pairs) {
    const name = keys.find((one) => one === written);
    if (name === undefined) throw unknownKey(place, written, keys);
    if (text === undefined) throw refused(`${place}: ${name} is not a single value.`, `Write one value after ${name}:`);
    // An empty value must not mean the default: all open companies, or the warehouse of DB_URL.
    if (text.trim() === '')
      throw refused(`${place}: ${name} has no value.`, `Write a value after ${name}:, or remove the key.`);
    entry[name] = text;
  }
  return entry;
}

function configOf({ url, company, warehouse }: Partial<Record<Key, string>>, place: Place, env: Environment): Config {
  if (url === undefined)
    throw refused(`${place} has no url.`, 'Write the address of its Tally: url: http://localhost:9000');
  const own: Environment = {
    TALLY_URL: withVariables(url, place, env),
    TALLY_COMPANY: company,
    ...(warehouse !== undefined && { DB_URL: warehouseOf(warehouse.trim(), place, env) }),
  };
  try {
    return readConfig({ ...env, ...own });
  } catch (thrown) {
    const { code, message, hint, setting } = asEtlError(thrown);
    // `message` and the cause quote the address with the values of its variables, which may be secret. So both are dropped.
    if (setting === 'TALLY_URL' && url.includes('${'))
      throw refused(`${place}: url with its variables is not an http address.`, 'Correct the variables that url uses.');
    const inFile = (text: string): string => text.replaceAll('TALLY_URL', 'url').replaceAll(/\bDB_URL/g, 'warehouse');
    throw new EtlError(code, `${place}: ${inFile(message)}`, inFile(hint), { cause: thrown });
  }
}

/** The DB_URL for the key `warehouse`: an address, the name of a variable, or `built-in`, for which this returns ''. */
function warehouseOf(text: string, place: Place, env: Environment): string {
  if (text === 'built-in') return '';
  return withVariables(isVariableName(text) ? `\${${text}}` : text, place, env);
}

/** Replaces each `${NAME}` by the variable NAME. Throws `config` if it is not set or empty, or if NAME is not a name. */
const withVariables = (text: string, place: Place, env: Environment): string =>
  text.replaceAll(/\$\{([^}]*)\}/g, (_, inBraces: string) => {
    const name = inBraces.trim();
    if (!isVariableName(name))
      throw refused(
        `${place} has \${…} around text that is not the name of a variable.`,
        'Write it like ${BHARAT_DB_URL}.',
      );
    const value = env[name]?.trim();
    if (value) return value;
    throw refused(
      `${place} uses the variable ${name}, which the environment does not have.`,
      `Set ${name} where the command is started.`,
    );
  });

const isVariableName = (text: string): boolean => /^[A-Za-z_]\w*$/.test(text);

function unknownKey(place: Place, written: string, known: readonly string[]): EtlError {
  const meant = closestWord(written, known);
  // If a blank or a quote is missing, YAML reads an address with its password as a key. So only a plain word is shown.
  const isWord = /^[a-z_-]+$/i.test(written);
  return refused(
    `${place} has an unknown key${isWord ? `: ${written}` : ''}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`,
    `Use ${known.join(', ')}.`,
  );
}

const refused = (message: string, hint: string, cause?: unknown): EtlError =>
  new EtlError('config', message, hint, { cause });
