import { createHash } from 'node:crypto';
import type { DateRange } from '../../base/calendar.js';
import type { Config } from '../../base/config.js';
import { invoiceTypesOf } from '../../invoice/classes/invoiceTypeOf.js';
import { ledgerClassesOf } from '../../invoice/classes/ledgerClassOf.js';
import type { MappingRules } from '../../invoice/mapInvoice.js';
import { mappingVersion } from '../../invoice/invoice.js';
import type { Masters } from '../../invoice/classes/masters.js';
import type { AnswerSource } from '../../tally/answerSource.js';
import { TallyClient } from '../../tally/http/client.js';
import { findCompany, listCompanies, nameInTally, sameId } from '../../tally/requests/companies.js';
import { readMasters } from '../../tally/requests/masters.js';
import { VoucherLists } from '../../tally/requests/voucherLists.js';
import { readRememberedMasters } from '../../warehouse/records/rememberedMasters.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import type { Company, JobContext, JobResult } from '../job.js';
import type { BooksRemark } from '../remark.js';

/** What a run reads: the books of a company that is open in Tally, or a file that was exported from them. */
export interface Books {
  source: AnswerSource;
  company: Company;
  /** Parts of the same year-split company that are open too: they share its GUID. */
  siblings: Company[];
  /** The reports that may be asked, in order. */
  reports: readonly JobResult['report'][];
  /** Files answer once and have no voucher index. */
  isFile: boolean;
  /** The files do not name their company: its name is a guess, and the warehouse may know better. */
  isNameless?: true;
  /** Tally's lists of vouchers; a file has none. */
  lists?: VoucherLists;
  /** The span of each file. */
  spans?: DateRange[];
  /** `remembered`: what the warehouse knows, the most trusted first; for files, which seldom hold their masters. */
  readMasters(remembered?: readonly Masters[]): Promise<BookMasters>;
  close(): Promise<void>;
}

/** The masters of books, from wherever they are known. */
export interface BookMasters extends Masters {
  /** What is lacking in them. */
  remarks: BooksRemark[];
  /** What files hold of them, to be remembered. */
  told?: Masters;
}

/**
 * Whether an invoice that Tally does not show may be there all the same: without a licence Tally may hide vouchers of other
 * days than the 1st, 2nd and 31st (docs/tally.md §1.3, §2). A Tally that does not say whether it has one shows it by such
 * vouchers in its lists.
 */
export const mayHide = ({ company: { edition }, lists }: Pick<Books, 'company' | 'lists'>): boolean =>
  edition === undefined ? lists?.showsOtherDays === false : edition === 'education';

/** A client for the configured Tally; the caller closes it. */
export function openTally({ config, logger }: JobContext): TallyClient {
  return new TallyClient({ url: config.tallyUrl, timeoutSeconds: config.timeoutSeconds, logger });
}

/** The company asked for, by its exact name in Tally's list, and the other parts of it that are open. */
export async function openCompany(
  client: AnswerSource,
  { config, logger, signal }: JobContext,
): Promise<{ company: Company; siblings: Company[] }> {
  const companies = await listCompanies(client, signal);
  const company = findCompany(companies, config.company);
  logger.info(`Company “${company.name}” at ${config.tallyUrl}`);
  return {
    company,
    siblings: companies.filter((one) => sameId(one.id, company.id) && nameInTally(one) !== nameInTally(company)),
  };
}

/** The preflight of every job that reads Tally. */
export async function openBooks(context: JobContext): Promise<Books> {
  const client = openTally(context);
  const { company, siblings } = await openCompany(client, context).catch(async (error: unknown) => {
    await client.close();
    throw error;
  });
  return {
    source: client,
    company,
    siblings,
    reports: reportsOf[context.config.report],
    isFile: false,
    lists: new VoucherLists(client, company, context),
    readMasters: async () => {
      const { lacking, ...masters } = await readMasters(client, company, context.signal);
      return { ...masters, remarks: lacking.map((one) => ({ code: 'masters-lacking', ...one })) };
    },
    close: () => client.close(),
  };
}

/** The reports that a setting allows, in the order in which they are asked. */
export const reportsOf = {
  auto: ['Day Book', 'Voucher Register'],
  'day-book': ['Day Book'],
  'voucher-register': ['Voucher Register'],
} as const;

/** The company's own rules for base types and ledger classes. */
export interface ReadRules {
  rules: MappingRules;
  /**
   * A hash of what decides, beside the masters, how a voucher becomes rows: mapping version, name patterns and
   * `isWhole`. Undefined for files, whose masters may have gaps.
   */
  rulesHash: string | undefined;
  masters: Masters;
  /** There are ledgers and groups: name patterns decide only what these masters leave open. */
  isWhole: boolean;
  /** What could not be read for them. */
  remarks: BooksRemark[];
  /** What files hold of the masters, to be remembered. */
  told?: Masters;
}

/** As `rulesHash`; `isWhole` as there. */
export const rulesHashOf = ({ ledgerPatterns }: Pick<Config, 'ledgerPatterns'>, isWhole: boolean): string =>
  createHash('sha256')
    .update(JSON.stringify([mappingVersion, ledgerPatterns, isWhole]))
    .digest('hex');

/** Reads the masters and makes the rules. For files the masters that `warehouse` remembers are added. */
export async function readRules(
  books: Books,
  { config, logger }: JobContext,
  warehouse?: Warehouse,
): Promise<ReadRules> {
  const { id, name } = books.company;
  const remembered = books.isFile
    ? await warehouse?.use((session) => readRememberedMasters(session, id, name))
    : undefined;
  const { voucherTypes, ledgers, groups, remarks, told } = await books.readMasters(remembered);
  logger.debug(`Masters: ${voucherTypes.length} voucher types, ${ledgers.length} ledgers`);
  const isWhole = ledgers.length > 0 && groups.length > 0;
  return {
    rules: {
      invoiceTypeOf: invoiceTypesOf(voucherTypes),
      ledgerClassOf: ledgerClassesOf({ voucherTypes, ledgers, groups }, config.ledgerPatterns),
      ...(books.isFile && { ofFile: true }),
    },
    rulesHash: books.isFile ? undefined : rulesHashOf(config, isWhole),
    masters: { voucherTypes, ledgers, groups },
    isWhole,
    remarks,
    ...(told && { told }),
  };
}
