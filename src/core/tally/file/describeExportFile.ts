import path from 'node:path';
import { t } from '@vscode/l10n';
import { fromTallyDate, type CalendarDate } from '../../base/calendar.js';
import { servedCompany, type Outside } from '../answerErrors.js';
import { sameCompanyName, type Company } from '../requests/companies.js';
import type { ExportFile } from './exportFile.js';
import { notAnExport, otherCompany } from './exportFileErrors.js';
import { refuseOtherFormat } from './exportFileFormat.js';
import { VoucherReader } from '../requests/voucherReader.js';
import { readElements, type ElementBytes } from '../xml/readElements.js';
import { firstText } from '../xml/xmlText.js';

/** The content of exported files: the company, the number of vouchers of every kind, and the span of their dates. */
export interface ExportDescription {
  /** The name that the file gives ('' if it gives none), and the GUID. */
  company: Company;
  vouchers: number;
  /** Absent if none of the vouchers has a readable date. */
  from?: CalendarDate;
  to?: CalendarDate;
  /**
   * The vouchers whose GUID begins with another company's GUID: how many, and the first such GUID. Absent if there are none.
   */
  foreign?: { vouchers: number; guid: string };
}

/** The content of one file. A file that holds only masters has no vouchers, and perhaps does not name a company. */
export interface FileContent extends Omit<ExportDescription, 'company'> {
  name: string;
  companyId?: string;
}

const reportEvery = 1000;

/**
 * Reads a file once from end to end. Fails with `answer-unreadable` (not an export of Tally, or an export without vouchers),
 * `answer-cut`, `company-not-open` (the company of the vouchers cannot be determined), `usage` or `cancelled`.
 */
export async function describeExportFile(
  file: ExportFile,
  signal?: AbortSignal,
  onProgress?: (vouchers: number, fraction: number) => void,
): Promise<ExportDescription> {
  return withCompany(file, await readFileContent(file, signal, onProgress));
}

/** Like describeExportFile, but accepts a file without vouchers. */
export async function readFileContent(
  file: ExportFile,
  signal?: AbortSignal,
  onProgress: (vouchers: number, fraction: number) => void = () => undefined,
): Promise<FileContent> {
  await refuseOtherFormat(file, signal);
  const found = new Findings(file);
  let fraction = 0;
  const request = {
    xml: '',
    element: 'VOUCHER',
    checkHead: (head: string) => {
      found.name = servedCompany(head) ?? '';
    },
    checkOutside: (outside: Outside) => {
      found.ownId = ownCompanyId(outside);
    },
    onBytes: (bytes: number, total = 0) => {
      fraction = total > 0 ? bytes / total : 0;
    },
  };
  for await (const element of readElements(file, request, signal)) {
    found.add(element);
    if (found.vouchers % reportEvery === 0) onProgress(found.vouchers, fraction);
  }
  onProgress(found.vouchers, 1);
  return found.content();
}

/** Fails with `answer-unreadable` if the file has no vouchers, or if none of its vouchers tells the company. */
export function withCompany(file: ExportFile, { name, companyId, ...content }: FileContent): ExportDescription {
  const args = { file: path.basename(file.path) };
  if (content.vouchers === 0) throw notAnExport(t('{file} holds no voucher.', args));
  if (companyId === undefined)
    throw notAnExport(t('{file} does not say whose vouchers it holds: none of them has a GUID of Tally.', args));
  return { company: { name, id: companyId }, ...content };
}

/** Throws `company-not-open` if a company is wanted by name and the file names another. A file without a name passes. */
export function refuseOtherFile(file: ExportFile, company: Company, wanted: string | undefined): void {
  if (wanted === undefined || wanted.trim() === '' || company.name === '') return;
  if (sameCompanyName(company.name, wanted)) return;
  throw otherCompany(
    t('{file} holds the vouchers of {company}, not of {wanted}.', {
      file: path.basename(file.path),
      company: company.name,
      wanted: wanted.trim(),
    }),
    t('Export the Day Book of {wanted}; or, to load this file, put its company into TALLY_COMPANY.', {
      wanted: wanted.trim(),
    }),
  );
}

/** The company's GUID within the GUID of a voucher or master. A `-` and 8 hexadecimal digits follow it (docs/tally.md §4). */
export const companyOfGuid = (guid: string): string | undefined => /^(.+)-[0-9a-f]{8}$/i.exec(guid)?.[1];

