import type { CalendarDate, DateRange } from '../calendar.js';
import { EtlError } from '../errors.js';
import type { Logger } from '../logger.js';
import { listCheckpoints, readCheckpoint, resetCheckpoint, type Checkpoint } from './checkpoints.js';
import { takeLock, type CompanyLock } from './companyLock.js';
import type { Connection } from './connection.js';
import { readLoaded, type LoadedInvoice } from './loadedDays.js';
import { migrate, schemaState, type SchemaState } from './migrate.js';
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

/** The warehouse as the jobs see it. Every failure is an EtlError. Close it, whatever happens. */
export class Warehouse {
  readonly #open = new Set<Connection>();
  readonly #locks = new Map<string, CompanyLock>();

  constructor(
    private readonly access: WarehouseAccess,
    private readonly applicationName: string,
    private readonly logger: Logger,
    private readonly hostName: string,
    private readonly version: string,
  ) {}

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

  /** All checkpoints and the latest runs; nothing where there are no tables yet. Reads only. */
  status(limit: number, before?: number): Promise<{ checkpoints: Checkpoint[]; runs: LoggedRun[] }> {
    return this.#using(async (connection) => {
      if ((await schemaState(connection)) === 'empty') return { checkpoints: [], runs: [] };
      return { checkpoints: await listCheckpoints(connection), runs: await listLogs(connection, limit, before) };
    });
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

  async #using<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
    const connection = await this.#connect();
    try {
      return await work(connection);
    } finally {
      this.#open.delete(connection);
      await connection.close();
    }
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
