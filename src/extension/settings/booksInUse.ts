import type { SecretStorage } from 'vscode';
import type { DateRange } from '../../core/base/calendar.js';
import type { Config } from '../../core/base/config.js';
import { EtlError } from '../../core/base/errors.js';
import type { DemoCompany } from '../demoCompany.js';
import { messages } from '../messages.js';
import { hasConfiguration, readConfiguration } from './configuration.js';

/** Whose books: the demo's or the user's, and which company if not the one that is set. */
export interface Books {
  inDemo: boolean;
  company?: string | undefined;
}

/**
 * A range with which a command is called instead of asking for one; without `inDemo`, of the books in use. `totals`: to be compared by
 * totals.
 */
export type GivenRange = DateRange & Partial<Books> & { totals?: boolean };

/** Whose books the commands work on, and what a job on them runs with. */
export class BooksInUse {
  constructor(
    private readonly secrets: SecretStorage,
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
  async configOf({ inDemo, company }: Books): Promise<Config> {
    if (inDemo && !this.demo.running)
      throw new EtlError('tally-unreachable', messages.demo.notRunning(), messages.demo.startAgain());
    const config = inDemo ? this.demo.running!.config : await readConfiguration(this.secrets);
    return company === undefined ? config : { ...config, company };
  }

  /** Whether the books in use are the demo's, or the user has said where theirs are. */
  async areChosen(): Promise<boolean> {
    return this.demo.running !== undefined || hasConfiguration(this.secrets);
  }
}
