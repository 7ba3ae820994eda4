import { t } from '@vscode/l10n';
import type { CalendarDate, DateRange } from '../base/calendar.js';
import { EtlError } from '../base/errors.js';
import type { Masters } from '../invoice/classes/masters.js';
import type { Logger } from '../base/logger.js';
import { readCalendar, type WarehouseDay } from './read/calendar.js';
import { listCheckpoints, readCheckpoint, resetCheckpoint, type Checkpoint } from './records/checkpoints.js';
import { takeLock, type CompanyLock } from './postgres/companyLock.js';
import type { MissingInvoice } from './read/comparison.js';
import type { Connection } from './postgres/connection.js';
import { RangeRows, type ExportScope } from './read/exportRows.js';
import { rememberBooks, type BooksChange, type SeenBooks } from './records/knownMasters.js';
import { loadedSpan, markMissing, proveEmptyDays } from './records/loadedDays.js';
import { migrate, newerError, schemaState, type SchemaState } from './postgres/migrate.js';
import {
  countRejects,
  findCompany,
  listCompanies,
  listRejects,
  type RejectCount,
  type RejectFilter,
  type StoredReject,
} from './records/rejects.js';
import { listLogs, writeLog, type LoggedRun, type RunLog } from './records/runLogs.js';
import { readRememberedMasters, rememberFileMasters } from './records/rememberedMasters.js';
import { listSources, writeSource, type CompanySource, type KnownSource } from './records/sources.js';
import type { ServerSession } from './postgres/sessionSettings.js';
import { Stage, type StagedCompany } from './load/stage.js';
import { missingRights, tryWrites, type MissingRights } from './tryWrites.js';
import { encodingError, type Target, targetName, unreachable } from './warehouseError.js';

/** What a warehouse is reached by: `connect` opens a further session, `release` lets the embedded server go. */
export interface WarehouseAccess {
  target: Target;
  connect(applicationName?: string): Promise<Connection>;
  release(): Promise<void>;
}

const maxIdleMs = 10_000;

/** The warehouse as the jobs see it. Every failure is an EtlError. Close it, whatever happens. */
export class Warehouse {
  readonly #open = new Set<Connection>();
  #kept: { connection: Connection; since: number } | undefined;
  readonly #locks = new Map<string, CompanyLock>();
  readonly #server: ServerSession;
  /** Whether the connection from this program is encrypted; a pooler may talk to the server in plain text. */
  readonly isEncrypted: boolean;

  constructor(
    private readonly access: WarehouseAccess,
    private readonly applicationName: string,
    private readonly logger: Logger,
    private readonly hostName: string,
    connection: Connection,
  ) {
    this.#server = connection.server;
    this.isEncrypted = connection.isEncrypted;
    this.#open.add(connection);
    this.#kept = { connection, since: performance.now() };
  }

  /** Where it is, in words, without user and password: `embedded`, or `localhost:5432, database books`. */
  get target(): string {
    return targetName(this.access.target);
  }

  /** As the server says it: `18.4`. */
  serverVersion(): string {
    return this.#server.version;
  }

  /** How the schema stands to this program. Reads only. */
  schemaState(): Promise<SchemaState> {
    return this.#using((connection) => schemaState(connection));
  }

  /** What the user may not do, though a load does it; undefined: nothing. Reads only. */
  missingRights(): Promise<MissingRights | undefined> {
    return this.#using(missingRights);
  }

