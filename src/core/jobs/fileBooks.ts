import { t } from '@vscode/l10n';
import { EtlError } from '../errors.js';
import { nameKey } from '../invoice/invoiceTypeOf.js';
import { reservedVoucherTypes } from '../invoice/reservedVoucherTypes.js';
import { listCompanies } from '../tally/companies.js';
import { describeExportFile, refuseOtherFile } from '../tally/describeExportFile.js';
import { openExportFile } from '../tally/exportFile.js';
import { readFileMasters } from '../tally/fileMasters.js';
import { readMasters, type ReadMasters } from '../tally/masters.js';
import { openTally, type Books } from './books.js';
import type { Company, JobContext } from './job.js';

/**
 * A Day Book that was exported on Tally's screen, in Tally's stead. Fails as describeExportFile does, and with
 * `company-not-open` where the configured company is another one.
 */
export async function openFileBooks(path: string, context: JobContext): Promise<Books> {
  const { config, logger, signal } = context;
  const file = await openExportFile(path, logger, signal);
  const {
    company: found,
    vouchers,
    from,
    to,
  } = await describeExportFile(file, signal, (seen, fraction) =>
    context.onProgress?.({ phase: 'preparing', invoices: 0, vouchers: seen, fraction }),
  );
  refuseOtherFile(file, found, config.company);
  const company = { ...found, name: found.name || config.company?.trim() || found.id };
  logger.info(`File ${path}: ${vouchers} vouchers of ${company.name}, ${from ?? '?'} to ${to ?? '?'}`);
  return {
    source: file,
    company,
    siblings: [],
    reports: ['Day Book'],
    isFile: true,
    readMasters: async () => {
      const own = { ...(await readFileMasters(file, signal)), warnings: [] };
      if (own.voucherTypes.length > 0 && own.ledgers.length > 0) return supplement(own, reservedOnly);
      const live = await askTally(company, context);
      if (live !== undefined) return supplement(own, live);
      return { ...supplement(own, reservedOnly), warnings: [withoutTally] };
    },
    close: () => Promise.resolve(),
  };
}

const withoutTally = t(
  "The file does not say what its voucher types and ledgers are, and Tally, which knows, is not reachable with this company open: Tally's own types and the names of the ledgers decide. Vouchers of other types are rejected.",
);

const reservedOnly: ReadMasters = { voucherTypes: reservedVoucherTypes(), ledgers: [], groups: [], warnings: [] };

/** The file's own masters, and what another source knows beyond them. */
function supplement(own: ReadMasters, more: ReadMasters): ReadMasters {
  const union = <T extends { name: string }>(first: T[], second: T[]): T[] => {
    const known = new Set(first.map(({ name }) => nameKey(name)));
    return [...first, ...second.filter(({ name }) => !known.has(nameKey(name)))];
  };
  return {
    voucherTypes: union(own.voucherTypes, more.voucherTypes),
    ledgers: union(own.ledgers, more.ledgers),
    groups: union(own.groups, more.groups),
    warnings: more.warnings,
  };
}

const sameText = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** The masters of the same company in Tally; undefined where Tally, or the company in it, is not at hand. */
async function askTally(company: Company, context: JobContext): Promise<ReadMasters | undefined> {
  const client = openTally(context);
  try {
    const open = (await listCompanies(client, context.signal)).find(({ id }) => sameText(id, company.id));
    return open && (await readMasters(client, open, context.signal));
  } catch (error) {
    if (!(error instanceof EtlError) || error.code === 'cancelled') throw error;
    context.logger.info(`Tally was not asked about the file's masters: ${error.message}`);
    return undefined;
  } finally {
    await client.close();
  }
}
