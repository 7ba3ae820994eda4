import { invoiceTypesOf } from '../invoice/invoiceTypeOf.js';
import { ledgerClassesOf } from '../invoice/ledgerClassOf.js';
import type { MappingRules } from '../invoice/mapInvoice.js';
import { TallyClient } from '../tally/client.js';
import { findCompany, listCompanies } from '../tally/companies.js';
import { readMasters } from '../tally/masters.js';
import type { Company, JobContext } from './job.js';

/** A client for the configured Tally; the caller closes it. */
export function openTally({ config, logger }: JobContext): TallyClient {
  return new TallyClient({ url: config.tallyUrl, timeoutSeconds: config.timeoutSeconds, logger });
}

/** The preflight of every job: the company asked for, by its exact name in Tally's list. */
export async function openCompany(client: TallyClient, { config, logger, signal }: JobContext): Promise<Company> {
  const company = findCompany(await listCompanies(client, signal), config.company);
  logger.info(`Company ${JSON.stringify(company.name)} at ${config.tallyUrl}`);
  return company;
}

/** The company's own rules for base types and ledger classes, and what could not be read for them. */
export async function readRules(
  client: TallyClient,
  company: Company,
  { config, logger, signal }: JobContext,
): Promise<{ rules: MappingRules; warnings: string[] }> {
  const masters = await readMasters(client, company, signal);
  logger.debug(`Masters: ${masters.voucherTypes.length} voucher types, ${masters.ledgers.length} ledgers`);
  return {
    rules: {
      invoiceTypeOf: invoiceTypesOf(masters.voucherTypes),
      ledgerClassOf: ledgerClassesOf(masters, config.ledgerPatterns),
    },
    warnings: masters.warnings,
  };
}
