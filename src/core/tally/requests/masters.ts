import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';
import type { GroupMaster, LedgerMaster, Masters, VoucherTypeMaster } from '../../invoice/classes/masters.js';
import { chosen } from '../../invoice/values/values.js';
import { isNotOffered } from '../answerErrors.js';
import type { AnswerSource } from '../answerSource.js';
import { confirmOpen, nameInTally, type Company } from './companies.js';
import { readMasterElements, type MasterRow } from '../xml/masterElements.js';
import { fieldsOf, filled } from '../xml/recordReader.js';
import { masterRequest, type MasterRequest } from './requests.js';

/** A kind of master that Tally did not give. Tally refused the request with this message, or (null) sent an empty list. */
export interface LackingMasters {
  kind: 'ledgers' | 'groups';
  refusal: string | null;
}

export interface ReadMasters extends Masters {
  lacking: LackingMasters[];
}

/**
 * The masters that decide base types and ledger classes. Without voucher types nothing can be classified, so that is an error.
 * Ledgers and groups that Tally does not give are listed in `lacking`; the name patterns then decide.
 */
export async function readMasters(source: AnswerSource, company: Company, signal?: AbortSignal): Promise<ReadMasters> {
  const read = <T>(name: MasterRequest, element: string, toMaster: (row: MasterRow) => T): Promise<T[]> =>
    readAll(source, company, { xml: masterRequest(name, nameInTally(company)), element }, toMaster, signal);
  const voucherTypes = await read('voucherTypes', 'VOUCHERTYPE', toVoucherType);
  if (voucherTypes.length === 0)
    throw new EtlError(
      'tally-refused',
      t('“{company}” is open in Tally, but Tally sent none of its voucher types.', { company: company.name }),
      t('Finish any log-in or TallyVault prompt in Tally, close open boxes there, and try again.'),
    );
  const lacking: LackingMasters[] = [];
  const ledgers = await orLacking(read('ledgers', 'LEDGER', toLedger), 'ledgers', lacking);
  const groups = await orLacking(read('groups', 'GROUP', toGroup), 'groups', lacking);
  return { voucherTypes, ledgers, groups, lacking };
}

/** A master that vouchers mention only by its name. */
export interface NamedMaster {
  name: string;
  guid: string;
}

/** The stock items or units of a company; undefined if Tally does not give them. */
export async function readNames(
  source: AnswerSource,
  company: Company,
  kind: 'stockItems' | 'units',
  signal?: AbortSignal,
): Promise<NamedMaster[] | undefined> {
  const request = { xml: masterRequest(kind, nameInTally(company)), element: kind === 'units' ? 'UNIT' : 'STOCKITEM' };
  try {
    return await readAll(
      source,
      company,
      request,
      (row) => ({ name: row.value('NAME'), guid: row.value('GUID') }),
      signal,
    );
  } catch (error) {
    if (!isNotOffered(error)) throw error;
    return undefined;
  }
}

/**
 * All rows. A company that is not open gives no rows and no error (docs/tally.md §2). So after an empty answer, throws
 * `company-not-open` if the company list does not show the company.
 */
async function readAll<T>(
  source: AnswerSource,
  company: Company,
  request: { xml: string; element: string },
  toMaster: (row: MasterRow) => T,
  signal: AbortSignal | undefined,
): Promise<T[]> {
  const masters: T[] = [];
  for await (const row of readMasterElements(source, request, fields, signal)) masters.push(toMaster(row));
  if (masters.length === 0) await confirmOpen(source, company, signal);
  return masters;
}

async function orLacking<T>(
  reading: Promise<T[]>,
  kind: LackingMasters['kind'],
  lacking: LackingMasters[],
): Promise<T[]> {
  try {
    const masters = await reading;
    if (masters.length === 0) lacking.push({ kind, refusal: null });
    return masters;
  } catch (error) {
    if (!isNotOffered(error)) throw error;
    lacking.push({ kind, refusal: error.message });
    return [];
  }
}

const fields = fieldsOf(filled('NAME', 'GUID', 'PARENT', 'RESERVEDNAME', 'TAXTYPE', 'GSTDUTYHEAD', 'APPROPRIATEFOR'));

const guidOf = (row: MasterRow): { guid?: string } => {
  const guid = row.value('GUID');
  return guid === '' ? {} : { guid };
};

/** The property APPROPRIATEFOR, if it has a value. Nearly every ledger has ` Not Applicable`, or lacks the field. */
export function appropriateFor(text: string): { appropriateFor?: string } {
  const value = chosen(text);
  return value === null ? {} : { appropriateFor: value };
}

const toVoucherType = (row: MasterRow): VoucherTypeMaster => ({
  name: row.value('NAME'),
  ...guidOf(row),
  parent: row.value('PARENT'),
  reservedName: row.value('RESERVEDNAME'),
});

const toLedger = (row: MasterRow): LedgerMaster => ({
  name: row.value('NAME'),
  ...guidOf(row),
  parent: row.value('PARENT'),
  taxType: row.value('TAXTYPE'),
  gstDutyHead: row.value('GSTDUTYHEAD'),
  ...appropriateFor(row.value('APPROPRIATEFOR')),
});

const toGroup = (row: MasterRow): GroupMaster => ({
  name: row.value('NAME'),
  parent: row.value('PARENT'),
  reservedName: row.value('RESERVEDNAME'),
});
