import assert from 'node:assert/strict';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { EtlError } from '../../src/core/base/errors.js';
import { TallyClient } from '../../src/core/tally/http/client.js';
import { listCompanies } from '../../src/core/tally/requests/companies.js';
import { probe } from '../../src/core/tally/http/probe.js';
import { logger, serve, stopServers } from './tallySupport.js';

describe('what is on the port in place of Tally, or between', () => {
  const servers: net.Server[] = [];
  afterEach(stopServers);
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });

  /** Starts a server and gives its address. */
  async function listening(server: net.Server): Promise<string> {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** A port that answers each request with these bytes. */
  const answering = (bytes: string | Buffer): Promise<string> =>
    listening(
      net.createServer((socket) => {
        socket.on('error', () => undefined);
        socket.once('data', () => socket.end(bytes));
      }),
    );

  async function failure(url: string, how: 'post' | 'probe' = 'post'): Promise<EtlError> {
    const client = new TallyClient({ url, timeoutSeconds: 5, logger });
    try {
      if (how === 'probe') await probe(client);
      else await (await client.post('<ENVELOPE/>')).close();
    } catch (error) {
      if (error instanceof EtlError) return error;
      throw error;
    } finally {
      await client.close();
    }
    throw new assert.AssertionError({ message: 'it was taken for Tally' });
  }

  const body = '<ENVELOPE/>';
  const head = (...lines: string[]): string => ['HTTP/1.1 200 OK', ...lines, '', ''].join('\r\n');

  const unreadable: Record<string, [bytes: string | Buffer, message: RegExp]> = {
    '100 Continue before the answer': [
      `HTTP/1.1 100 Continue\r\n\r\n${head('Content-Length: 11')}${body}`,
      /begins with HTTP status 100, which nobody asked for/,
    ],
    'an upgrade that nobody asked for': [
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
      /begins with HTTP status 101/,
    ],
    'two equal lengths': [
      `${head('Content-Length: 11', 'Content-Type: text/xml', 'Content-Length: 11')}${body}`,
      /gives its length more than once \(11, 11\)/,
    ],
    'two different lengths': [
      `${head('Content-Length: 11', 'content-length: 12')}${body}`,
      /gives its length more than once \(11, 12\)/,
    ],
    'lengths in one line': [`${head('Content-Length: 11, 11')}${body}`, /more than once \(11, 11\)/],
    'a length before chunks': [
      `${head('Content-Length: 11', 'Transfer-Encoding: chunked')}b\r\n${body}\r\n0\r\n\r\n`,
      /gives its length in two ways/,
    ],
    'chunks before a length': [
      `${head('Transfer-Encoding: chunked', 'Content-Length: 11')}b\r\n${body}\r\n0\r\n\r\n`,
      /gives its length in two ways/,
    ],
    'headers of 20 KB': [
      `${head(`Set-Cookie: ${'a'.repeat(20_000)}`, 'Content-Length: 11')}${body}`,
      /more than 16 KB of headers/,
    ],
    'a thousand headers': [
      `${head(...Array<string>(1000).fill('X-Way: through a proxy'), 'Content-Length: 11')}${body}`,
      /more than 16 KB of headers/,
    ],
    'lines that end in LF alone': [
      `HTTP/1.1 200 OK\nContent-Type: text/xml\nContent-Length: 11\n\n${body}`,
      /the lines of its head do not end as HTTP demands/,
    ],
    'a blank before a colon': [`${head('Content-Length : 11')}${body}`, /Invalid header field char/],
    'a length that is no number': [`${head('Content-Length: eleven')}${body}`, /Invalid character in Content-Length/],
  };
  for (const [title, [bytes, message]] of Object.entries(unreadable))
    it(`${title}: the answer is refused, and the message says why`, async () => {
      const { code, message: said, hint } = await failure(await answering(bytes));
      assert.equal(code, 'answer-unreadable');
      assert.match(said, /^The answer from http:\/\/127\.0\.0\.1:\d+ cannot be read: /);
      assert.match(said, message);
      assert.match(hint, /TALLY_URL lead straight to Tally/);
    });

  it('an interim answer that HTTP allows is read over', async () => {
    const url = await answering(`HTTP/1.1 103 Early Hints\r\n\r\n${head('Content-Length: 22')}${body}${body}`);
    const client = new TallyClient({ url, timeoutSeconds: 5, logger });
    const answer = await client.post('<ENVELOPE/>');
    let bytes = 0;
    for await (const chunk of answer.body) bytes += chunk.length;
    await answer.close();
    assert.equal(bytes, 22);
  });

  const programs: Record<string, string | Buffer> = {
    SSH: 'SSH-2.0-OpenSSH_9.6\r\n',
    'SMTP/FTP': '220 mail ESMTP\r\n',
    MySQL: Buffer.from('\x4a\0\0\0\x0a8.0.36\0\x08\0\0\0mysql_native_password\0', 'latin1'),
    PostgreSQL: Buffer.from('E\0\0\0\x50SFATAL\0VFATAL\0C0A000\0Munsupported frontend protocol\0\0', 'latin1'),
    Redis: "-ERR wrong number of arguments for 'get' command\r\n",
  };
  for (const [program, bytes] of Object.entries(programs))
    it(`${program} is named`, async () => {
      const { code, message, hint } = await failure(await answering(bytes));
      assert.equal(code, 'answer-unreadable');
      assert.match(message, new RegExp(`^${program} answers on http://127\\.0\\.0\\.1:\\d+, not Tally\\.`));
      assert.match(hint, /TALLY_URL against the port in Tally/);
    });

  it('another program that does not speak HTTP is shown by its first words', async () => {
    const { code, message } = await failure(await answering('\x01HELLO from the till\r\n'));
    assert.equal(code, 'answer-unreadable');
    assert.match(message, /does not speak HTTP: "\\u0001HELLO from the till"/);
  });

  it('a server that wants https is told from Tally', async () => {
    for (const bytes of [
      Buffer.from('15030100020246', 'hex'),
      'HTTP/1.1 400 Bad Request\r\nServer: nginx\r\nConnection: close\r\n\r\n<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>',
      'HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n',
    ]) {
      const { code, message, hint } = await failure(await answering(bytes));
      assert.equal(code, 'answer-unreadable');
      assert.match(message, /wants https/);
      assert.match(hint, /Tally itself speaks http\..*begin TALLY_URL with https:/);
    }
  });

  it('a program that closes every connection without an answer is not Tally, whether asked for /status or for data', async () => {
    const silentClose = await answering('');
    const server = tls.createServer();
    server.on('tlsClientError', () => undefined);
    const secure = await listening(server);
    for (const url of [silentClose, secure])
      for (const how of ['post', 'probe'] as const) {
        const { code, message, hint } = await failure(url, how);
        assert.equal(code, 'tally-unreachable');
        assert.match(message, /accepts connections and closes each without an answer/);
        assert.match(hint, new RegExp(`use port ${new URL(url).port}\\. PostgreSQL and https servers`));
      }
  });

  it('the address of a redirect is named without what may be a secret in it, and nothing is sent there', async () => {
    let others = 0;
    const other = await serve((_, response) => {
      others++;
      response.end();
    });
    for (const [status, location, place] of [
      ['302 Found', `${other.url}/login?session=Hunter2`, `${other.url}/login`],
      ['301 Moved Permanently', `${other.url.replace('http://', 'http://me:Hunter2@')}/`, `${other.url}/`],
      ['307 Temporary Redirect', '/portal#Hunter2', '/portal'],
    ] as const) {
      const url = await answering(`HTTP/1.1 ${status}\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`);
      const { code, message } = await failure(url);
      assert.equal(code, 'tally-refused');
      assert.ok(
        message.includes(`sends its callers on to ${place.startsWith('/') ? url + place : place} (HTTP`),
        message,
      );
      assert.ok(!message.includes('Hunter2'));
    }
    assert.equal(others, 0);
  });

  it('a proxy that wants a log-in, or gets no answer, and a server by its name', async () => {
    const answered = async (...lines: string[]): Promise<string> => {
      const { code, message, hint } = await failure(
        await answering(['HTTP/1.1 ' + lines[0]!, ...lines.slice(1), 'Content-Length: 0', '', ''].join('\r\n')),
      );
      assert.equal(code, 'tally-refused');
      assert.match(hint, /TALLY_URL lead straight to Tally/);
      return message;
    };
    for (const status of ['407 Proxy Authentication Required', '511 Network Authentication Required'])
      assert.match(await answered(status), /asks for a log-in \(HTTP status (407|511)\)/);
    for (const status of ['502 Bad Gateway', '503 Service Unavailable', '504 Gateway Timeout'])
      assert.match(await answered(status, 'Server: nginx'), /^A proxy on .* no answer from Tally \(HTTP status 50\d\)/);
    assert.match(await answered('404 Not Found', 'Server: nginx/1.24.0'), /HTTP status 404, as nginx\/1\.24\.0\.$/);
    assert.match(await answered('403 Forbidden'), /answered with HTTP status 403\.$/);
  });

  it('a web page is named by its title: where Tally is asked after its state, and where it is asked for its companies', async () => {
    const page = '<!DOCTYPE html>\n<html><head><title>Hotel Wi-Fi &amp; Log-in</title></head><body/></html>';
    const url = await answering(`${head('Content-Type: text/html', `Content-Length: ${page.length}`)}${page}`);
    const asked = await failure(url, 'probe');
    const client = new TallyClient({ url, timeoutSeconds: 5, logger });
    await assert.rejects(listCompanies(client), asked);
    await client.close();
    assert.equal(asked.code, 'answer-unreadable');
    assert.equal(asked.message, 'A web page came back, not Tally\'s XML: "Hotel Wi-Fi & Log-in".');
    assert.match(asked.hint, /in a browser/);
  });

  it('an answer that is damaged in its middle is cut, and nothing of it is taken', async () => {
    const url = await answering(`${head('Transfer-Encoding: chunked')}5\r\n<ENVE\r\nzz\r\n`);
    const client = new TallyClient({ url, timeoutSeconds: 5, logger });
    const answer = await client.post('<ENVELOPE/>');
    const read = async (): Promise<void> => {
      for await (const chunk of answer.body) assert.ok(chunk.length > 0);
    };
    await assert.rejects(read(), {
      code: 'answer-cut',
      message: /damaged on its way \(Invalid character in chunk size\)/,
    });
    await answer.close();
    await client.close();
  });
});
