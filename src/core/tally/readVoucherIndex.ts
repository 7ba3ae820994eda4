import { t } from '@vscode/l10n';
import { fromTallyDate, type CalendarDate, type DateRange } from '../calendar.js';
import { companyNotOpen, unreadable } from './answerErrors.js';
import type { AnswerSource } from './answerSource.js';
import type { Company } from './companies.js';
import type { MasterRow } from './masterElements.js';
import { readElementGroups } from './readElements.js';
import { repeated } from './repeated.js';
import { voucherIndexRequest } from './requests.js';
import { SimilarRows } from './similarRows.js';

/** One voucher of the index, of whatever kind. */
export interface IndexedVoucher {
  guid: string;
  date: CalendarDate;
  voucherType: string;
  /** Grows with each alteration of the voucher; undefined where Tally does not say it. */
  alterId: number | undefined;
}

/** What is read of a row. */
export const indexRows = (): SimilarRows => new SimilarRows('GUID', 'DATE', 'ALTERID', 'VOUCHERTYPENAME');

/**
 * Asks Tally which vouchers it has (an id-only collection, about 1.2 KB each) and gives them as they come, many at a time;
 * some may lie outside the range: a bound that Tally cannot use is silently dropped (tally.md §1.3). Fails by the codes of
 * `tally-*`, `answer-*` and `company-not-open`.
 */
export async function* readVoucherIndex(
  source: AnswerSource,
  company: Company,
  range: DateRange,
  signal?: AbortSignal,
): AsyncGenerator<IndexedVoucher[]> {
  const request = {
    xml: voucherIndexRequest(company.name, range),
    element: 'VOUCHER',
    checkHead: (head: string) => {
      refuseUnknownCompany(head, company);
    },
  };
  const prefix = company.id.toLowerCase();
  const readDate = repeated(fromTallyDate);
  const rows = indexRows();
  for await (const elements of readElementGroups(source, request, signal)) {
    const vouchers: IndexedVoucher[] = [];
    for (const element of elements) vouchers.push(toIndexed(rows.read(element), company, prefix, readDate));
    yield vouchers;
  }
}

function toIndexed(
  row: MasterRow,
  company: Company,
  prefix: string,
  readDate: (text: string) => CalendarDate | undefined,
): IndexedVoucher {
  const guid = row.value('GUID');
  const date = readDate(row.value('DATE'));
  if (guid === '') throw unreadable(t('Tally lists a voucher without a GUID.'));
  if (date === undefined) throw unreadable(t('Tally lists a voucher without a date: {guid}.', { guid }));
  if (!guid.startsWith(company.id) && !guid.toLowerCase().startsWith(prefix))
    throw companyNotOpen(
      t('Tally lists the voucher {guid}, which is not one of {company} ({id}).', {
        guid,
        company: company.name,
        id: company.id,
      }),
    );
  const alterId = Number(row.value('ALTERID') || NaN);
  return {
    guid,
    date,
    voucherType: row.value('VOUCHERTYPENAME') || row.value('VCHTYPE'),
    alterId: Number.isSafeInteger(alterId) ? alterId : undefined,
  };
}

/** Asked about a company that is not open, a collection says success, has no row, and all its counters are 0. */
function refuseUnknownCompany(head: string, company: Company): void {
  const counters = /<CMPINFO>(.*?)<\/CMPINFO>/s.exec(head)?.[1];
  const counts = [...(counters ?? '').matchAll(/>\s*(\d+)\s*</g)].map(([, count]) => count);
  if (counts.length > 0 && counts.every((count) => Number(count) === 0))
    throw companyNotOpen(
      t('Tally counts nothing at all in {company}: the company is not open any more.', { company: company.name }),
    );
}
