import assert from 'node:assert/strict';
import { listOpenCompanies } from '../../src/core/jobs/check/check.js';
import { describeLacking } from '../../src/core/jobs/books/lackingMasters.js';
import { confirmOpen, findCompany, listCompanies, nameInTally } from '../../src/core/tally/requests/companies.js';
import { readMasters } from '../../src/core/tally/requests/masters.js';
import { byteSource } from '../support/byteSource.js';
import { contextOf } from '../support/context.js';
import { collectionXml, company, escape, sendText, serve, serveText, stopServers } from './tallySupport.js';

describe('the companies open in Tally', () => {
  afterEach(stopServers);

  it('are listed with their exact names and GUIDs', async () => {
    const server = await serveText(
      collectionXml(
        '<COMPANY NAME="A &amp; B" RESERVEDNAME=""><GUID TYPE="String">guid-a</GUID><NAME TYPE="String">A &amp; B</NAME></COMPANY>' +
          '<COMPANY NAME="Zeta (from 1-Apr-24)" RESERVEDNAME=""><GUID TYPE="String">guid-z</GUID></COMPANY>',
      ),
    );
    assert.deepEqual(await listCompanies(server.client()), [
      { name: 'A & B', id: 'guid-a' },
      { name: 'Zeta (from 1-Apr-24)', id: 'guid-z' },
    ]);
  });

  it('keep what stands at the edges of a name for requests, and are shown without', async () => {
    const row = (attribute: string, child?: string): string =>
      `<COMPANY NAME="${attribute}" RESERVEDNAME=""><GUID TYPE="String">g</GUID>` +
      `${child === undefined ? '' : `<NAME TYPE="String">${child}</NAME>`}</COMPANY>`;
    const server = await serveText(
      collectionXml(
        [
          row(' A &amp; B ', '  A &amp; B '),
          row('&#4;\u00a0Zeta\u00a0&#4; '),
          row('Neo', 'Neo\u0005&#13;&#10;'),
          row('Other', '<![CDATA[ Omega ]]>'),
          row('Plain', 'Plain'),
        ].join(''),
      ),
    );
    const companies = await listCompanies(server.client());
    assert.deepEqual(
      companies.map(({ name, exactName }) => [name, exactName]),
      [
        ['A & B', '  A & B '],
        ['Zeta', '\u0004\u00a0Zeta\u00a0\u0004 '],
        ['Neo', 'Neo\u0005\r\n'],
        ['Omega', undefined],
        ['Plain', undefined],
      ],
    );
    assert.deepEqual(companies.map(nameInTally), [
      '  A & B ',
      '\u0004\u00a0Zeta\u00a0\u0004 ',
      'Neo\u0005\r\n',
      'Omega',
      'Plain',
    ]);
    assert.equal(await confirmOpen(server.client(), companies[1]!).then(nameInTally), '\u0004\u00a0Zeta\u00a0\u0004 ');
  });

  it('can be chosen by their exact names, where two are shown alike', async () => {
    const rows = ['Omega', 'Omega '].map(
      (name) => `<COMPANY NAME="${name}"><GUID TYPE="String">${name.length}</GUID></COMPANY>`,
    );
    const server = await serveText(collectionXml(rows.join('')));
    const open = await listOpenCompanies(contextOf({ TALLY_URL: server.url }));
    const chosen = open.map(({ name, exactName }) => exactName ?? name);
    assert.deepEqual(chosen, ['Omega', 'Omega ']);
    assert.deepEqual(
      chosen.map((name) => findCompany(open, name).id),
      ['5', '6'],
    );
  });

  it('are an empty list if no company is open', async () => {
    const server = await serveText(collectionXml(''));
    assert.deepEqual(await listCompanies(server.client()), []);
  });

  it('must have a GUID: rows without one could belong to anybody', async () => {
    const server = await serveText(collectionXml('<COMPANY NAME="A"><NAME>A</NAME></COMPANY>'));
    await assert.rejects(listCompanies(server.client()), { code: 'answer-unreadable', message: /GUID: A/ });
  });
});

