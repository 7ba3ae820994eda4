import { EtlError } from '../../base/errors.js';
import { nameKey } from '../../base/names.js';
import type { Masters } from '../../invoice/classes/masters.js';
import { reservedVoucherTypes } from '../../invoice/classes/reservedVoucherTypes.js';
import { listCompanies, sameId } from '../../tally/requests/companies.js';
import type { TallyClient } from '../../tally/http/client.js';
import { probe } from '../../tally/http/probe.js';
import { describeExportFiles, type ExportedBooks } from '../../tally/file/describeExportFiles.js';
import { ExportFiles, openExportFile, type ExportFile } from '../../tally/file/exportFile.js';
import { readFileMasters } from '../../tally/file/fileMasters.js';
import { readMasters, type ReadMasters } from '../../tally/requests/masters.js';
import { schemaState } from '../../warehouse/postgres/migrate.js';
import { findCompany } from '../../warehouse/records/rejects.js';
import type { Warehouse } from '../../warehouse/warehouse.js';
import { openTally, type Books } from './books.js';
import type { Company, JobContext } from '../job.js';
import type { BooksRemark } from '../remark.js';

/**
 * Opens Day Books that were exported on Tally's screen, and files of masters beside them, in place of Tally. Fails as
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
  const { id } = exported.company;
  const company = {
    name: exported.company.name || config.company?.trim() || id,
    // In lower case, as Tally writes it: a later run may load the same company from Tally.
    id: isGuid(id) ? id.toLowerCase() : id,
  };
  logger.info(`${paths.join(', ')}: ${vouchers} vouchers of ${company.name}, ${from ?? '?'} to ${to ?? '?'}`);
  return {
    source: new ExportFiles(voucherFiles),
    company,
    siblings: [],
    reports: ['Day Book'],
    isFile: true,
    ...(exported.company.name === '' && { isNameless: true }),
    spans,
    readMasters: async (remembered = []) => {
      let told = noMasters;
      for (const file of voucherFiles) told = supplement(told, await readFileMasters(file, signal));
      for (const { masters } of masterFiles) told = supplement(told, masters);
      // If two sources have a master, the earlier one counts: the files, then the open Tally, then the remembered
      // masters. Tally is asked only if the files lack voucher types, ledgers or groups.
      const live = missingOf(told).length > 0 ? await askTally(company, context) : undefined;
      const known = [...(live ? [live] : []), ...remembered].reduce(supplement, told);
      const remarks = [...foreignIn(exported, company), ...lackingIn(known)];
      return { ...supplement(known, reservedOnly), remarks, told };
    },
    close: () => Promise.resolve(),
  };
}

const isGuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/**
 * Takes the id of the files' company as the warehouse spells it, because letters in another case would make a second company.
 * Takes the name too if the files do not name the company: without TALLY_COMPANY it would be renamed to its GUID. The company
 * is changed in place, because the books already hold it. Books of Tally are not changed.
 */
export async function knowFileCompany(books: Books, warehouse: Warehouse): Promise<void> {
  if (!books.isFile) return;
  const known = await warehouse.use(async (session) =>
    (await schemaState(session)) === 'empty' ? undefined : findCompany(session, books.company.id),
  );
  if (known === undefined) return;
  books.company.id = known.id;
  if (books.isNameless) books.company.name = known.name;
}

const foreignIn = ({ foreign }: ExportedBooks, { name: company }: Company): BooksRemark[] =>
  foreign === undefined ? [] : [{ code: 'file-foreign', ...foreign, company }];

/** The kinds of masters of which there is not a single one. */
const missingOf = (masters: Masters): (keyof Masters)[] =>
  (['voucherTypes', 'ledgers', 'groups'] as const).filter((kind) => masters[kind].length === 0);

function lackingIn(masters: Masters): BooksRemark[] {
  const kinds = missingOf(masters);
  return kinds.length === 0 ? [] : [{ code: 'file-masters-lacking', kinds }];
}

const noMasters: Masters = { voucherTypes: [], ledgers: [], groups: [] };
const reservedOnly: Masters = { ...noMasters, voucherTypes: reservedVoucherTypes() };

/** Adds the masters of another source that are not known yet. */
function supplement(own: Masters, more: Masters): Masters {
  const union = <T extends { name: string }>(first: T[], second: T[]): T[] => {
    const known = new Set(first.map(({ name }) => nameKey(name)));
    return [...first, ...second.filter(({ name }) => !known.has(nameKey(name)))];
  };
  return {
    voucherTypes: union(own.voucherTypes, more.voucherTypes),
    ledgers: union(own.ledgers, more.ledgers),
    groups: union(own.groups, more.groups),
  };
}

/**
 * Throws if nothing listens at Tally's address, or if Tally is silent. Asks `/status` once: other requests are repeated for a
 * second if nothing listens, and a file can be read without Tally. Another answer proves nothing, because not every Tally was
 * seen to answer `/status` in the same way. A connection that is closed without an answer has no cause.
 */
async function assertReachable(client: TallyClient, signal: AbortSignal): Promise<void> {
  try {
    await probe(client, signal);
  } catch (error) {
    const isAnswer =
      error instanceof EtlError &&
      !['cancelled', 'tally-timeout'].includes(error.code) &&
      (error.code !== 'tally-unreachable' || error.cause === undefined);
    if (!isAnswer) throw error;
  }
}

/**
 * The masters of the same company in Tally; undefined if the company is not open, or if Tally does not answer or
 * answers with an error.
 */
async function askTally(company: Company, context: JobContext): Promise<ReadMasters | undefined> {
  const client = openTally(context);
  try {
    await assertReachable(client, context.signal);
    const open = (await listCompanies(client, context.signal)).find(({ id }) => sameId(id, company.id));
    return open && (await readMasters(client, open, context.signal));
  } catch (error) {
    if (!(error instanceof EtlError) || error.code === 'cancelled') throw error;
    context.logger.info(`Tally did not give masters for the file: ${error.message}`);
    return undefined;
  } finally {
    await client.close();
  }
}
