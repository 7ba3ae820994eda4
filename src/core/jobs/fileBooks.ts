import { t } from '@vscode/l10n';
import { EtlError } from '../errors.js';
import { formatCount } from '../format.js';
import { nameKey } from '../invoice/invoiceTypeOf.js';
import type { Masters } from '../invoice/masters.js';
import { reservedVoucherTypes } from '../invoice/reservedVoucherTypes.js';
import { listCompanies } from '../tally/companies.js';
import { describeExportFiles, type ExportedBooks } from '../tally/describeExportFiles.js';
import { ExportFiles, openExportFile, type ExportFile } from '../tally/exportFile.js';
import { readFileMasters } from '../tally/fileMasters.js';
import { readMasters, type ReadMasters } from '../tally/masters.js';
import { openTally, type Books } from './books.js';
import type { Company, JobContext } from './job.js';

/**
 * Day Books that were exported on Tally's screen, in Tally's stead, and the files of masters beside them. Fails as
 * describeExportFiles does.
 */
export async function openFileBooks(paths: readonly string[], context: JobContext): Promise<Books> {
  const { config, logger, signal } = context;
  const files: ExportFile[] = [];
  for (const path of paths) files.push(await openExportFile(path, logger, signal));
  const exported = await describeExportFiles(files, config.company, signal, (vouchers, fraction) =>
    context.onProgress?.({ phase: 'preparing', invoices: 0, vouchers, fraction }),
  );
  const { vouchers, from, to, voucherFiles, spans, masterFiles } = exported;
  const company = { ...exported.company, name: exported.company.name || config.company?.trim() || exported.company.id };
  logger.info(`${paths.join(', ')}: ${vouchers} vouchers of ${company.name}, ${from ?? '?'} to ${to ?? '?'}`);
  return {
    source: new ExportFiles(voucherFiles),
    company,
    siblings: [],
    reports: ['Day Book'],
    isFile: true,
    spans,
    readMasters: async () => {
      let own: ReadMasters = { ...noMasters, warnings: foreignWarning(exported, company) };
      for (const file of voucherFiles) own = supplement(own, await readFileMasters(file, signal));
      for (const { masters } of masterFiles) own = supplement(own, masters);
      if (own.voucherTypes.length > 0 && own.ledgers.length > 0) return supplement(own, reservedOnly);
      const live = await askTally(company, context);
      if (live !== undefined) return supplement({ ...own, warnings: [...own.warnings, ...live.warnings] }, live);
      return { ...supplement(own, reservedOnly), warnings: [...own.warnings, withoutTally] };
    },
    close: () => Promise.resolve(),
  };
}

function foreignWarning({ foreign }: ExportedBooks, { name }: Company): string[] {
  if (foreign === undefined) return [];
  const args = { count: formatCount(foreign.vouchers), guid: foreign.guid, company: name };
  return [
    foreign.vouchers === 1
      ? t('1 voucher has the id of another company ({guid}); it counts as one of {company}.', args)
      : t('{count} vouchers have the id of another company (such as {guid}); they count as those of {company}.', args),
  ];
}

const withoutTally = t(
  "The file does not say what its voucher types and ledgers are, and Tally, which knows, is not reachable with this company open: Tally's own types and the names of the ledgers decide. Vouchers of other types are rejected.",
);

const noMasters: Masters = { voucherTypes: [], ledgers: [], groups: [] };
const reservedOnly: Masters = { ...noMasters, voucherTypes: reservedVoucherTypes() };

/** The masters that are known, and what another source knows beyond them. */
function supplement(own: ReadMasters, more: Masters): ReadMasters {
  const union = <T extends { name: string }>(first: T[], second: T[]): T[] => {
    const known = new Set(first.map(({ name }) => nameKey(name)));
    return [...first, ...second.filter(({ name }) => !known.has(nameKey(name)))];
  };
  return {
    voucherTypes: union(own.voucherTypes, more.voucherTypes),
    ledgers: union(own.ledgers, more.ledgers),
    groups: union(own.groups, more.groups),
    warnings: own.warnings,
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
