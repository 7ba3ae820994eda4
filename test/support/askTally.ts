import http from 'node:http';

/** An answer as received. */
export interface Reply {
  status: number;
  head: http.IncomingHttpHeaders;
  /** Names and values alternating, in their order and case. */
  rawHead: string[];
  bytes: Buffer;
  /** The body, decoded by the charset of the head. */
  text: string;
}

export interface AskOptions {
  contentType?: string;
  method?: string;
  path?: string;
  agent?: http.Agent;
}

/** Sends a request over its own connection; fails if the connection breaks or the body is shorter than announced. */
export function askTally(url: string, body: string | Buffer, options: AskOptions = {}): Promise<Reply> {
  const { contentType = 'text/xml;charset=utf-8', method = 'POST', path = '/', agent = false } = options;
  return new Promise((resolve, reject) => {
    const request = http.request(url + path, { method, agent, headers: { 'Content-Type': contentType } });
    request.on('error', reject).on('response', (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(parts);
        const wide = response.headers['content-type']?.includes('utf-16');
        resolve({
          status: response.statusCode!,
          head: response.headers,
          rawHead: response.rawHeaders,
          bytes,
          text: bytes.toString(wide ? 'utf16le' : 'utf8'),
        });
      });
    });
    request.end(method === 'GET' ? undefined : body);
  });
}

const xmlEscaped = (name: string): string =>
  name.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll("'", '&#39;');

const typed = (tag: string, date: string): string => `<${tag} TYPE="Date">${date}</${tag}>`;

/** Static variables with typed bounds, for example `typedRange('20240501', '20240531')`. */
export const typedRange = (from: string, to: string): string => typed('SVFROMDATE', from) + typed('SVTODATE', to);
export const typedToday = (date: string): string => typed('SVCURRENTDATE', date);

/** Static variables for a company by its plain name; without a name the variable is left out. */
export const variables = (company: string | undefined, dates = ''): string =>
  `<STATICVARIABLES><SVEXPORTFORMAT>$$SysName:XML</SVEXPORTFORMAT>${
    company === undefined ? '' : `<SVCURRENTCOMPANY>${xmlEscaped(company)}</SVCURRENTCOMPANY>`
  }${dates}</STATICVARIABLES>`;

export const reportRequest = (name: string, vars: string): string =>
  `<ENVELOPE><HEADER><VERSION>1</VERSION><TALLYREQUEST>Export</TALLYREQUEST><TYPE>Data</TYPE><ID>${name}</ID></HEADER><BODY><DESC>${vars}</DESC></BODY></ENVELOPE>`;

/** The request form of Tally.ERP 9 and earlier. */
export const oldReportRequest = (name: string, vars: string): string =>
  `<ENVELOPE><HEADER><TALLYREQUEST>Export Data</TALLYREQUEST></HEADER><BODY><EXPORTDATA><REQUESTDESC><REPORTNAME>${name}</REPORTNAME>${vars}</REQUESTDESC></EXPORTDATA></BODY></ENVELOPE>`;

export const collectionRequest = (type: string, fetch: string, vars: string): string =>
  `<ENVELOPE><HEADER><VERSION>1</VERSION><TALLYREQUEST>Export</TALLYREQUEST><TYPE>Collection</TYPE><ID>My List</ID></HEADER><BODY><DESC>${vars}<TDL><TDLMESSAGE><COLLECTION NAME="My List" ISMODIFY="No"><TYPE>${type}</TYPE><FETCH>${fetch}</FETCH></COLLECTION></TDLMESSAGE></TDL></DESC></BODY></ENVELOPE>`;

/** The GUIDs of the objects in an answer, in order. */
export const guidsIn = (xml: string): string[] =>
  [...xml.matchAll(/<GUID(?: TYPE="String")?>(.*?)</g)].map((m) => m[1]!);
