import type { CalendarDate, DateRange } from '../calendar.js';
import { EtlError } from '../errors.js';
import type { Logger } from '../logger.js';
import { listCheckpoints, readCheckpoint, resetCheckpoint, type Checkpoint } from './checkpoints.js';
import { takeLock, type CompanyLock } from './companyLock.js';
import type { Connection } from './connection.js';
import { readLoaded, type LoadedInvoice } from './loadedDays.js';
import { migrate, newerError, schemaState, type SchemaState } from './migrate.js';
import {
  countRejects,
  listCompanies,
  listRejects,
  rejectsBefore,
  type OlderReject,
  type RejectCount,
  type RejectFilter,
  type StoredReject,
} from './rejects.js';
import { listLogs, writeLog, type LoggedRun, type RunLog } from './runLogs.js';
import { listSources, writeSource, type CompanySource } from './sources.js';
import { Stage, type StagedCompany } from './stage.js';
import { unreachable } from './warehouseError.js';

/** What a warehouse is reached by: `connect` opens a further session, `release` lets the embedded server go. */
export interface WarehouseAccess {
  /** In words, without user and password: `embedded`, or `localhost:5432, database books`. */
  target: string;
  connect(applicationName?: string): Promise<Connection>;
  release(): Promise<void>;
}

const maxIdleMs = 10_000;

/** The warehouse as the jobs see it. Every failure is an EtlError. Close it, whatever happens. */
export class Warehouse {
  readonly #open = new Set<Connection>();
  #kept: { connection: Connection; since: number } | undefined;
  readonly #locks = new Map<string, CompanyLock>();

  constructor(
    private readonly access: WarehouseAccess,
    private readonly applicationName: string,
    private readonly logger: Logger,
    private readonly hostName: string,
    private readonly version: string,
    connection: Connection,
  ) {
    this.#open.add(connection);
    this.#kept = { connection, since: performance.now() };
  }

  /** Where it is, in words, without user and password. */
  get target(): string {
    return this.access.target;
  }

  /** As the server says it: `18.4`. */
  serverVersion(): string {
    return this.version;
  }

  /** How the schema stands to this program. Reads only. */
  schemaState(): Promise<SchemaState> {
    return this.#using((connection) => schemaState(connection));
  }

  /** Brings the schema up to date; returns the names of the migrations it ran. Throws `schema-newer`. */
  migrate(): Promise<string[]> {
    return this.#using((connection) => migrate(connection, this.target, this.logger));
  }

  /** The date that a company's sync has reached, undefined where it has never run. */
  readCheckpoint(companyId: string): Promise<CalendarDate | undefined> {
    return this.#using((connection) => readCheckpoint(connection, companyId));
  }

  /** Puts a checkpoint where a person wants it; false where there is none. */
  resetCheckpoint(companyId: string, stream: string, lastDate: CalendarDate): Promise<boolean> {
    return this.#using((connection) => resetCheckpoint(connection, companyId, stream, lastDate));
  }

  /** Throws `schema-newer`: what a later version keeps in these tables may mean something else. Reads only. */
  async refuseNewer(): Promise<void> {
    if ((await this.schemaState()) === 'newer') throw newerError();
  }

