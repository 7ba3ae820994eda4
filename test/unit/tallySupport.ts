// Synthetic vouchers and answers, and a tiny HTTP server, for the tests of the Tally side.
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from '../../src/core/base/logger.js';
import { TallyClient, type TallyClientOptions } from '../../src/core/tally/http/client.js';
import type { Voucher } from '../../src/core/invoice/voucher.js';
import { VoucherReader } from '../../src/core/tally/requests/voucherReader.js';
import type { Encoding } from '../../src/core/tally/xml/encoding.js';

export const companyId = '11111111-2222-3333-4444-555555555555';
export const company = { name: 'Sharma & Sons "Traders"', id: companyId };

export const logger: Logger = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A voucher as a Day Book over HTTP has it, with the fields that reading depends on, and some more. */
export const invoiceXml = (n: number, date = '20240401', type = 'Sales'): string =>
  [
    `<VOUCHER REMOTEID="${companyId}-${hex(n)}" VCHKEY="k:${n}" VCHTYPE="${type}" ACTION="Create" OBJVIEW="Invoice Voucher View">`,
    '     <OLDAUDITENTRYIDS.LIST TYPE="Number">',
    '      <OLDAUDITENTRYIDS>-1</OLDAUDITENTRYIDS>',
    '     </OLDAUDITENTRYIDS.LIST>',
    `     <DATE>${date}</DATE>`,
    `     <GUID>${companyId}-${hex(n)}</GUID>`,
    '     <GSTREGISTRATION TAXTYPE="GST" TAXREGISTRATION="29AAAAA0000A1Z5">Karnataka Registration</GSTREGISTRATION>',
    '     <NARRATION>Being &quot;goods&quot; sold &lt;fast&gt;\r\nवस्तु &#8377;5 &amp; more</NARRATION>',
    '     <PARTYNAME>A &amp; B Traders</PARTYNAME>',
    `     <VOUCHERTYPENAME>${type}</VOUCHERTYPENAME>`,
    '     <PARTYLEDGERNAME>A &amp; B Traders&#13;&#10;Mysuru</PARTYLEDGERNAME>',
    `     <VOUCHERNUMBER> 00${n}/24 </VOUCHERNUMBER>`,
    '     <CLASSNAME>&#4; Not Applicable</CLASSNAME>',
    '     <REFERENCE/>',
    '     <ISCANCELLED>No</ISCANCELLED>',
    '     <ISOPTIONAL>No</ISOPTIONAL>',
    `     <ALTERID> ${100 + n}</ALTERID>`,
    `     <MASTERID> ${n}</MASTERID>`,
    '     <EWAYBILLDETAILS.LIST>      </EWAYBILLDETAILS.LIST>',
    '     <EWAYBILLDETAILS.LIST>',
    '      <BILLDATE>20240402</BILLDATE><BILLNUMBER>123456789012</BILLNUMBER>',
    '     </EWAYBILLDETAILS.LIST>',
    '     <UDF:NOTE.LIST DESC="`Note`" ISLIST="YES" TYPE="String" INDEX="7">',
    '      <UDF:NOTE DESC="`Note`">kept out</UDF:NOTE>',
    '     </UDF:NOTE.LIST>',
    '     <ALLINVENTORYENTRIES.LIST>',
    '      <STOCKITEMNAME>Bolt 5&quot;</STOCKITEMNAME>',
    '      <GSTHSNNAME>7318</GSTHSNNAME>',
    '      <RATE>57.00/Pair</RATE>',
    '      <DISCOUNT> 5</DISCOUNT>',
    '      <AMOUNT>1000.00</AMOUNT>',
    '      <ACTUALQTY> 12 Pair</ACTUALQTY>',
    '      <BILLEDQTY> 10 Pair</BILLEDQTY>',
    '      <BATCHALLOCATIONS.LIST><AMOUNT>1.00</AMOUNT><BILLEDQTY> 99 Pair</BILLEDQTY></BATCHALLOCATIONS.LIST>',
    '      <ACCOUNTINGALLOCATIONS.LIST>',
    '       <LEDGERNAME>Sales A/c</LEDGERNAME>',
    '       <AMOUNT>1000.00</AMOUNT>',
    '       <RATEDETAILS.LIST><GSTRATEDUTYHEAD>IGST</GSTRATEDUTYHEAD><GSTRATE> 99</GSTRATE></RATEDETAILS.LIST>',
    '      </ACCOUNTINGALLOCATIONS.LIST>',
    '      <RATEDETAILS.LIST><GSTRATEDUTYHEAD>CGST</GSTRATEDUTYHEAD><GSTRATE> 9</GSTRATE></RATEDETAILS.LIST>',
    '      <RATEDETAILS.LIST><GSTRATEDUTYHEAD>SGST/UTGST</GSTRATEDUTYHEAD><GSTRATE> 9</GSTRATE></RATEDETAILS.LIST>',
    '     </ALLINVENTORYENTRIES.LIST>',
    '     <LEDGERENTRIES.LIST>',
    '      <BANKALLOCATIONS.LIST><DATE>19990101</DATE><AMOUNT>5.00</AMOUNT></BANKALLOCATIONS.LIST>',
    '      <LEDGERNAME>A &amp; B Traders&#13;&#10;Mysuru</LEDGERNAME>',
    '      <ISPARTYLEDGER>Yes</ISPARTYLEDGER>',
    '      <AMOUNT>-1180.00</AMOUNT>',
    '      <BILLALLOCATIONS.LIST><NAME>1</NAME><AMOUNT>-7.00</AMOUNT></BILLALLOCATIONS.LIST>',
    '     </LEDGERENTRIES.LIST>',
    '     <LEDGERENTRIES.LIST>',
    '      <LEDGERNAME>Output CGST 9%</LEDGERNAME>',
    '      <METHODTYPE>GST</METHODTYPE>',
    '      <ROUNDTYPE>&#4; Not Applicable</ROUNDTYPE>',
    '      <AMOUNT>180.00</AMOUNT>',
    '     </LEDGERENTRIES.LIST>',
    '     <LEDGERENTRIES.LIST>      </LEDGERENTRIES.LIST>',
    '    </VOUCHER>',
  ].join('\r\n');

