import type { Encoding } from '../xml/encoding.js';
import { readAttributes, TagNames, TagScanner } from '../xml/tagScanner.js';
import type { XmlElement } from '../xml/xmlElement.js';
import { readText } from '../xml/xmlText.js';

/**
 * What is read of an element: the names of its wanted children. A map is a list, `null` a value, of which the first counts;
 * `every` a value that comes several times; `attributes` a value with its attributes.
 */
interface Wanted {
  [name: string]: Wanted | null | 'every' | 'attributes';
}

const lineDetails: Wanted = {
  'BASICUSERDESCRIPTION.LIST': { BASICUSERDESCRIPTION: 'every' },
  DESCRIPTION: null,
  GSTOVRDNTAXABILITY: null,
  GSTOVRDNTYPEOFSUPPLY: null,
  GSTOVRDNISREVCHARGEAPPL: null,
};
const taxRates: Wanted = { 'RATEDETAILS.LIST': { GSTRATEDUTYHEAD: null, GSTRATE: null } };
const stockEntry: Wanted = {
  STOCKITEMNAME: null,
  GSTHSNNAME: null,
  RATE: null,
  AMOUNT: null,
  BILLEDQTY: null,
  ACTUALQTY: null,
  DISCOUNT: null,
  'ACCOUNTINGALLOCATIONS.LIST': { LEDGERNAME: null, AMOUNT: null, ...taxRates },
  'BATCHALLOCATIONS.LIST': { GODOWNNAME: null, BATCHNAME: null },
  ...lineDetails,
  ...taxRates,
};
const ledgerEntry: Wanted = {
  LEDGERNAME: null,
  AMOUNT: null,
  ISPARTYLEDGER: null,
  ROUNDTYPE: null,
  ROUNDLIMIT: null,
  METHODTYPE: null,
  APPROPRIATEFOR: null,
  GSTHSNNAME: null,
  'BILLALLOCATIONS.LIST': { BILLTYPE: null, BILLCREDITPERIOD: 'attributes' },
  'INVENTORYALLOCATIONS.LIST': stockEntry,
  ...lineDetails,
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
  STATENAME: null,
  PARTYMAILINGNAME: null,
  GSTREGISTRATIONTYPE: null,
  CONSIGNEEGSTIN: null,
  CONSIGNEESTATENAME: null,
  CMPGSTIN: null,
  GSTNATUREOFRETURN: null,
  ISREVERSECHARGEAPPLICABLE: null,
  IRNQRCODE: null,
  BASICPURCHASEORDERNO: null,
  BASICORDERDATE: null,
  PARTYORDERDATE: null,
  'INVOICEORDERLIST.LIST': { BASICPURCHASEORDERNO: null, BASICORDERDATE: null },
  'EWAYBILLDETAILS.LIST': { BILLNUMBER: null, BILLDATE: null, 'TRANSPORTDETAILS.LIST': { VEHICLENUMBER: null } },
  'LEDGERENTRIES.LIST': ledgerEntry,
  'ALLLEDGERENTRIES.LIST': ledgerEntry,
  'ALLINVENTORYENTRIES.LIST': stockEntry,
  'INVENTORYENTRIES.LIST': stockEntry,
  'INVENTORYENTRIESIN.LIST': { STOCKITEMNAME: null },
  'INVENTORYENTRIESOUT.LIST': { STOCKITEMNAME: null },
};

/** A name that is read, and what is read of its content. */
interface Field {
  name: string;
  children: TagNames<Field> | null;
  isEvery: boolean;
  hasAttributes: boolean;
  /** The element in which it was seen last: a number for each element, as a set or a mask for each would cost more. */
  seenIn: number;
  /** The last value in plain ASCII: most fields have few different ones. */
  last: string;
}

const fieldsOf = (wanted: Wanted): TagNames<Field> =>
  new TagNames(
    Object.entries(wanted).map(([name, what]) => [
      name,
      {
        name,
        children: what !== null && typeof what === 'object' ? fieldsOf(what) : null,
        isEvery: what === 'every',
        hasAttributes: what === 'attributes',
        seenIn: 0,
        last: '',
      },
    ]),
  );
const fieldsOfVoucher = fieldsOf(voucher);

/** Elements read so far. Each of them has fields of its own, as no list holds a list of its own kind. */
let elements = 0;

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
  const element = ++elements;
  const children: XmlElement[] = [];
  for (;;) {
    const tag = scanner.next();
    if (tag === 'odd') return undefined;
    if (tag === 'close') return scanner.closes(nameFrom, nameTo) ? children : undefined;
    const field = wanted.of(scanner);
    const isSecond = field?.children === null && !field.isEvery && field.seenIn === element; // the first counts, even an empty one
    if (field !== undefined) field.seenIn = element;
    if (tag === 'empty') continue;
    if (field === undefined || isSecond) {
      if (!scanner.skip()) return undefined;
      continue;
    }
    const attributes =
      field.hasAttributes && scanner.hasAttributes ? readAttributes(scanner.text(scanner.nameTo, scanner.at)) : none;
    const content = field.children === null ? readValue(scanner, field) : readChildren(scanner, field.children);
    if (content === undefined || attributes === undefined) return undefined;
    if (content.length === 0) continue;
    const isText = typeof content === 'string';
    children.push({ name: field.name, attributes, text: isText ? content : '', children: isText ? [] : content });
  }
}

const none = {};

function readValue(scanner: TagScanner, field: Field): string | undefined {
  const { at: from, nameFrom, nameTo } = scanner;
  if (scanner.next() !== 'close' || !scanner.closes(nameFrom, nameTo)) return undefined;
  const plain = scanner.plainText(from, scanner.tagFrom, field.last);
  if (plain === undefined) return readText(scanner.text(from, scanner.tagFrom));
  if (plain !== '') field.last = plain;
  return plain;
}
