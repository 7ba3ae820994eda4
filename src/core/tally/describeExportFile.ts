import path from 'node:path';
import { t } from '@vscode/l10n';
import { fromTallyDate, type CalendarDate } from '../calendar.js';
import { servedCompany } from './answerErrors.js';
import { sameCompanyName, type Company } from './companies.js';
import { decodeBytes, detectEncoding } from './encoding.js';
import type { ExportFile } from './exportFile.js';
import { inFileWords, notAnExport, otherCompany } from './exportFileErrors.js';
import { parseVoucher } from './parseVoucher.js';
import { peekVoucher } from './peekVoucher.js';
import { readElements, type ElementBytes } from './readElements.js';

/** What an exported file holds: whose vouchers, how many of any kind, and the span of their dates. */
export interface ExportDescription {
  /** By the name that the file gives ('' where it gives none) and the GUID that its vouchers begin with. */
  company: Company;
  vouchers: number;
  /** Absent where no voucher has a date that can be read. */
  from?: CalendarDate;
  to?: CalendarDate;
}

const reportEvery = 1000;

/**
 * Reads a file once from end to end. Fails with `answer-unreadable` (no export of Tally, or one without vouchers),
 * `answer-cut`, `company-not-open` (vouchers of two companies), `usage` or `cancelled`.
 */
export async function describeExportFile(
  file: ExportFile,
  signal?: AbortSignal,
  onProgress: (vouchers: number, fraction: number) => void = () => undefined,
): Promise<ExportDescription> {
  await refuseOtherFormat(file, signal);
  const found = new Findings(file);
  let fraction = 0;
  const request = {
    xml: '',
    element: 'VOUCHER',
    checkHead: (head: string) => {
      found.name = servedCompany(head) ?? '';
    },
    onBytes: (bytes: number, total = 0) => {
      fraction = total > 0 ? bytes / total : 0;
    },
  };
  try {
    for await (const element of readElements(file, request, signal)) {
      found.add(element);
      if (found.vouchers % reportEvery === 0) onProgress(found.vouchers, fraction);
    }
  } catch (error) {
    throw inFileWords(error, file.path);
  }
  onProgress(found.vouchers, 1);
  return found.description();
}

/** Throws `company-not-open` where a company is wanted by name and the file is another's. A nameless file passes. */
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

class Findings {
  name = '';
  vouchers = 0;
  #companyId: string | undefined;
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
    // A voucher's GUID is its company's, `-` and 8 hexadecimal digits (tally.md §4).
    const id = /^(.+)-[0-9a-f]{8}$/i.exec(guid)?.[1];
    if (id === undefined) return;
    this.#companyId ??= id;
    if (id.toLowerCase() !== this.#companyId.toLowerCase()) throw this.#twoCompanies(guid);
  }

  description(): ExportDescription {
    const { vouchers } = this;
    const file = path.basename(this.file.path);
    if (vouchers === 0) throw notAnExport(t('{file} holds no voucher.', { file }));
    if (this.#companyId === undefined)
      throw notAnExport(t('{file} does not say whose vouchers it holds: none of them has a GUID of Tally.', { file }));
    return {
      company: { name: this.name, id: this.#companyId },
      vouchers,
      ...(this.#from !== undefined && { from: this.#from }),
      ...(this.#to !== undefined && { to: this.#to }),
    };
  }

  #twoCompanies(guid: string): Error {
    const said = { file: path.basename(this.file.path), guid, id: this.#companyId ?? '' };
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

/** What cannot be peeked is read out of the whole voucher; one whose XML is broken is counted and no more. */
function headOf({ bytes, encoding, damage }: ElementBytes): { guid: string; date: CalendarDate | undefined } {
  let { guid, date } = peekVoucher(bytes, encoding);
  if (damage === undefined && (guid === undefined || date === undefined)) {
    try {
      const voucher = parseVoucher(bytes, encoding);
      guid ??= voucher.guid;
      date ??= voucher.date;
    } catch {
      // The load rejects it by name.
    }
  }
  return { guid: guid ?? '', date: fromTallyDate(date ?? '') };
}

type Refusal = (file: string) => string;

const signatures: readonly [string, Refusal][] = [
  [
    '504b0304',
    (file) => t('{file} is an Excel workbook or another zip file, not a Day Book exported as XML.', { file }),
  ],
  ['d0cf11e0', (file) => t('{file} is an Excel workbook of the old kind, not a Day Book exported as XML.', { file })],
  ['25504446', (file) => t('{file} is a PDF, not a Day Book exported as XML.', { file })],
];

/** Tally exports in several formats, and the likeliest mistake is another than XML: each is called by its name. */
async function refuseOtherFormat(file: ExportFile, signal: AbortSignal | undefined): Promise<void> {
  const first = await firstBytes(file, signal);
  const refusal =
    signatures.find(([bytes]) => first.toString('hex', 0, 4) === bytes)?.[1] ?? refusalOf(decodeStart(first));
  if (refusal !== undefined) throw notAnExport(refusal(path.basename(file.path)));
}

function refusalOf(text: string): Refusal | undefined {
  const start = text.trimStart();
  if (start === '') return (file) => t('{file} is empty, not a Day Book exported as XML.', { file });
  if (/^[[{]/.test(start)) return (file) => t('{file} is JSON, not a Day Book exported as XML.', { file });
  if (/^<(!doctype\s+html|html)\b/i.test(start))
    return (file) => t('{file} is a web page (HTML), not a Day Book exported as XML.', { file });
  if (/progid="Excel\.Sheet"|^(<\?[^>]*\?>\s*)*<(\w+:)?Workbook\b/.test(start))
    return (file) => t('{file} is a spreadsheet, not a Day Book exported as XML.', { file });
  if (!start.startsWith('<'))
    return (file) =>
      t('{file} is plain text (perhaps SDF or comma delimited), not a Day Book exported as XML.', { file });
  const root = /^(?:<\?[^>]*\?>\s*)*<([\w:.-]+)/.exec(start)?.[1] ?? 'ENVELOPE';
  if (/^(ENVELOPE|RESPONSE)$/.test(root)) return undefined;
  return (file) => t('{file} is XML of another kind ({root}), not a Day Book exported as XML.', { file, root });
}

function decodeStart(first: Buffer): string {
  const { encoding, bomLength, swapped } = detectEncoding(first);
  const bytes = Buffer.from(first.subarray(bomLength, first.length - ((first.length - bomLength) % 2)));
  return decodeBytes(swapped ? bytes.swap16() : bytes, encoding);
}

async function firstBytes(file: ExportFile, signal: AbortSignal | undefined): Promise<Buffer> {
  const answer = await file.post('', signal);
  try {
    for await (const chunk of answer.body) return chunk.subarray(0, 4096);
    return Buffer.alloc(0);
  } finally {
    await answer.close();
  }
}
