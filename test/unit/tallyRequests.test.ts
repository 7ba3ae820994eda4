import assert from 'node:assert/strict';
import { XMLParser } from 'fast-xml-parser';
import {
  companiesRequest,
  ledgerOpeningsRequest,
  masterRequest,
  voucherRequest,
} from '../../src/core/tally/requests/requests.js';
import { parseXmlElement } from '../../src/core/tally/xml/xmlElement.js';

const name = `A & B "x" <y> 'z' \\ ₹`;
const range = { from: '2024-04-01', to: '2025-03-31' };

describe('a request to Tally', () => {
  const all = {
    companies: companiesRequest(),
    voucherTypes: masterRequest('voucherTypes', name),
    ledgers: masterRequest('ledgers', name),
    groups: masterRequest('groups', name),
    groupDetails: masterRequest('groupDetails', name),
    stockItems: masterRequest('stockItems', name),
    stockOpenings: masterRequest('stockItems', name, { openingsOf: range.from }),
    units: masterRequest('units', name, { ledger: true }),
    costCentres: masterRequest('costCentres', name),
    ledgerOpenings: ledgerOpeningsRequest(name, range.from),
    dayBook: voucherRequest('Day Book', name, range),
    voucherRegister: voucherRequest('Voucher Register', name, range),
  };

  it('is well-formed XML from its first character on and asks for XML', () => {
    for (const [which, xml] of Object.entries(all)) {
      assert.doesNotThrow(() => parseXmlElement(xml), which);
      assert.ok(xml.startsWith('<ENVELOPE>'), which);
      assert.match(xml, /<SVEXPORTFORMAT>\$\$SysName:XML<\/SVEXPORTFORMAT>/, which);
    }
  });

  it('names the company exactly, whatever characters are in its name', () => {
    for (const [which, xml] of Object.entries(all)) {
      if (which === 'companies') continue; // asks about no company
      const sent = /<SVCURRENTCOMPANY>(.*)<\/SVCURRENTCOMPANY>/.exec(xml)![1]!;
      assert.doesNotMatch(sent, /[<>"']/, which);
      assert.equal(parseXmlElement(`<C>${sent}</C>`).text, name, which);
    }
  });

  it('names it with its blanks and no-break spaces, control characters and line breaks as references', () => {
    const exact = ' \u0004\u00a0A & B\r\nC\u00a0\u0004 ';
    for (const xml of [masterRequest('ledgers', exact), voucherRequest('Day Book', exact, range)])
      assert.ok(xml.includes('<SVCURRENTCOMPANY> &#4;\u00a0A &amp; B&#13;&#10;C\u00a0&#4; </SVCURRENTCOMPANY>'), xml);
  });

  it('gives a range as typed dates: Tally silently ignores untyped ones', () => {
    for (const xml of [all.dayBook, all.voucherRegister]) {
      assert.match(xml, /<SVFROMDATE TYPE="Date">20240401<\/SVFROMDATE>/);
      assert.match(xml, /<SVTODATE TYPE="Date">20250331<\/SVTODATE>/);
      assert.match(xml, /<EXPLODEFLAG>Yes<\/EXPLODEFLAG>/);
    }
  });

  it('asks a report by its name, and a collection for the needed fields only', () => {
    const parse = (xml: string): unknown => new XMLParser().parse(xml);
    assert.match(JSON.stringify(parse(all.dayBook)), /"REPORTNAME":"Day Book"/);
    assert.match(JSON.stringify(parse(all.voucherRegister)), /"REPORTNAME":"Voucher Register"/);
    assert.match(
      all.ledgers,
      /<TYPE>Ledger<\/TYPE>\s*<FETCH>NAME, GUID, PARENT, TAXTYPE, GSTDUTYHEAD, APPROPRIATEFOR<\/FETCH>/,
    );
    assert.doesNotMatch(all.ledgers, /SVFROMDATE/);
  });

  it('asks for openings with both dates typed, and for other masters without dates: an untyped one froze a Tally', () => {
    for (const xml of [all.ledgerOpenings, all.stockOpenings]) {
      assert.match(xml, /<SVFROMDATE TYPE="Date">20240401<\/SVFROMDATE>/);
      assert.match(xml, /<SVTODATE TYPE="Date">20240401<\/SVTODATE>/);
    }
    for (const xml of [all.stockItems, all.units, all.costCentres, all.groupDetails])
      assert.doesNotMatch(xml, /SVFROMDATE|SVTODATE/);
  });

  it('asks only for types of masters that a recorded answer shows: another one parks Tally behind a box', () => {
    const types = Object.values(all).flatMap((xml) => [...xml.matchAll(/<COLLECTION .*?<TYPE>([^<]*)</gs)]);
    const shown = ['Company', 'Group', 'Ledger', 'VoucherType', 'StockItem', 'Unit', 'CostCentre'];
    for (const [, type] of types) assert.ok(shown.includes(type!.replaceAll(' ', '')), type);
    assert.ok(types.length >= 9);
  });
});