/**
 * The GUID that the export gives for its own company. The last TALLYMESSAGE may hold COMPANY, and in its REMOTECMPINFO.LIST the
 * NAME is the GUID (docs/tally.md §1.5). Undefined if there is no such GUID, or if there are two.
 */
function ownCompanyId({ head, tail }: Outside): string | undefined {
  const lists = `${head}${tail}`.split(/<REMOTECMPINFO\.LIST\b/).slice(1);
  const ids = lists.map((list) => firstText(list.split('</REMOTECMPINFO.LIST>')[0]!, 'NAME'));
  const [id, ...others] = new Set(ids.filter((text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)));
  return others.length === 0 ? id : undefined;
}

/** One company's GUID as a prefix of voucher GUIDs: how many vouchers carry the prefix, and the first of their GUIDs. */
interface Prefix {
  id: string;
  vouchers: number;
  guid: string;
}

class Findings {
  name = '';
  ownId: string | undefined;
  vouchers = 0;
  readonly #prefixes = new Map<string, Prefix>();
  #from: CalendarDate | undefined;
  #to: CalendarDate | undefined;

  constructor(readonly file: ExportFile) {}

  add(element: ElementBytes): void {
    this.vouchers++;
    const { guid, date } = headOf(element);
    if (date !== undefined) {
      if (this.#from === undefined || date < this.#from) this.#from = date;
      if (this.#to === undefined || date > this.#to) this.#to = date;
    }
    const id = companyOfGuid(guid);
    if (id === undefined) return;
    const key = id.toLowerCase();
    const known = this.#prefixes.get(key);
    if (known) known.vouchers++;
    else this.#prefixes.set(key, { id, vouchers: 1, guid });
  }

  content(): FileContent {
    const company = this.#company();
    const foreign = [...this.#prefixes.values()].filter(({ id }) => id !== company?.id);
    return {
      name: this.name,
      ...(company !== undefined && { companyId: company.id }),
      vouchers: this.vouchers,
      ...(this.#from !== undefined && { from: this.#from }),
      ...(this.#to !== undefined && { to: this.#to }),
      ...(foreign.length > 0 && {
        foreign: { vouchers: foreign.reduce((sum, { vouchers }) => sum + vouchers, 0), guid: foreign[0]!.guid },
      }),
    };
  }

  /**
   * The company whose GUID the file gives, else the GUID prefix that more than half of the vouchers carry. Undefined if neither
   * exists. Throws `company-not-open` if all vouchers carry other prefixes than the given GUID, or if no prefix has a majority.
   */
  #company(): { id: string } | undefined {
    const [most, next] = [...this.#prefixes.values()].sort((a, b) => b.vouchers - a.vouchers);
    if (this.ownId !== undefined) {
      const own = this.#prefixes.get(this.ownId.toLowerCase());
      if (own === undefined && most !== undefined) throw this.#twoCompanies(this.ownId, most.guid);
      return own ?? { id: this.ownId };
    }
    const all = [...this.#prefixes.values()].reduce((sum, { vouchers }) => sum + vouchers, 0);
    if (most !== undefined && next !== undefined && most.vouchers * 2 <= all)
      throw this.#twoCompanies(most.id, next.guid);
    return most;
  }

  #twoCompanies(id: string, guid: string): Error {
    const said = { file: path.basename(this.file.path), guid, id };
    return otherCompany(
      this.name === ''
        ? t('{file} holds vouchers of two companies: the voucher {guid} is not one of the company ({id}).', said)
        : t('{file} holds vouchers of two companies: the voucher {guid} is not one of {company} ({id}).', {
            ...said,
            company: this.name,
          }),
      t('Export each company into a file of its own, and load one file after the other.'),
    );
  }
}

/**
 * Reads the whole voucher only if its head does not tell both GUID and date. If its XML is broken, what the head does not tell
 * stays empty.
 */
function headOf(element: ElementBytes): { guid: string; date: CalendarDate | undefined } {
  const reader = new VoucherReader(element);
  let { guid, date } = reader;
  if (guid === undefined || date === undefined) {
    try {
      const voucher = reader.read();
      guid ??= voucher.guid;
      date ??= voucher.date;
    } catch {
      // The voucher is still counted; the load rejects it by name.
    }
  }
  return { guid: guid ?? '', date: fromTallyDate(date ?? '') };
}