describe('the company of a run', () => {
  const [a, b] = [
    { name: 'Alpha Traders', id: '1' },
    { name: 'ALPHA traders', id: '2' },
  ];

  it('is the only one open when none is named', () => {
    assert.equal(findCompany([a]), a);
    assert.equal(findCompany([a], ' '), a);
  });

  it('is found without regard to case and outer spaces, an exact match first', () => {
    assert.equal(findCompany([a], ' alpha TRADERS '), a);
    assert.equal(findCompany([a, b], 'ALPHA traders'), b);
  });

  it('is the one with exactly these blanks where several differ by them alone', () => {
    const [bare, blank] = [
      { name: 'Alpha', id: '3' },
      { name: 'Alpha', exactName: 'Alpha ', id: '4' },
    ];
    assert.equal(findCompany([blank, bare], 'Alpha'), bare);
    assert.equal(findCompany([bare, blank], 'Alpha '), blank);
    assert.equal(findCompany([a, blank], 'alpha'), blank);
    assert.equal(findCompany([blank], '\u0004 ALPHA\u00a0'), blank);
    assert.throws(() => findCompany([bare, blank], 'ALPHA'), {
      code: 'config',
      message: /"Alpha", "Alpha "/,
      hint: /exactly/,
    });
  });

  it('must be chosen when several are open', () => {
    assert.throws(() => findCompany([a, b]), {
      code: 'config',
      message: /Alpha Traders, ALPHA traders/,
      hint: /TALLY_COMPANY/,
    });
  });

  it('is reported with those that are open when it is not', () => {
    assert.throws(() => findCompany([a], 'Beta'), {
      code: 'company-not-open',
      message: /“Beta” is not open.*Alpha Traders/,
    });
    assert.throws(() => findCompany([], 'Beta'), { code: 'company-not-open', message: /“Beta” is not open/ });
    assert.throws(() => findCompany([]), { code: 'company-not-open', message: /No company/ });
  });
});