const hex = (n: number): string => n.toString(16).padStart(8, '0');

export const reportXml = (vouchers: string[], served = company.name): string =>
  [
    '<ENVELOPE>',
    ' <HEADER><TALLYREQUEST>Import Data</TALLYREQUEST></HEADER>',
    ' <BODY><IMPORTDATA>',
    '  <REQUESTDESC><REPORTNAME>All Masters</REPORTNAME><STATICVARIABLES>',
    `   <SVCURRENTCOMPANY>${escape(served)}</SVCURRENTCOMPANY>`,
    '  </STATICVARIABLES></REQUESTDESC>',
    '  <REQUESTDATA>',
    ...vouchers.map((xml) => `   <TALLYMESSAGE xmlns:UDF="TallyUDF">\r\n    ${xml}\r\n   </TALLYMESSAGE>`),
    '  </REQUESTDATA>',
    ' </IMPORTDATA></BODY>',
    '</ENVELOPE>',
    '',
  ].join('\r\n');

export const collectionXml = (rows: string, status = 1): string =>
  `<ENVELOPE><HEADER><VERSION>1</VERSION><STATUS>${status}</STATUS></HEADER><BODY><DESC><CMPINFO><COMPANY>0</COMPANY>` +
  `<GROUP>3</GROUP><LEDGER>12</LEDGER><VOUCHERTYPE>24</VOUCHERTYPE><VOUCHER>17</VOUCHER></CMPINFO></DESC>` +
  `<DATA><COLLECTION>${rows}</COLLECTION></DATA></BODY></ENVELOPE>`;

export const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

export const encode = (text: string, encoding: Encoding): Buffer =>
  encoding === 'windows-1252'
    ? Buffer.from(text, 'latin1')
    : Buffer.from(text, encoding === 'utf-8' ? 'utf8' : 'utf16le');

export const readVoucher = (bytes: Buffer, encoding: Encoding): Voucher =>
  new VoucherReader({ bytes, encoding }).read();

/** Whether reading the voucher needs the full parse. */
export function isUnusual(xml: string): boolean {
  const reader = new VoucherReader({ bytes: encode(xml, 'utf-16le'), encoding: 'utf-16le' });
  reader.read();
  return reader.isUnusual;
}

export interface TestServer {
  url: string;
  /** The bodies of the requests, decoded as UTF-16LE. */
  requests: string[];
  client(options?: Partial<TallyClientOptions>): TallyClient;
}

const stops: (() => Promise<void>)[] = [];

/** A server that answers as told; stopServers stops it. */
export async function serve(
  answer: (request: http.IncomingMessage, response: http.ServerResponse, body: string) => void,
): Promise<TestServer> {
  const requests: string[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf16le');
      requests.push(body);
      answer(request, response, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const clients: TallyClient[] = [];
  stops.push(async () => {
    await Promise.all(clients.map((client) => client.close()));
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const client = (options: Partial<TallyClientOptions> = {}): TallyClient => {
    const made = new TallyClient({ url, timeoutSeconds: 5, logger, ...options });
    clients.push(made);
    return made;
  };
  return { url, requests, client };
}

/** A server that answers everything with this text, as Tally does: in UTF-16LE without a BOM, with its length. */
export const serveText = (text: string): Promise<TestServer> =>
  serve((_, response) => {
    sendText(response, text);
  });

export function sendText(response: http.ServerResponse, text: string): void {
  const body = Buffer.from(text, 'utf16le');
  response.writeHead(200, { 'Content-Type': 'text/xml; charset=utf-16', 'Content-Length': body.length });
  response.end(body);
}

export async function stopServers(): Promise<void> {
  await Promise.all(stops.splice(0).map((stop) => stop()));
}
