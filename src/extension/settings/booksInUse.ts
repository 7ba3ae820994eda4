import type { DateRange } from '../../core/base/calendar.js';
import type { InvoiceOrder, RegisterFilter } from '../../core/core.js';
import { EtlError } from '../../core/base/errors.js';
import type { DemoCompany } from '../demoCompany.js';
import { messages } from '../messages.js';
import type { Configuration, SourcedConfig } from './configuration.js';
import { saysAnything } from './places.js';

/** The demo's books or the user's, and which company if not the configured one. */
export interface Books {
  inDemo: boolean;
  company?: string | undefined;
}

/**
 * A range that a command is called with, so that it does not ask for one. Without `inDemo` it is of the books in use.
 * `totals`: a comparison is by totals.
 */
export type GivenRange = DateRange & Partial<Books> & { totals?: boolean };

/** The invoices that a command is called for: those of a range that match the filter, in an order. */
export type GivenInvoices = GivenRange & {
  companyId?: string | undefined;
  filter?: RegisterFilter | undefined;
  order?: InvoiceOrder | undefined;
};

/** Which books the commands work on, and the configuration of a job on them. */
export class BooksInUse {
  constructor(
    private readonly configuration: Configuration,
    private readonly demo: DemoCompany,
  ) {}

  /** The books that a command was given, else the demo's while it runs, else the user's. */
  now(given: Partial<Books> = {}): Books {
    return { inDemo: given.inDemo ?? this.demo.running !== undefined, company: given.company };
  }

  /**
   * The configuration of a job. `inDemo` was fixed when the user was asked, so work meant for a demo that has stopped
   * meanwhile throws `tally-unreachable` and never reaches the user's warehouse. Throws `config` too.
   */
  async configOf({ inDemo, company }: Books): Promise<SourcedConfig> {
    if (inDemo && !this.demo.running)
      throw new EtlError('tally-unreachable', messages.demo.notRunning(), messages.demo.startAgain());
    const config: SourcedConfig = inDemo ? this.demo.running!.config : await this.configuration.read();
    if (company === undefined) return config;
    const { origin } = config;
    return {
      ...{ ...config, company },
      ...(origin && { origin: { ...origin, from: { ...origin.from, TALLY_COMPANY: 'default' } } }),
    };
  }

  /** Whether the books in use are the demo's, or the user has set Tally's address, a company or a warehouse. */
  async areChosen(): Promise<boolean> {
    return this.demo.running !== undefined || saysAnything(await this.configuration.sources());
  }
}
