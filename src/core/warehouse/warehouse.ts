import { t } from '@vscode/l10n';
import { EtlError } from '../base/errors.js';
import type { Logger } from '../base/logger.js';
import { Stage, type StagedCompany } from './load/stage.js';
import { takeLock, type CompanyLock } from './postgres/companyLock.js';
import type { Connection } from './postgres/connection.js';
import { migrate, newerError, schemaState, type SchemaState, type WantedShape } from './postgres/migrate.js';
import type { ServerSession } from './postgres/sessionSettings.js';
import { tryWrites } from './tryWrites.js';
import { encodingError, type Target, targetName, unreachable } from './warehouseError.js';

/** Access to a warehouse: `connect` opens a session, `release` leaves the embedded server. */
export interface WarehouseAccess {
  target: Target;
  connect(applicationName?: string): Promise<Connection>;
  release(): Promise<void>;
}

const maxIdleMs = 10_000;

/**
 * The warehouse as the jobs see it. A failure of PostgreSQL is thrown as an EtlError. Always call `close` at the end.
 */
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

  /** Where the warehouse is, without user and password: `built-in`, or `localhost:5432, database books`. */
  get target(): string {
    return targetName(this.access.target);
  }

  /** The server's version: `18.4`. */
  serverVersion(): string {
    return this.#server.version;
  }

  /**
   * Does `work` in a session and keeps the session for the next call: opening one takes longer than most queries. After
   * a failure the session is closed.
   */
  async use<T>(work: (session: Connection) => Promise<T>): Promise<T> {
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

  /**
   * As `use`, but throws unless this process holds the lock of the company. For work that marks or proves rows without
   * reading them from Tally.
   */
  useLocked<T>(companyId: string, work: (session: Connection) => Promise<T>): Promise<T> {
    if (this.#locks.get(companyId)?.held !== true) throw this.#lockLost();
    return this.use(work);
  }

  /** Does `work` in a separate session and closes the session. For work that takes long, or that may be cut off. */
  async useOwn<T>(work: (session: Connection) => Promise<T>): Promise<T> {
    const session = await this.#connect();
    try {
      return await work(session);
    } finally {
      this.#open.delete(session);
      await session.close();
    }
  }

  /**
   * Tries the writes of a load, with as many sessions as a load, and rolls them back. Throws the error that would end a
   * load.
   */
  tryWrites(): Promise<void> {
    // A load has three sessions: one for its lock, one for its stage, and the kept one.
    return this.useOwn(() => this.useOwn(() => this.use(tryWrites)));
  }

  /**
   * Throws `warehouse-refused` for an encoding without ₹ and Indian scripts. SQL_ASCII is accepted: it stores every
   * byte unchanged.
   */
  assertEncoding(): void {
    const { encoding } = this.#server;
    if (encoding === 'UTF8' || encoding === 'SQL_ASCII') return;
    throw encodingError(this.access.target, encoding);
  }

  /** Brings the schema up to date, in the wanted shape. Returns the names of the migrations that it ran. Throws `schema-newer`. */
  async migrate(wanted?: WantedShape): Promise<string[]> {
    this.assertEncoding();
    return this.use((connection) => migrate(connection, this.access.target, this.logger, undefined, wanted));
  }

  /** The schema's state. Throws `schema-newer`, because rows that a later version wrote may have another meaning. */
  async refuseNewer(): Promise<Exclude<SchemaState, 'newer'>> {
    const state = await this.use(schemaState);
    if (state === 'newer') throw newerError();
    return state;
  }

  /** Takes the right to load a company. Throws `locked` at once, naming the holder, if another run has it. */
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

  /**
   * Creates an empty stage for the data of one company. A merge fails if this object has taken the lock of the company
   * and lost it.
   */
  async createStage(company: StagedCompany, withLedger = false): Promise<Stage> {
    this.assertEncoding();
    const assertLocked = (): void => {
      if (this.#locks.get(company.id)?.held === false) throw this.#lockLost();
    };
    return Stage.create(await this.#connect(), company, assertLocked, withLedger);
  }

  #lockLost(): EtlError {
    return unreachable(this.access.target, t('the connection that held the lock of this company was lost.'));
  }

  /** Ends every session, and the locks with them, and leaves the embedded server, which its last user stops. */
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

  /**
   * The kept session, if there is one. Undefined if it is lost or was idle for long, because a router may have dropped
   * such a connection silently; it is then closed.
   */
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

/** Throws `warehouse-refused` for a PostgreSQL before 13, the oldest version that the contract names. */
export function assertVersion({ version, versionNumber }: ServerSession, target: Target): void {
  if (versionNumber < 130_000)
    throw new EtlError(
      'warehouse-refused',
      t('The warehouse ({target}) is PostgreSQL {version}, which is too old.', {
        target: targetName(target),
        version,
      }),
      t('Use PostgreSQL 13 or newer, or leave DB_URL unset for the built-in warehouse.'),
    );
}
