import { createHash } from 'node:crypto';
import type { DateRange } from '../../base/calendar.js';
import type { Config } from '../../base/config.js';
import { baseTypesOf, invoiceTypesOf } from '../../invoice/classes/invoiceTypeOf.js';
import { ledgerClassesOf } from '../../invoice/classes/ledgerClassOf.js';
import type { MappingRules } from '../../invoice/mapInvoice.js';
import { ledgerVersion } from '../../ledger/ledgerVoucher.js';
import type { LedgerRules } from '../../ledger/mapLedgerVoucher.js';
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

/** The source of a run: the books of a company that is open in Tally, or files that were exported from them. */
export interface Books {
  source: AnswerSource;
  company: Company;
  /** Other open parts of the same company, which was split by years. All parts share its GUID. */
  siblings: Company[];
  /** The reports that may be requested, in order. */
  reports: readonly JobResult['report'][];
  /** Files answer once, and have no voucher index. */
  isFile: boolean;
  /** The files do not name their company: `name` is a guess, and the warehouse may have a better name. */
  isNameless?: true;
  /** Tally's lists of vouchers; absent for files. */
  lists?: VoucherLists;
  /** The span of dates of each file. */
  spans?: DateRange[];
  /**
   * Reads the masters. `remembered` are the warehouse's masters, the most trusted first, for files, which seldom hold their
   * masters.
   */
  readMasters(remembered?: readonly Masters[]): Promise<BookMasters>;
  close(): Promise<void>;
}

/** The masters of books, from all sources. */
export interface BookMasters extends Masters {
  /** Remarks about masters that are lacking. */
  remarks: BooksRemark[];
  /** The masters that the files hold, to be remembered. */
  told?: Masters;
}

/**
 * Whether an invoice that Tally does not show may still exist. Without a licence Tally may hide vouchers of days other
 * than the 1st, 2nd and 31st (docs/tally.md §1.3, §2). If Tally does not give its edition, a list with vouchers of
 * other days shows that it has a licence. Files hide nothing.
 */
export const mayHide = ({ company: { edition }, lists }: Pick<Books, 'company' | 'lists'>): boolean =>
  edition === undefined ? lists?.showsOtherDays === false : edition === 'education';

/** A client for the configured Tally; the caller closes it. */
export function openTally({ config, logger }: JobContext): TallyClient {
  return new TallyClient({ url: config.tallyUrl, timeoutSeconds: config.timeoutSeconds, logger });
}

/** The requested company, by its exact name in Tally's list, and its other open parts. */
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

/** Opens the books. Every job that reads Tally begins with this. */
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

/** The reports that each setting allows, in the order of the requests. */
export const reportsOf = {
  auto: ['Day Book', 'Voucher Register'],
  'day-book': ['Day Book'],
  'voucher-register': ['Voucher Register'],
} as const;

/** The company's rules for base types and ledger classes. */
export interface ReadRules {
  rules: MappingRules;
  /** For the stream `ledger`; absent: only invoices are read. */
  ledgerRules?: LedgerRules;
  /**
   * A hash of everything beside the masters that decides how a voucher becomes rows: mapping version, name patterns and
   * `isComplete`. Undefined for files, whose masters may have gaps.
   */
  rulesHash: string | undefined;
  masters: Masters;
  /** Ledgers and groups are present, so that name patterns decide only what these masters leave open. */
  isComplete: boolean;
  /** Remarks about masters that could not be read. */
  remarks: BooksRemark[];
  /** The masters that the files hold, to be remembered. */
  told?: Masters;
}

/**
 * The value of `rulesHash` in ReadRules, for this `isComplete` of ReadRules. With the stream `ledger` it begins with the hash
 * without the stream: a day that was loaded with the stream is proven for a run without it too. Otherwise two programs, one
 * with the stream and one without, would each read all days again.
 */
export const rulesHashOf = (
  { ledgerPatterns, ledger }: Pick<Config, 'ledgerPatterns' | 'ledger'>,
  isComplete: boolean,
): string =>
  createHash('sha256')
    .update(JSON.stringify([mappingVersion, ledgerPatterns, isComplete]))
    .digest('hex') + (ledger ? ` ledger ${ledgerVersion}` : '');

/** Reads the masters and makes the rules. For files, also uses the masters that `warehouse` remembers. */
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
  const isComplete = ledgers.length > 0 && groups.length > 0;
  return {
    rules: {
      invoiceTypeOf: invoiceTypesOf(voucherTypes),
      ledgerClassOf: ledgerClassesOf({ voucherTypes, ledgers, groups }, config.ledgerPatterns),
      ...(books.isFile && { ofFile: true }),
    },
    rulesHash: books.isFile ? undefined : rulesHashOf(config, isComplete),
    masters: { voucherTypes, ledgers, groups },
    isComplete,
    remarks,
    ...(told && { told }),
  };
}

/** The rules find masters by their exact names: names that differ only in case can exist side by side (docs/tally.md §9.1). */
export function ledgerRulesOf(
  { voucherTypes, ledgers }: Masters,
  itemIds: ReadonlyMap<string, string>,
  ledgerIds?: ReadonlyMap<string, string>,
): LedgerRules {
  const ids = new Map(ledgers.map(({ name, guid }) => [name, guid]));
  return {
    baseTypeOf: baseTypesOf(voucherTypes),
    ledgerIdOf: (name) => ids.get(name) ?? ledgerIds?.get(name),
    itemIdOf: (name) => itemIds.get(name),
  };
}

/** Whether a voucher of this type is loaded: an invoice, or with the stream `ledger` any voucher. */
export const isLoaded = (
  { rules, ledgerRules }: Pick<ReadRules, 'rules'> & { ledgerRules?: LedgerRules | undefined },
  voucherType: string,
): boolean => ledgerRules !== undefined || rules.invoiceTypeOf(voucherType) !== 'none';
