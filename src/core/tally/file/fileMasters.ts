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
 * The masters that an exported file holds beside its vouchers; empty lists where it holds none. They may have gaps: Tally
 * adds what the vouchers depend on, and only if its export is set so (docs/tally.md §1.5 A'). Fails as describeExportFile does.
 * `onGuid` is told the GUID of each that has one.
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
    // An element of this name inside a voucher, or a counter, has no name of its own: it is no master.
    if (name === '') continue;
    const guid = childOrAttribute(record, 'GUID');
    if (guid !== '') onGuid?.(guid);
    if (record.name === 'LEDGER') masters.ledgers.push(toLedger(name, record));
    else masters[record.name === 'GROUP' ? 'groups' : 'voucherTypes'].push(toTypeOrGroup(name, record));
  }
  return masters;
}

/** The attribute NAME, else the first name of LANGUAGENAME.LIST; the others there are aliases, which vouchers never use. */
const nameOf = ({ attributes, lists }: XmlRecord): string =>
  attributes.NAME || (lists.flatMap((list) => list.lists).find(({ values }) => values.NAME)?.values.NAME ?? '');

const toTypeOrGroup = (name: string, record: XmlRecord): VoucherTypeMaster & GroupMaster => ({
  name,
  parent: childOrAttribute(record, 'PARENT'),
  reservedName: childOrAttribute(record, 'RESERVEDNAME'),
});

const toLedger = (name: string, record: XmlRecord): LedgerMaster => ({
  name,
  parent: childOrAttribute(record, 'PARENT'),
  taxType: childOrAttribute(record, 'TAXTYPE'),
  gstDutyHead: childOrAttribute(record, 'GSTDUTYHEAD'),
  ...appropriateFor(childOrAttribute(record, 'APPROPRIATEFOR')),
});
