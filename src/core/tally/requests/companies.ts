import { t } from '@vscode/l10n';
import { fromTallyDate, type CalendarDate } from '../../base/calendar.js';
import { EtlError } from '../../base/errors.js';
import { nameKey } from '../../base/names.js';
import { companyNotOpen, unreadable } from '../answerErrors.js';
import type { AnswerSource } from '../answerSource.js';
import { decodeBytes } from '../xml/encoding.js';
import { readRow } from '../xml/masterElements.js';
import { fieldsOf, filled } from '../xml/recordReader.js';
import { readElements } from '../xml/readElements.js';
import { companiesRequest } from './requests.js';
import { cleanText, exactText } from '../xml/xmlText.js';

/** A company that is open in Tally. */
export interface Company {
  /** The name for display, comparison and storage: without control characters and outer blanks. */
  name: string;
  /** The name exactly as Tally has it, if that differs from `name`. */
  exactName?: string;
  /** Tally's company GUID, with which every voucher GUID of the company begins. */
  id: string;
  /** The first day of the company's books; absent if Tally does not give it. */
  booksFrom?: CalendarDate;
  /** ALTVCHID: a high-water mark that moves with each change of a voucher; absent if Tally does not give it. */
  voucherCounter?: number;
  /** ALTMSTID: the same high-water mark for masters. */
  masterCounter?: number;
  /** LASTVOUCHERDATE: the date of the last voucher; absent if Tally does not give it, or if there is none. */
  lastVoucherDate?: CalendarDate;
  /** EDUMODE: `education` is a Tally without a licence (docs/tally.md §1.3); absent if Tally does not give it. */
  edition?: 'education' | 'licensed';
}

/** The name of a company in requests: some Tallys know a company only by its exact name (docs/tally.md §2). */
export const nameInTally = ({ name, exactName }: Company): string => exactName ?? name;

const fields = fieldsOf(filled('NAME', 'GUID', 'BOOKSFROM', 'LASTVOUCHERDATE', 'ALTVCHID', 'ALTMSTID', 'EDUMODE'));

/** The companies that are open in Tally. Fails with the codes `tally-*` and `answer-*`. */
export async function listCompanies(source: AnswerSource, signal?: AbortSignal): Promise<Company[]> {
  const companies: Company[] = [];
  const request = { xml: companiesRequest(), element: 'COMPANY' };
  for await (const element of readElements(source, request, signal)) {
    const row = readRow(element, fields);
    const company = { name: row.value('NAME'), id: row.value('GUID') };
    if (company.name === '' || company.id === '')
      throw unreadable(
        company.name === ''
          ? t('Tally lists a company without a name.')
          : t('Tally lists a company without a GUID: {company}.', { company: company.name }),
      );
    const exactName = exactText(decodeBytes(element.bytes, element.encoding), 'NAME');
    const booksFrom = fromTallyDate(row.value('BOOKSFROM'));
    const lastVoucherDate = fromTallyDate(row.value('LASTVOUCHERDATE'));
    const edition = editionOf(row.value('EDUMODE'));
    const voucherCounter = counterOf(row.value('ALTVCHID'));
    const masterCounter = counterOf(row.value('ALTMSTID'));
    companies.push({
      ...company,
      ...(exactName !== company.name && cleanText(exactName) === company.name && { exactName }),
      ...(booksFrom !== undefined && { booksFrom }),
      ...(voucherCounter !== undefined && { voucherCounter }),
      ...(masterCounter !== undefined && { masterCounter }),
      ...(lastVoucherDate !== undefined && { lastVoucherDate }),
      ...(edition !== undefined && { edition }),
    });
  }
  return companies;
}

function counterOf(text: string): number | undefined {
  const counter = Number(text || NaN);
  return Number.isSafeInteger(counter) ? counter : undefined;
}

function editionOf(eduMode: string): Company['edition'] {
  switch (eduMode.toLowerCase()) {
    case 'yes':
      return 'education';
    case 'no':
      return 'licensed';
    default:
      return undefined;
  }
}

/**
 * Requests the company list again and returns the company's present row, found by exact name and GUID. For a closed company a
 * collection answers as for a company without data: success, without rows (docs/tally.md §2). Only the company list tells the
 * two cases apart. Throws `company-not-open`.
 */
export async function confirmOpen(source: AnswerSource, company: Company, signal?: AbortSignal): Promise<Company> {
  const companies = await listCompanies(source, signal);
  const found = companies.find((open) => nameInTally(open) === nameInTally(company) && sameId(open.id, company.id));
  if (found !== undefined) return found;
  throw companyNotOpen(
    companies.length === 0
      ? t('“{company}” is no longer open in Tally. No company is open.', { company: company.name })
      : t('“{company}” is no longer open in Tally. Open now: {names}.', {
          company: company.name,
          names: companies.map(({ name }) => name).join(', '),
        }),
  );
}

/** Two names mean the same company if they differ only in case, outer blanks or control characters. */
export const sameCompanyName = (a: string, b: string): boolean => nameKey(cleanText(a)) === nameKey(cleanText(b));

/** GUIDs are hexadecimal, and their letters may be in either case. */
export const sameId = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * The companies that a name may mean. First those with exactly this name. If there are none, those whose name equals it without
 * outer blanks; if there are none either, those that sameCompanyName accepts.
 */
export const companiesOfName = (companies: readonly Company[], wanted: string): Company[] =>
  [
    companies.filter((company) => nameInTally(company) === wanted),
    companies.filter((company) => company.name === wanted.trim()),
    companies.filter((company) => sameCompanyName(company.name, wanted)),
  ].find(({ length }) => length > 0) ?? [];

/**
 * The company of a run, with its exact name: the wanted company, or the only open one. Fails with `company-not-open`, or with
 * `config` if several companies are open and none was chosen.
 */
export function findCompany(companies: Company[], wanted?: string): Company {
  const names = companies.map((company) => company.name).join(', ');
  if (companies.length === 0)
    throw companyNotOpen(
      wanted === undefined
        ? t('No company is open in Tally.')
        : t('“{company}” is not open in Tally; no company is.', { company: wanted }),
    );
  if (wanted === undefined || wanted.trim() === '') {
    if (companies.length === 1) return companies[0]!;
    throw new EtlError(
      'config',
      t('Several companies are open in Tally: {names}.', { names }),
      t('Choose one: set TALLY_COMPANY.'),
      { setting: 'TALLY_COMPANY' },
    );
  }
  const alike = companiesOfName(companies, wanted);
  if (alike.length === 0)
    throw companyNotOpen(t('“{company}” is not open in Tally. Open now: {names}.', { company: wanted.trim(), names }));
  if (alike.length > 1)
    throw new EtlError(
      'config',
      t('Several companies open in Tally have this name, but for capitals and blanks: {names}.', {
        names: alike.map((company) => JSON.stringify(nameInTally(company))).join(', '),
      }),
      t('Write TALLY_COMPANY exactly as Tally has it.'),
      { setting: 'TALLY_COMPANY' },
    );
  return alike[0]!;
}
