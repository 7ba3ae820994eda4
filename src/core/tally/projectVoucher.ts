import { closingTagEnd, isClosing, isSelfClosing, openingTagName, skipElement } from './xmlScan.js';

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

type WantedMap = Map<string, WantedMap | null>;
const toMap = (wanted: Wanted): WantedMap =>
  new Map(Object.entries(wanted).map(([name, children]) => [name, children === null ? null : toMap(children)]));
const wantedOfVoucher = toMap(voucher);

/**
 * A small voucher text that holds only what a Voucher is read from: parsing it costs a third of parsing the whole.
 * Undefined for a voucher with anything unusual in it (comments, CDATA, processing instructions, `>` in an attribute, a
 * list inside itself, tags that do not pair): that one has to be parsed in full.
 */
export function projectVoucher(xml: string): string | undefined {
  return new Projection(xml).run();
}

class Projection {
  #out = '';

  constructor(readonly xml: string) {}

  run(): string | undefined {
    const gt = this.xml.indexOf('>');
    if (!this.xml.startsWith('<') || gt < 0 || isSelfClosing(this.xml, gt)) return undefined;
    const name = openingTagName(this.xml, 0, gt);
    if (name === undefined) return undefined;
    this.#out = this.xml.slice(0, gt + 1);
    const end = this.#copyChildren(name, gt + 1, wantedOfVoucher);
    return end === this.xml.length ? `${this.#out}</${name}>` : undefined;
  }

  /** Copies the wanted children of the element whose content begins at `at`; where it ends, or -1 for "unusual". */
  #copyChildren(parent: string, at: number, wanted: WantedMap): number {
    const { xml } = this;
    for (;;) {
      const lt = xml.indexOf('<', at);
      if (lt < 0) return -1;
      if (isClosing(xml, lt)) return closingTagEnd(xml, parent, lt);
      const gt = xml.indexOf('>', lt);
      const name = gt < 0 ? undefined : openingTagName(xml, lt, gt);
      if (name === undefined) return -1;
      const children = wanted.get(name);
      if (isSelfClosing(xml, gt)) {
        if (children === null) this.#out += `<${name}></${name}>`; // the first counts, even an empty one
        at = gt + 1;
        continue;
      }
      at = children === undefined ? skipElement(xml, name, gt + 1) : this.#copy(name, gt + 1, children);
      if (at < 0) return -1;
    }
  }

  #copy(name: string, at: number, children: WantedMap | null): number {
    this.#out += `<${name}>`;
    const end = children === null ? this.#copyValue(name, at) : this.#copyChildren(name, at, children);
    this.#out += `</${name}>`;
    return end;
  }

  #copyValue(name: string, at: number): number {
    const lt = this.xml.indexOf('<', at);
    if (lt < 0) return -1;
    this.#out += this.xml.slice(at, lt);
    return closingTagEnd(this.xml, name, lt);
  }
}
