import type { GroupMaster, LedgerMaster, Masters, VoucherTypeMaster } from '../../invoice/classes/masters.js';
import { unreadable } from '../answerErrors.js';
import { decodeBytes } from '../xml/encoding.js';
import type { ExportFile } from './exportFile.js';
import { appropriateFor } from '../requests/masters.js';
import { readElements } from '../xml/readElements.js';
import { childrenNamed, parseXmlElement, type XmlElement } from '../xml/xmlElement.js';

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
  const read = <T>(element: string, toMaster: (name: string, element: XmlElement) => T): Promise<T[]> =>
    readAll(
      file,
      element,
      (name, master) => {
        const guid = valueOf(master, 'GUID');
        if (guid !== '') onGuid?.(guid);
        return toMaster(name, master);
      },
      signal,
    );
  return {
    voucherTypes: await read('VOUCHERTYPE', toTypeOrGroup),
    ledgers: await read('LEDGER', toLedger),
    groups: await read('GROUP', toTypeOrGroup),
  };
}

async function readAll<T>(
  file: ExportFile,
  element: string,
  toMaster: (name: string, element: XmlElement) => T,
  signal: AbortSignal | undefined,
): Promise<T[]> {
  const masters: T[] = [];
  for await (const { bytes, encoding, damage } of readElements(file, { xml: '', element }, signal)) {
    const master = parse(decodeBytes(bytes, encoding), damage, file);
    const name = nameOf(master);
    // An element of this name inside a voucher, or a counter, has no name of its own: it is no master.
    if (name !== '') masters.push(toMaster(name, master));
  }
  return masters;
}

/** The attribute NAME, else the first name of LANGUAGENAME.LIST; the others there are aliases, which vouchers never use. */
const nameOf = (element: XmlElement): string =>
  element.attributes.NAME ||
  childrenNamed(element, 'LANGUAGENAME.LIST')
    .flatMap((list) => childrenNamed(list, 'NAME.LIST'))
    .flatMap((list) => childrenNamed(list, 'NAME'))
    .find(({ text }) => text !== '')?.text ||
  '';

/** From the child of that name, else from the attribute: RESERVEDNAME is one. */
const valueOf = (element: XmlElement, field: string): string =>
  element.children.find(({ name, text }) => name === field && text !== '')?.text ?? element.attributes[field] ?? '';

const toTypeOrGroup = (name: string, element: XmlElement): VoucherTypeMaster & GroupMaster => ({
  name,
  parent: valueOf(element, 'PARENT'),
  reservedName: valueOf(element, 'RESERVEDNAME'),
});

const toLedger = (name: string, element: XmlElement): LedgerMaster => ({
  name,
  parent: valueOf(element, 'PARENT'),
  taxType: valueOf(element, 'TAXTYPE'),
  gstDutyHead: valueOf(element, 'GSTDUTYHEAD'),
  ...appropriateFor(valueOf(element, 'APPROPRIATEFOR')),
});

function parse(xml: string, damage: string | undefined, file: ExportFile): XmlElement {
  try {
    if (damage !== undefined) throw new Error(damage);
    return parseXmlElement(xml);
  } catch (error) {
    throw file.inWords(unreadable(`${(error as Error).message} ${xml.slice(0, 80)}`));
  }
}
