import path from 'node:path';
import { t } from '@vscode/l10n';
import type { DateRange } from '../../base/calendar.js';
import type { Masters } from '../../invoice/classes/masters.js';
import { sameCompanyName, sameId, type Company } from '../requests/companies.js';
import {
  companyOfGuid,
  readFileContent,
  refuseOtherFile,
  withCompany,
  type ExportDescription,
  type FileContent,
} from './describeExportFile.js';
import type { ExportFile } from './exportFile.js';
import { notAnExport, otherCompany } from './exportFileErrors.js';
import { readFileMasters } from './fileMasters.js';

/** Files of one company that are loaded together. */
export interface ExportedBooks extends ExportDescription {
  /** The files that hold vouchers, in the order in which they were given. */
  voucherFiles: ExportFile[];
  /** The span of dates of each voucher file that has dates. */
  spans: DateRange[];
  /** The masters of each file without vouchers. */
  masterFiles: { file: ExportFile; masters: Masters }[];
}

interface Read extends FileContent {
  file: ExportFile;
}

/**
 * Reads the files to find out which hold vouchers, which hold only masters, and to which company they belong. Fails as
 * describeExportFile does, but a file without vouchers is accepted beside one that has vouchers. Fails with `company-not-open`
 * if the files belong to different companies, or not to the `wanted` one.
 */
export async function describeExportFiles(
  files: readonly ExportFile[],
  wanted: string | undefined,
  signal?: AbortSignal,
  onProgress?: (vouchers: number, fraction: number) => void,
): Promise<ExportedBooks> {
  const read: Read[] = [];
  for (const file of files) {
    const before = read.reduce((sum, { vouchers }) => sum + vouchers, 0);
    const content = await readFileContent(file, signal, (vouchers, fraction) =>
      onProgress?.(before + vouchers, (read.length + fraction) / files.length),
    );
    read.push({ file, ...content });
  }
  const withVouchers = read.filter(({ vouchers }) => vouchers > 0);
  if (withVouchers.length === 0 && read.length > 1)
    throw notAnExport(t('None of the files holds a voucher: {files}.', { files: read.map(nameOf).join(', ') }));
  const described = (withVouchers.length > 0 ? withVouchers : read).map(({ file, ...content }) => {
    const description = withCompany(file, content);
    refuseOtherFile(file, description.company, wanted);
    return { file, ...description };
  });
  const [first, ...others] = described;
  for (const other of others)
    if (!sameId(other.company.id, first!.company.id)) throw ofTwoCompanies(first!, other.file, other.company);
  const company = { ...first!.company, name: described.find((one) => one.company.name !== '')?.company.name ?? '' };
  const masterFiles: ExportedBooks['masterFiles'] = [];
  for (const one of read) {
    if (one.vouchers > 0) continue;
    const guids: string[] = [];
    const masters = await readFileMasters(one.file, signal, (guid) => guids.push(guid));
    const other = otherCompanyOf(one, guids, company);
    if (other !== undefined) throw ofTwoCompanies({ file: first!.file, company }, one.file, other);
    masterFiles.push({ file: one.file, masters });
  }
  return {
    company,
    ...summed(described),
    voucherFiles: described.map(({ file }) => file),
    spans: described.flatMap(({ from, to }) => (from !== undefined && to !== undefined ? [{ from, to }] : [])),
    masterFiles,
  };
}

function summed(files: readonly ExportDescription[]): Omit<ExportDescription, 'company'> {
  const from = files.flatMap((file) => file.from ?? []).sort()[0];
  const to = files
    .flatMap((file) => file.to ?? [])
    .sort()
    .at(-1);
  const foreign = files.flatMap((file) => file.foreign ?? []);
  return {
    vouchers: files.reduce((sum, { vouchers }) => sum + vouchers, 0),
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(foreign.length > 0 && {
      foreign: { vouchers: foreign.reduce((sum, { vouchers }) => sum + vouchers, 0), guid: foreign[0]!.guid },
    }),
  };
}

/**
 * The other company to which a file of masters evidently belongs. Undefined if the file belongs to `company`, or if nothing
 * contradicts that. The GUID that the file gives decides first, then an equal name. Different names may still mean one company,
 * which was renamed or split by years. The GUIDs of the masters then decide. A master that was imported from another company
 * keeps the GUID of that company.
 */
function otherCompanyOf(
  { name, companyId }: FileContent,
  guids: readonly string[],
  company: Company,
): Company | undefined {
  if (companyId !== undefined) return sameId(companyId, company.id) ? undefined : { name, id: companyId };
  const bothNamed = name !== '' && company.name !== '';
  if (bothNamed && sameCompanyName(name, company.name)) return undefined;
  const ids = guids.flatMap((guid) => companyOfGuid(guid) ?? []);
  if (ids.some((id) => sameId(id, company.id))) return undefined;
  return bothNamed || ids.length > 0 ? { name, id: ids[0] ?? '' } : undefined;
}

const nameOf = ({ file }: { file: ExportFile }): string => path.basename(file.path);

function ofTwoCompanies(one: { file: ExportFile; company: Company }, file: ExportFile, company: Company): Error {
  const called = ({ name, id }: Company): string => (name === '' || id === '' ? name || id : `${name} (${id})`);
  return otherCompany(
    t('The files are of two companies: {one} is of {company}, {file} of {other}.', {
      one: nameOf(one),
      company: called(one.company),
      file: path.basename(file.path),
      other: called(company),
    }),
    t('Load the files of each company by themselves.'),
  );
}