  /** All checkpoints, the latest runs and how many rejects there are; nothing without tables. Reads only. */
  status(
    limit: number,
    before?: number,
  ): Promise<{ checkpoints: Checkpoint[]; runs: LoggedRun[]; rejects: RejectCount[] }> {
    return this.#using(async (connection) => {
      if ((await schemaState(connection)) === 'empty') return { checkpoints: [], runs: [], rejects: [] };
      const runs = await listLogs(connection, limit, before);
      return { checkpoints: await listCheckpoints(connection), runs, rejects: await countRejects(connection) };
    });
  }

  /** The vouchers that could not be read, those of the latest run first, and how many there are. Reads only. */
  rejects(filter: RejectFilter, limit: number): Promise<{ rejects: StoredReject[]; companies: RejectCount[] }> {
    return this.#using(async (connection) => {
      if ((await schemaState(connection)) === 'empty') return { rejects: [], companies: [] };
      const rejects = await listRejects(connection, filter, limit);
      return { rejects, companies: await countRejects(connection, filter) };
    });
  }

  /** A company's rejects of the latest `days` days before a date that have any, oldest first. */
  rejectsBefore(companyId: string, before: CalendarDate, days: number): Promise<OlderReject[]> {
    return this.#using((connection) => rejectsBefore(connection, companyId, before, days));
  }

  /** The companies that the warehouse has ever seen, by name. Reads only. */
  companies(): Promise<{ id: string; name: string }[]> {
    return this.#using(async (connection) =>
      (await schemaState(connection)) === 'empty' ? [] : listCompanies(connection),
    );
  }

  /** Calls back with the invoices of the ranges' days that were loaded wholly by these rules. */
  eachLoaded(
    companyId: string,
    ranges: Iterable<DateRange>,
    rulesHash: string,
    each: (invoice: LoadedInvoice) => void,
  ): Promise<void> {
    return this.#using(async (connection) => {
      for await (const invoice of readLoaded(connection, companyId, ranges, rulesHash)) each(invoice);
    });
  }

  /** What is remembered of how Tally answers for a company. */
  listSources(companyId: string): Promise<CompanySource[]> {
    return this.#using((connection) => listSources(connection, companyId));
  }

  /** Remembers how Tally answers for a company. */
  writeSource(companyId: string, source: CompanySource): Promise<void> {
    return this.#using((connection) => writeSource(connection, companyId, source));
  }

  /** Puts a run on record. */
  writeLog(log: RunLog): Promise<void> {
    return this.#using((connection) => writeLog(connection, log));
  }

  /** Takes the right to load a company, or throws `locked` at once, naming who has it. */
  async lockCompany(companyId: string, command: string): Promise<CompanyLock> {
    const connection = await this.#connect(`${this.applicationName} ${command} on ${this.hostName}`);
    const lock = await takeLock(connection, companyId);
    this.#locks.set(companyId, lock);
    return {
      get held() {
        return lock.held;
      },
      release: async () => {
        this.#locks.delete(companyId);
        this.#open.delete(connection);
        await lock.release();
      },
    };
  }

  /** An empty stage for what is read of one company. A merge fails when the company's lock was taken here and is lost. */
  async createStage(company: StagedCompany): Promise<Stage> {
    return Stage.create(await this.#connect(), company, () => {
      if (this.#locks.get(company.id)?.held === false)
        throw unreachable(this.target, 'the connection that held the lock of this company was lost.');
    });
  }

  /** Ends every session, the lock with them, and stops the embedded server unless somebody else uses it. */
  async close(): Promise<void> {
    await Promise.all([...this.#open].map((connection) => connection.close()));
    this.#open.clear();
    await this.access.release();
  }

  async #connect(applicationName = this.applicationName): Promise<Connection> {
    const connection = await this.access.connect(applicationName);
    this.#open.add(connection);
    return connection;
  }

  /** In a session of its own, kept for the next one: opening one takes longer than most of what is asked. */
  async #using<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = this.#takeKept() ?? (await this.#connect());
    try {
      const result = await work(connection);
      this.#kept ??= { connection, since: performance.now() };
      return result;
    } finally {
      if (this.#kept?.connection !== connection) {
        this.#open.delete(connection);
        await connection.close();
      }
    }
  }

  /** Not after a long silence: what lies between may have forgotten the connection without a word. */
  #takeKept(): Connection | undefined {
    const kept = this.#kept;
    this.#kept = undefined;
    if (kept === undefined) return undefined;
    const { connection, since } = kept;
    if (!connection.lost && performance.now() - since < maxIdleMs) return connection;
    this.#open.delete(connection);
    void connection.close();
    return undefined;
  }
}

/** Throws `warehouse-refused` for a server older than 13, the oldest one the contract names. */
export async function checkVersion(connection: Connection, target: string): Promise<string> {
  const [row] = await connection.query<{ number: number; version: string }>(
    "SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version",
  );
  const { number, version } = row!;
  if (number < 130_000)
    throw new EtlError(
      'warehouse-refused',
      `The warehouse (${target}) is PostgreSQL ${version}, which is too old.`,
      'Use PostgreSQL 13 or newer, or leave DB_URL unset for the embedded warehouse.',
    );
  return version;
}
