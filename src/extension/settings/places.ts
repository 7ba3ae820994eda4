// Tally's address, the company and the warehouse can be set in several places. Only this file decides which place counts.
import { breaksAtPassword, type Environment } from '../../core/base/config.js';
import { nameKey } from '../../core/base/names.js';

/** The names that count in a workspace's `.env`: those of the Python scripts' guide (docs/contract.md). */
export const placeNames = ['TALLY_URL', 'TALLY_COMPANY', 'DB_URL'] as const;
export type PlaceName = (typeof placeNames)[number];

/** The first source that has a value wins. For DB_URL `workspace` and `user` are secrets, for the other names settings. */
const narrowestFirst = ['workspace', 'dotEnv', 'user'] as const;
export type Source = (typeof narrowestFirst)[number] | 'default';

/** The values of each source. An empty value counts as absent. */
export interface Said {
  workspace: Environment;
  /** The folder's `.env`; empty if there is none, or if the workspace is not trusted. */
  dotEnv: Environment;
  user: Environment;
  /** The user's answers to doubts: which source is meant, and the `between` of the doubt. */
  meant: Partial<Record<PlaceName, { source: Source; between: string }>>;
}

/** The value that counts, and its source. */
export interface InForce {
  source: Source;
  value: string | undefined;
}

/** The value of the source that the user chose for the present doubt, else of the first source that has a value. */
export function inForce(said: Said, name: PlaceName): InForce {
  const doubt = doubtOf(said, name);
  const meant = said.meant[name];
  const source =
    doubt !== undefined && meant?.between === doubt.between
      ? meant.source
      : narrowestFirst.find((one) => says(said, one, name));
  if (source === undefined || source === 'default') return { source: 'default', value: undefined };
  return { source, value: said[source][name] };
}

/** A doubt: `.env` names one company or warehouse, and VS Code another one. */
export interface Doubt {
  name: PlaceName;
  sources: [Exclude<Source, 'default'>, Exclude<Source, 'default'>];
  /** The names in both sources, without user and password, so that they can be shown and stored. */
  named: [string, string];
  /** A key that changes when a name changes, so that an old answer no longer counts. */
  between: string;
}

export function doubtOf(said: Said, name: PlaceName): Doubt | undefined {
  const other = (['workspace', 'user'] as const).find((one) => says(said, one, name));
  if (name === 'TALLY_URL' || other === undefined || !says(said, 'dotEnv', name)) return undefined;
  const [here, there] = [nameOf(name, said.dotEnv[name]!), nameOf(name, said[other][name]!)];
  // A warehouse URL that cannot be read is an error elsewhere, not a doubt.
  if (here === undefined || there === undefined || nameKey(here) === nameKey(there)) return undefined;
  return { name, sources: ['dotEnv', other], named: [here, there], between: JSON.stringify([here, other, there]) };
}

/** The doubts that the user has not settled yet. */
export const openDoubts = (said: Said): Doubt[] =>
  placeNames.flatMap((name) => {
    const doubt = doubtOf(said, name);
    return doubt === undefined || said.meant[name]?.between === doubt.between ? [] : [doubt];
  });

/**
 * Where to write a new value: the source of the present one, if that is `workspace` or `.env`. Else `workspace` if the
 * folder has other values, else `user`.
 */
export function targetOf(said: Said, name: PlaceName): Exclude<Source, 'default'> {
  const { source } = inForce(said, name);
  if (source === 'workspace' || source === 'dotEnv') return source;
  return hasOwnPlaces(said) ? 'workspace' : 'user';
}

/** The companies that the workspace and the user have chosen; undefined: `tally.companies` is absent there. */
export type ChosenCompanies = Record<'workspace' | 'user', readonly string[] | undefined>;

/**
 * The companies for Sync All and the schedule: the workspace's, else the user's. An empty list of the workspace switches off the
 * user's. The user's are ignored in a folder that names a company, a Tally or a warehouse: they were chosen for other folders.
 * Empty: none are chosen.
 */
export function companiesInForce(said: Said, { workspace, user }: ChosenCompanies): readonly string[] {
  return workspace ?? (hasOwnPlaces(said) ? [] : (user ?? []));
}

const hasOwnPlaces = (said: Said): boolean =>
  placeNames.some((name) => says(said, 'workspace', name) || says(said, 'dotEnv', name));

/** Which of several folders counts. */
export interface FolderChoice<Folder> {
  folder: Folder | undefined;
  /** The folders with a `.env`, if there are several and the user has chosen none of them yet. */
  undecided: readonly Folder[];
}

/** The folder at the address `chosen` if it has a `.env`, else the first with a `.env`, else the first. */
export function chooseFolder<Folder extends { uri: { toString(): string } }>(
  folders: readonly Folder[],
  withDotEnv: readonly Folder[],
  chosen: string | undefined,
): FolderChoice<Folder> {
  const known = withDotEnv.find(({ uri }) => uri.toString() === chosen);
  return {
    folder: known ?? withDotEnv[0] ?? folders[0],
    undecided: known === undefined && withDotEnv.length > 1 ? withDotEnv : [],
  };
}

/** Whether any source sets Tally's address, the company or the warehouse. Otherwise the defaults count. */
export const saysAnything = (said: Said): boolean =>
  placeNames.some((name) => inForce(said, name).source !== 'default');

const says = (said: Said, source: Exclude<Source, 'default'>, name: PlaceName): boolean =>
  (said[source][name] ?? '').trim() !== '';

const nameOf = (name: PlaceName, value: string): string | undefined =>
  name === 'DB_URL' ? serverAndDatabase(value) : value.trim();

/** `host:port/database`; undefined if the text is not a usable URL of PostgreSQL. */
export function serverAndDatabase(dbUrl: string): string | undefined {
  if (!/^postgres(ql)?:\/\//.test(dbUrl) || !URL.canParse(dbUrl) || breaksAtPassword(dbUrl)) return undefined;
  const { host, pathname, searchParams } = new URL(dbUrl);
  // As in libpq, a query parameter wins over the host or the path of the URL.
  const database = searchParams.get('dbname') || pathname.replace(/^\//, '');
  return [searchParams.get('host') || host || 'localhost', ...(database ? [database] : [])].join('/');
}
