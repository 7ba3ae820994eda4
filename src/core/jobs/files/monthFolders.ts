import fs from 'node:fs/promises';
import path from 'node:path';
import { NewFile, notWritten } from './newFile.js';

/** The size of a month's file when it was written. */
export interface MonthFile {
  rows: number;
  bytes: number;
}

export interface Month {
  /** The fingerprint of the rows in the files (monthStates). */
  fingerprint: string;
  /** The company's name in the rows of the files. */
  companyName: string;
  invoices: MonthFile;
  lines: MonthFile;
}

export const monthTables = ['invoices', 'lines'] as const;

/** The content of a company's `manifest.json`. The keys of `months` are like `2024-04`. */
export interface Manifest {
  version: 1;
  companyId: string;
  companyName: string;
  months: Record<string, Month>;
}

const manifestName = 'manifest.json';
const companyPrefix = 'company_id=';
const monthPrefix = 'month=';
const monthName = /^\d{4}-\d\d$/;

/**
 * The folder of one company: `company_id=ID` with `manifest.json`, `month=2024-04/invoices.parquet` and `lines.parquet`. From paths
 * of this form DuckDB, Spark and others know the company and month of a file, so that they read only the files that a query needs.
 */
export class MonthFolders {
  readonly folder: string;

  constructor(
    root: string,
    private readonly companyId: string,
  ) {
    this.folder = path.join(root, companyFolder(companyId));
  }

  get manifestPath(): string {
    return path.join(this.folder, manifestName);
  }

  pathOf(month: string, table: (typeof monthTables)[number]): string {
    return path.join(this.folder, monthPrefix + month, `${table}.parquet`);
  }

  /** Undefined if there is no manifest yet; `unreadable` if the file is not a manifest of this company. */
  async readManifest(): Promise<Manifest | 'unreadable' | undefined> {
    try {
      const manifest = asManifest(JSON.parse(await fs.readFile(this.manifestPath, 'utf8')));
      return manifest !== 'unreadable' && manifest.companyId === this.companyId ? manifest : 'unreadable';
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      if (error instanceof SyntaxError) return 'unreadable';
      throw notWritten(error, this.manifestPath);
    }
  }

  async writeManifest(manifest: Manifest): Promise<void> {
    await makeFolder(this.folder);
    const file = await NewFile.create(this.manifestPath);
    try {
      await file.write(Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`));
      await file.finish();
      await file.publish();
    } catch (error) {
      await file.discard();
      throw error;
    }
  }

  /** Creates both new files of a month, in the order of monthTables, for publishAll. */
  async create(month: string): Promise<NewFile[]> {
    await makeFolder(path.join(this.folder, monthPrefix + month));
    const made: NewFile[] = [];
    try {
      for (const table of monthTables) made.push(await NewFile.create(this.pathOf(month, table)));
    } catch (error) {
      await Promise.all(made.map((file) => file.discard()));
      throw error;
    }
    return made;
  }

  /** Whether both files of a month exist with the size with which they were written. */
  async hasFiles(month: string, written: Month): Promise<boolean> {
    for (const table of monthTables) {
      const found = await fs.stat(this.pathOf(month, table)).catch(() => undefined);
      if (found?.size !== written[table].bytes) return false;
    }
    return true;
  }

  /** The months that have a folder, whatever the manifest says. */
  async months(): Promise<string[]> {
    return (await namesIn(this.folder, monthPrefix)).filter((month) => monthName.test(month));
  }

  /** Deletes a month's files, and its folder unless it contains something else. */
  async remove(month: string): Promise<void> {
    try {
      for (const table of monthTables) await fs.rm(this.pathOf(month, table), { force: true });
    } catch (error) {
      throw notWritten(error, path.join(this.folder, monthPrefix + month));
    }
    await fs.rmdir(path.join(this.folder, monthPrefix + month)).catch(() => undefined);
  }
}

/** The folders with a manifest that belong to none of these companies. */
export async function foldersOfOthers(root: string, companyIds: string[]): Promise<string[]> {
  const known = companyIds.map(companyFolder);
  const others: string[] = [];
  for (const name of await namesIn(root, companyPrefix)) {
    const folder = companyPrefix + name;
    if (known.includes(folder)) continue;
    const manifest = await fs.stat(path.join(root, folder, manifestName)).catch(() => undefined);
    if (manifest) others.push(path.join(root, folder));
  }
  return others;
}

/** Characters that a file system may refuse are written as %XX, which DuckDB and others decode. */
const companyFolder = (companyId: string): string =>
  companyPrefix +
  [...Buffer.from(companyId)]
    .map((byte) =>
      /[\w-]/.test(String.fromCharCode(byte))
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');

async function namesIn(folder: string, prefix: string): Promise<string[]> {
  try {
    return (await fs.readdir(folder))
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw notWritten(error, folder);
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await fs.mkdir(folder, { recursive: true });
  } catch (error) {
    throw notWritten(error, folder);
  }
}

/** A manifest of another version is `unreadable`, so all its months are written again. */
function asManifest(value: unknown): Manifest | 'unreadable' {
  const { version, companyId, companyName, months } = (value ?? {}) as Partial<Record<keyof Manifest, unknown>>;
  if (version !== 1 || typeof companyId !== 'string' || typeof companyName !== 'string') return 'unreadable';
  if (typeof months !== 'object' || months === null) return 'unreadable';
  const isMonth = (month: Partial<Month> | null): boolean =>
    typeof month?.fingerprint === 'string' && monthTables.every((table) => typeof month[table]?.bytes === 'number');
  // The names of months become paths of files that are deleted, so each name is checked.
  const named = Object.entries(months as Record<string, Partial<Month> | null>);
  if (!named.every(([name, month]) => monthName.test(name) && isMonth(month))) return 'unreadable';
  return { version, companyId, companyName, months: months as Manifest['months'] };
}