  /**
   * Does what a load does, in as many sessions at once as it has, and takes it back. Throws what a load would end with.
   */
  async tryWrites(): Promise<void> {
    const others: Connection[] = [];
    try {
      // A load holds one for its lock and one for what it has read, beside the one that is kept.
      while (others.length < 2) others.push(await this.#connect());
      await this.#using(tryWrites);
    } finally {
      for (const connection of others) {
        this.#open.delete(connection);
        await connection.close();
      }
    }
  }

  /**
   * Throws `warehouse-refused` for a database that has no place for ₹ and Indian scripts: a load would end at the first
   * one, in the middle of a range. SQL_ASCII keeps every byte as it comes.
   */
  assertEncoding(): void {
    const { encoding } = this.#server;
    if (encoding === 'UTF8' || encoding === 'SQL_ASCII') return;
    throw encodingError(this.access.target, encoding);
  }

  /** Brings the schema up to date; returns the names of the migrations it ran. Throws `schema-newer`. */
  async migrate(): Promise<string[]> {
    this.assertEncoding();
    return this.#using((connection) => migrate(connection, this.access.target, this.logger));
  }

  /** The date that a company's sync has reached, undefined where it has never run. */
  readCheckpoint(companyId: string): Promise<CalendarDate | undefined> {
    return this.#using((connection) => readCheckpoint(connection, companyId));
  }

  /** Puts a checkpoint where a person wants it; false where there is none. */
  resetCheckpoint(companyId: string, stream: string, lastDate: CalendarDate): Promise<boolean> {
    return this.#using((connection) => resetCheckpoint(connection, companyId, stream, lastDate));
  }

  /** The schema's state. Throws `schema-newer`: what a later version keeps in these tables may mean something else. Reads only. */
  async refuseNewer(): Promise<Exclude<SchemaState, 'newer'>> {
    const state = await this.schemaState();
    if (state === 'newer') throw newerError();
    return state;
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

  /** The companies that the warehouse has ever seen, by name. Reads only. */
  companies(): Promise<{ id: string; name: string }[]> {
    return this.#using(async (connection) =>
      (await schemaState(connection)) === 'empty' ? [] : listCompanies(connection),
    );
  }

  /** A company that the warehouse has seen, by its GUID in whatever letters; undefined: never. Reads only. */
  knownCompany(companyId: string): Promise<{ id: string; name: string } | undefined> {
    return this.#using(async (connection) =>
      (await schemaState(connection)) === 'empty' ? undefined : findCompany(connection, companyId),
    );
  }

  /** What a company has on each day that was ever loaded, oldest first. Needs tables. Reads only. */
  calendar(companyId: string): Promise<WarehouseDay[]> {
    return this.#using((connection) => readCalendar(connection, companyId));
  }

  /** The first and last day of a company that was ever loaded. */
  loadedSpan(companyId: string): Promise<DateRange | undefined> {
    return this.#using((connection) => loadedSpan(connection, companyId));
  }

  /** Marks invoices that Tally no longer has; those that were not marked before. The company's lock is to be held. */
  markMissing(companyId: string, invoiceIds: string[]): Promise<MissingInvoice[]> {
    if (this.#locks.get(companyId)?.held !== true) throw this.#lockLost();
    return this.#using((connection) => markMissing(connection, companyId, invoiceIds));
  }

  /** Puts days back on record as loaded wholly that hold no invoice, by these rules. The company must be locked. */
  proveEmptyDays(companyId: string, dates: CalendarDate[], rulesHash: string, runId: string): Promise<void> {
    if (this.#locks.get(companyId)?.held !== true) throw this.#lockLost();
    return this.#using((connection) => proveEmptyDays(connection, companyId, dates, rulesHash, runId));
  }

  /** Gives out rows of a range, all of one moment. Needs tables. Reads only. */
  async readRange<T>(scope: ExportScope, work: (rows: RangeRows) => Promise<T>): Promise<T> {
    const connection = await this.#connect();
    try {
      return await RangeRows.within(connection, scope, work);
    } finally {
      this.#open.delete(connection);
      await connection.close();
    }
  }

  /** Remembers a company's masters and counters, and takes the proof from the days that their change may have touched. */
  rememberBooks(companyId: string, seen: SeenBooks): Promise<BooksChange> {
    return this.#using((connection) => rememberBooks(connection, companyId, seen));
  }

  /** What is remembered of a company's masters, the most trusted source first. Reads only. */
  rememberedMasters(company: StagedCompany): Promise<Masters[]> {
    return this.#using((connection) => readRememberedMasters(connection, company.id, company.name));
  }

  /** Remembers what files say of masters that Tally has not told about. */
  rememberFileMasters(companyId: string, masters: Masters): Promise<void> {
    return this.#using((connection) => rememberFileMasters(connection, companyId, masters));
  }

  /** What is remembered of how Tally answers for a company. */
  listSources(companyId: string): Promise<KnownSource[]> {
    return this.#using((connection) => listSources(connection, companyId));
  }

  /** Remembers how Tally answers for a company, and gives what is known then. */
  writeSource(companyId: string, source: CompanySource): Promise<KnownSource> {
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
    this.assertEncoding();
    return Stage.create(await this.#connect(), company, () => {
      if (this.#locks.get(company.id)?.held === false) throw this.#lockLost();
    });
  }

  #lockLost(): EtlError {
    return unreachable(this.access.target, t('the connection that held the lock of this company was lost.'));
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
export function assertVersion({ version, versionNumber }: ServerSession, target: Target): void {
  if (versionNumber < 130_000)
    throw new EtlError(
      'warehouse-refused',
      t('The warehouse ({target}) is PostgreSQL {version}, which is too old.', {
        target: targetName(target),
        version,
      }),
      t('Use PostgreSQL 13 or newer, or leave DB_URL unset for the embedded warehouse.'),
    );
}
