import type { GroupMaster, LedgerMaster, Masters, VoucherTypeMaster } from '../../invoice/classes/masters.js';
import { unreadable } from '../answerErrors.js';
import { appropriateFor } from '../requests/masters.js';
import { readRecord, childOrAttribute } from '../xml/masterElements.js';
import { readElements } from '../xml/readElements.js';
import { fieldsOf, filled, type XmlRecord } from '../xml/recordReader.js';
import type { ExportFile } from './exportFile.js';

const fields = fieldsOf({
  ...filled('GUID', 'PARENT', 'RESERVEDNAME', 'TAXTYPE', 'GSTDUTYHEAD', 'APPROPRIATEFOR'),
  'LANGUAGENAME.LIST': { 'NAME.LIST': { NAME: 'filled' } },
});

/**
 * The masters that an exported file holds beside its vouchers; empty lists if it holds none. The lists may have gaps: Tally
 * exports only the masters that the vouchers depend on, and only if its export is set so (docs/tally.md §1.5 A'). Fails as
 * describeExportFile does. `onGuid` is called with the GUID of each master that has one.
 */
export async function readFileMasters(
  file: ExportFile,
  signal?: AbortSignal,
  onGuid?: (guid: string) => void,
): Promise<Masters> {
  const masters: Masters = { voucherTypes: [], ledgers: [], groups: [] };
  const request = { xml: '', element: ['VOUCHERTYPE', 'LEDGER', 'GROUP'] };
  for await (const element of readElements(file, request, signal)) {
    const record = readRecord(element, fields, (reason, xml) => file.inWords(unreadable(`${reason} ${xml}`)));
    const name = nameOf(record);
    // Inside a voucher, or as a counter, an element of this kind has no name. It is not a master.
    if (name === '') continue;
    const guid = childOrAttribute(record, 'GUID');
    if (guid !== '') onGuid?.(guid);
    if (record.name === 'LEDGER') masters.ledgers.push(toLedger(name, record, guid));
    else masters[record.name === 'GROUP' ? 'groups' : 'voucherTypes'].push(toTypeOrGroup(name, record));
  }
  return masters;
}

/**
 * The attribute NAME, else the first name in LANGUAGENAME.LIST. The other names there are aliases, which vouchers never use.
 */
const nameOf = ({ attributes, lists }: XmlRecord): string =>
  attributes.NAME || (lists.flatMap((list) => list.lists).find(({ values }) => values.NAME)?.values.NAME ?? '');

const toTypeOrGroup = (name: string, record: XmlRecord): VoucherTypeMaster & GroupMaster => ({
  name,
  parent: childOrAttribute(record, 'PARENT'),
  reservedName: childOrAttribute(record, 'RESERVEDNAME'),
});

const toLedger = (name: string, record: XmlRecord, guid: string): LedgerMaster => ({
  name,
  ...(guid !== '' && { guid }),
  parent: childOrAttribute(record, 'PARENT'),
  taxType: childOrAttribute(record, 'TAXTYPE'),
  gstDutyHead: childOrAttribute(record, 'GSTDUTYHEAD'),
  ...appropriateFor(childOrAttribute(record, 'APPROPRIATEFOR')),
});