describe('the masters of a company', () => {
  afterEach(stopServers);

  const types = collectionXml(
    '<VOUCHERTYPE NAME="GST Sale" RESERVEDNAME=""><PARENT TYPE="String">Sales</PARENT></VOUCHERTYPE>' +
      '<VOUCHERTYPE NAME="Bikri" RESERVEDNAME="Sales"><PARENT TYPE="String">Bikri</PARENT></VOUCHERTYPE>',
  );
  const ledgers = collectionXml(
    '<LEDGER NAME="CGST @ 9%" RESERVEDNAME=""><LANGUAGENAME.LIST><NAME.LIST><NAME>CGST</NAME></NAME.LIST></LANGUAGENAME.LIST>' +
      '<PARENT TYPE="String">Duties &amp; Taxes</PARENT><TAXTYPE TYPE="String">GST</TAXTYPE><GSTDUTYHEAD>CGST</GSTDUTYHEAD></LEDGER>',
  );
  const groups = collectionXml(
    '<GROUP NAME="Duties &amp; Taxes" RESERVEDNAME="Duties &amp; Taxes"><PARENT TYPE="String">Current Liabilities</PARENT></GROUP>' +
      '<GROUP NAME="Current Liabilities" RESERVEDNAME="Current Liabilities"><PARENT TYPE="String">&#4; Primary</PARENT></GROUP>',
  );

  const tally = (answers: {
    types?: string;
    ledgers?: string;
    groups?: string;
    open?: string;
  }): ReturnType<typeof serve> =>
    serve((_, response, body) => {
      if (body.includes('<TYPE>VoucherType</TYPE>')) sendText(response, answers.types ?? types);
      else if (body.includes('<TYPE>Ledger</TYPE>')) sendText(response, answers.ledgers ?? ledgers);
      else if (body.includes('<TYPE>Company</TYPE>')) sendText(response, answers.open ?? groups);
      else sendText(response, answers.groups ?? groups);
    });

  it('are read with clean names', async () => {
    const server = await tally({});
    assert.deepEqual(await readMasters(server.client(), company), {
      voucherTypes: [
        { name: 'GST Sale', parent: 'Sales', reservedName: '' },
        { name: 'Bikri', parent: 'Bikri', reservedName: 'Sales' },
      ],
      ledgers: [{ name: 'CGST @ 9%', parent: 'Duties & Taxes', taxType: 'GST', gstDutyHead: 'CGST' }],
      groups: [
        { name: 'Duties & Taxes', parent: 'Current Liabilities', reservedName: 'Duties & Taxes' },
        { name: 'Current Liabilities', parent: 'Primary', reservedName: 'Current Liabilities' },
      ],
      lacking: [],
    });
  });

  it('say which ledgers are part of the assessable value', async () => {
    const row = (name: string, appropriateFor: string): string =>
      `<LEDGER NAME="${name}"><PARENT>Indirect Expenses</PARENT><TAXTYPE>Others</TAXTYPE>${appropriateFor}</LEDGER>`;
    const named = (text: string): string => `<APPROPRIATEFOR TYPE="String">${text}</APPROPRIATEFOR>`;
    const { ledgers: found } = await readMasters(
      (
        await tally({
          ledgers: collectionXml(row('A', named('GST')) + row('B', named('&#4; Not Applicable')) + row('C', '')),
        })
      ).client(),
      company,
    );
    assert.deepEqual(
      found.map(({ name, appropriateFor }) => [name, appropriateFor]),
      [
        ['A', 'GST'],
        ['B', undefined],
        ['C', undefined],
      ],
    );
  });

  it('are read without ledgers if Tally refuses those, and say so', async () => {
    const server = await tally({ ledgers: '<RESPONSE>Unknown Request, cannot be processed</RESPONSE>' });
    const masters = await readMasters(server.client(), company);
    assert.deepEqual([masters.ledgers, masters.groups.length], [[], 2]);
    const [lacking, ...others] = masters.lacking;
    assert.deepEqual([lacking?.kind, others], ['ledgers', []]);
    assert.match(
      describeLacking(lacking!),
      /its ledgers, so each ledger line was classed by its name alone.*Unknown Request/,
    );
  });

  it('are read without groups if Tally has none, and say which ledgers are guessed at and what to do', async () => {
    const said =
      /^Tally (sent no groups|did not give its groups)\. Ledgers in groups of your own are classed by their names: .*In Tally, check/;
    const open = collectionXml(`<COMPANY NAME="${escape(company.name)}"><GUID>${company.id}</GUID></COMPANY>`);
    for (const groups of [collectionXml(''), '<RESPONSE>Unknown Request, cannot be processed</RESPONSE>']) {
      const masters = await readMasters((await tally({ groups, open })).client(), company);
      assert.deepEqual([masters.groups, masters.ledgers.length, masters.lacking.length], [[], 1, 1]);
      assert.match(describeLacking(masters.lacking[0]!), said);
    }
  });

  it('cannot be read without voucher types', async () => {
    await assert.rejects(readMasters((await tally({ types: '<RESPONSE>Unknown</RESPONSE>' })).client(), company), {
      code: 'tally-refused',
    });
    await assert.rejects(readMasters((await tally({ types: collectionXml('') })).client(), company), {
      code: 'company-not-open',
    });
  });

  it('cannot be read if the connection breaks', async () => {
    const server = await tally({ ledgers: ledgers.slice(0, -30) });
    await assert.rejects(readMasters(server.client(), company), { code: 'answer-cut' });
  });

  it('are not read out of rows that are broken, damaged or nested without end', async () => {
    const row = (parent: string): string =>
      collectionXml(`<VOUCHERTYPE NAME="A" RESERVEDNAME="Sales"><PARENT>${parent}</PARENT></VOUCHERTYPE>`);
    const answer = (xml: string): ReturnType<typeof readMasters> =>
      readMasters(byteSource(Buffer.from(xml, 'latin1')), company);
    for (const parent of ['<A>', '<A B="</PARENT>">', '<!DOCTYPE a>', `${'<A>'.repeat(5000)}${'</A>'.repeat(5000)}`])
      await assert.rejects(answer(row(parent)), { code: 'answer-unreadable' });
    await assert.rejects(answer(row(Buffer.from('₹').toString('latin1') + '\xe2')), {
      code: 'answer-unreadable',
      message: /not UTF-8/,
    });
  });

  it('are read whatever unusual but sound XML they come in', async () => {
    const rows =
      "<!-- <LEDGER NAME='x'> --><VOUCHERTYPE NAME='A > B' RESERVEDNAME='Sales'><UDF:N.LIST>1</UDF:N.LIST>" +
      '<PARENT><![CDATA[</VOUCHERTYPE>]]></PARENT></VOUCHERTYPE>';
    const { voucherTypes } = await readMasters((await tally({ types: collectionXml(rows) })).client(), company);
    assert.deepEqual(voucherTypes, [{ name: 'A > B', parent: '</VOUCHERTYPE>', reservedName: 'Sales' }]);
  });
});
