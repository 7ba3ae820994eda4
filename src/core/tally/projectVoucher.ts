import type { Encoding } from './encoding.js';
import { TagNames, TagScanner } from './tagScanner.js';

/** What is copied of an element: the names of its wanted children. `null` is a value, a map a list. */
interface Wanted {
  [name: string]: Wanted | null;
}

const taxRates: Wanted = { 'RATEDETAILS.LIST': { GSTRATEDUTYHEAD: null, GSTRATE: null } };
const ledgerEntry: Wanted = {
  LEDGERNAME: null,
  AMOUNT: null,
  ISPARTYLEDGER: null,
  ROUNDTYPE: null,
  METHODTYPE: null,
  GSTHSNNAME: null,
  ...taxRates,
};
const stockEntry: Wanted = {
  STOCKITEMNAME: null,
  GSTHSNNAME: null,
  RATE: null,
  AMOUNT: null,
  BILLEDQTY: null,
  ACTUALQTY: null,
  DISCOUNT: null,
  'ACCOUNTINGALLOCATIONS.LIST': { LEDGERNAME: null, AMOUNT: null },
  ...taxRates,
};
const voucher: Wanted = {
  DATE: null,
  GUID: null,
  VOUCHERTYPENAME: null,
  ALTERID: null,
  MASTERID: null,
  VOUCHERNUMBER: null,
  REFERENCE: null,
  REFERENCEDATE: null,
  PARTYLEDGERNAME: null,
  PARTYNAME: null,
  PARTYGSTIN: null,
  PLACEOFSUPPLY: null,
  NARRATION: null,
  IRN: null,
  IRNACKNO: null,
  IRNACKDATE: null,
  ISCANCELLED: null,
  ISOPTIONAL: null,
  'EWAYBILLDETAILS.LIST': { BILLNUMBER: null },
  'LEDGERENTRIES.LIST': ledgerEntry,
  'ALLLEDGERENTRIES.LIST': ledgerEntry,
  'ALLINVENTORYENTRIES.LIST': stockEntry,
  'INVENTORYENTRIES.LIST': stockEntry,
};

/** A name that is copied: its place among its siblings, its tags, and what is copied of its content. */
interface Field {
  bit: number;
  open: string;
  close: string;
  children: TagNames<Field> | null;
}

const fieldsOf = (wanted: Wanted): TagNames<Field> =>
  new TagNames(
    Object.entries(wanted).map(([name, children], index) => [
      name,
      { bit: 1 << index, open: `<${name}>`, close: `</${name}>`, children: children && fieldsOf(children) },
    ]),
  );
const fieldsOfVoucher = fieldsOf(voucher);

/**
 * A small voucher text that holds only what a Voucher is read from: parsing it costs a fraction of parsing the whole.
 * What is empty is left out, and of two values of one name the second. Undefined for a voucher with anything unusual in
 * it (comments, CDATA, processing instructions, `>` in an attribute, markup in a value, tags that do not pair): that one
 * has to be parsed in full.
 */
export function projectVoucher(bytes: Buffer, encoding: Encoding): string | undefined {
  const scanner = new TagScanner(bytes, encoding);
  if (scanner.next() !== 'open' || scanner.tagFrom !== 0) return undefined;
  const start = scanner.text(0, scanner.at);
  const name = scanner.text(scanner.nameFrom, scanner.nameTo);
  const content = copyChildren(scanner, fieldsOfVoucher);
  return content === undefined || !scanner.atEnd ? undefined : `${start}${content}</${name}>`;
}

/** The wanted children of the element whose open tag has just been read. */
function copyChildren(scanner: TagScanner, wanted: TagNames<Field>): string | undefined {
  const { nameFrom, nameTo } = scanner;
  let seen = 0;
  let copy = '';
  for (;;) {
    const tag = scanner.next();
    if (tag === 'odd') return undefined;
    if (tag === 'close') return scanner.closes(nameFrom, nameTo) ? copy : undefined;
    const field = wanted.of(scanner);
    const isSecond = field?.children === null && (seen & field.bit) !== 0; // the first counts, even an empty one
    if (field !== undefined) seen |= field.bit;
    if (tag === 'empty') continue;
    if (field === undefined || isSecond) {
      if (!scanner.skip()) return undefined;
      continue;
    }
    const content = field.children === null ? copyValue(scanner) : copyChildren(scanner, field.children);
    if (content === undefined) return undefined;
    if (content !== '') copy += field.open + content + field.close;
  }
}

function copyValue(scanner: TagScanner): string | undefined {
  const { at: from, nameFrom, nameTo } = scanner;
  if (scanner.next() !== 'close' || !scanner.closes(nameFrom, nameTo)) return undefined;
  return scanner.isBlank(from, scanner.tagFrom) ? '' : scanner.text(from, scanner.tagFrom);
}
