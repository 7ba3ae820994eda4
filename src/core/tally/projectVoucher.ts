import type { Encoding } from './encoding.js';
import { readAttributes, TagNames, TagScanner } from './tagScanner.js';
import type { XmlElement } from './xmlElement.js';
import { readText } from './xmlText.js';

/** What is read of an element: the names of its wanted children. `null` is a value, a map a list. */
interface Wanted {
  [name: string]: Wanted | null;
}

const taxRates: Wanted = { 'RATEDETAILS.LIST': { GSTRATEDUTYHEAD: null, GSTRATE: null } };
const stockEntry: Wanted = {
  STOCKITEMNAME: null,
  GSTHSNNAME: null,
  RATE: null,
  AMOUNT: null,
  BILLEDQTY: null,
  ACTUALQTY: null,
  DISCOUNT: null,
  GSTOVRDNTAXABILITY: null,
  'ACCOUNTINGALLOCATIONS.LIST': { LEDGERNAME: null, AMOUNT: null, ...taxRates },
  ...taxRates,
};
const ledgerEntry: Wanted = {
  LEDGERNAME: null,
  AMOUNT: null,
  ISPARTYLEDGER: null,
  ROUNDTYPE: null,
  METHODTYPE: null,
  APPROPRIATEFOR: null,
  GSTOVRDNTAXABILITY: null,
  GSTHSNNAME: null,
  'INVENTORYALLOCATIONS.LIST': stockEntry,
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
  ISDELETED: null,
  ISDELETEDVCHRETAINED: null,
  'EWAYBILLDETAILS.LIST': { BILLNUMBER: null },
  'LEDGERENTRIES.LIST': ledgerEntry,
  'ALLLEDGERENTRIES.LIST': ledgerEntry,
  'ALLINVENTORYENTRIES.LIST': stockEntry,
  'INVENTORYENTRIES.LIST': stockEntry,
  'INVENTORYENTRIESIN.LIST': { STOCKITEMNAME: null },
  'INVENTORYENTRIESOUT.LIST': { STOCKITEMNAME: null },
};

/** A name that is read: its place among its siblings, as a bit of one of the words, and what is read of its content. */
interface Field {
  name: string;
  word: number;
  bit: number;
  children: TagNames<Field> | null;
}

const fieldsOf = (wanted: Wanted): TagNames<Field> =>
  new TagNames(
    Object.entries(wanted).map(([name, children], index) => [
      name,
      { name, word: index >> 5, bit: 1 << (index & 31), children: children && fieldsOf(children) },
    ]),
  );
const fieldsOfVoucher = fieldsOf(voucher);

/**
 * The voucher as the full parse gives it, but only with what a Voucher is read from: a sixth of the cost. What is empty is
 * left out, and of two values of one name the second. Undefined for a voucher with anything unusual in it (comments, CDATA,
 * processing instructions, `>` in an attribute, markup in a value, tags that do not pair): that one has to be parsed in
 * full.
 */
export function projectVoucher(bytes: Buffer, encoding: Encoding): XmlElement | undefined {
  const scanner = new TagScanner(bytes, encoding);
  if (scanner.next() !== 'open' || scanner.tagFrom !== 0) return undefined;
  const attributes = readAttributes(scanner.text(scanner.nameTo, scanner.at));
  const name = scanner.text(scanner.nameFrom, scanner.nameTo);
  const children = readChildren(scanner, fieldsOfVoucher);
  if (attributes === undefined || children === undefined || !scanner.atEnd) return undefined;
  return { name, attributes, text: '', children };
}

/** The wanted children of the element whose open tag has just been read. */
function readChildren(scanner: TagScanner, wanted: TagNames<Field>): XmlElement[] | undefined {
  const { nameFrom, nameTo } = scanner;
  const seen = [0, 0, 0]; // words of 32 bits: more names than 96 are not read of any element
  const children: XmlElement[] = [];
  for (;;) {
    const tag = scanner.next();
    if (tag === 'odd') return undefined;
    if (tag === 'close') return scanner.closes(nameFrom, nameTo) ? children : undefined;
    const field = wanted.of(scanner);
    const isSecond = field?.children === null && (seen[field.word]! & field.bit) !== 0; // the first counts, even an empty one
    if (field !== undefined) seen[field.word]! |= field.bit;
    if (tag === 'empty') continue;
    if (field === undefined || isSecond) {
      if (!scanner.skip()) return undefined;
      continue;
    }
    const content = field.children === null ? readValue(scanner) : readChildren(scanner, field.children);
    if (content === undefined) return undefined;
    if (content.length === 0) continue;
    const isText = typeof content === 'string';
    children.push({ name: field.name, attributes: none, text: isText ? content : '', children: isText ? [] : content });
  }
}

const none = {};

function readValue(scanner: TagScanner): string | undefined {
  const { at: from, nameFrom, nameTo } = scanner;
  if (scanner.next() !== 'close' || !scanner.closes(nameFrom, nameTo)) return undefined;
  return scanner.plainText(from, scanner.tagFrom) ?? readText(scanner.text(from, scanner.tagFrom));
}
