import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import net, { type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TallyAnswer } from '../../src/core/tally/answerSource.js';
import { TallyClient } from '../../src/core/tally/http/client.js';
import { probe } from '../../src/core/tally/http/probe.js';
import { listCompanies } from '../../src/core/tally/requests/companies.js';
import { blackHole } from '../support/blackHole.js';
import { closedPort } from '../support/closedPort.js';
import { collectionXml, companyId, logger, sendText, serve, serveText, stopServers } from './tallySupport.js';

async function textOf(answer: TallyAnswer): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of answer.body) chunks.push(chunk);
  } finally {
    await answer.close();
  }
  return Buffer.concat(chunks).toString('utf16le');
}

const ask = async (client: TallyClient, signal?: AbortSignal): Promise<string> =>
  textOf(await client.post('<ENVELOPE/>', signal));

/** A server that calls `onConnection` for each connection once the first bytes of its request have come. */
async function rawServer(
  onConnection: (socket: net.Socket, request: string) => void,
): Promise<{ url: string; stop: () => void }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (request: Buffer) => {
      onConnection(socket, request.toString('latin1'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = (): void => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
}

describe('the Tally client', () => {
  afterEach(stopServers);

  it('sends UTF-16LE, named so, and asks for the connection to be closed', async () => {
    const seen: Record<string, unknown>[] = [];
    const server = await serve((request, response) => {
      seen.push(request.headers);
      sendText(response, '<ENVELOPE>₹</ENVELOPE>');
    });
    const answer = await server.client().post('<ENVELOPE>नमस्ते ₹</ENVELOPE>');
    assert.equal(answer.charset, 'utf-16');
    assert.equal(answer.totalBytes, 44);
    assert.equal(await textOf(answer), '<ENVELOPE>₹</ENVELOPE>');
    assert.deepEqual(server.requests, ['<ENVELOPE>नमस्ते ₹</ENVELOPE>']);
    assert.equal(seen[0]!['content-type'], 'text/xml;charset=utf-16');
    assert.equal(seen[0]!.connection, 'close');
  });

  it('sends UTF-8 where told to', async () => {
    const server = await serve((request, response, body) => {
      assert.equal(request.headers['content-type'], 'text/xml;charset=utf-8');
      sendText(response, Buffer.from(body, 'utf16le').toString('utf8'));
    });
    const answer = await server.client({ encoding: 'utf-8' }).post('<ENVELOPE>₹</ENVELOPE>');
    assert.equal(await textOf(answer), '<ENVELOPE>₹</ENVELOPE>');
  });

  it('has one request in flight; the others wait their turn', async () => {
    let inFlight = 0;
    let most = 0;
    const server = await serve((_, response) => {
      most = Math.max(most, ++inFlight);
      setTimeout(() => {
        inFlight--;
        sendText(response, 'ok');
      }, 10);
    });
    const client = server.client();
    assert.deepEqual(await Promise.all([ask(client), ask(client), ask(client)]), ['ok', 'ok', 'ok']);
    assert.equal(most, 1);
  });

  it('lets the next request go after one that failed', async () => {
    let count = 0;
    const server = await serve((_, response) => {
      if (++count === 1) response.writeHead(500).end();
      else sendText(response, 'ok');
    });
    const client = server.client();
    const results = await Promise.allSettled([ask(client), ask(client)]);
    assert.deepEqual(
      results.map((result) => result.status),
      ['rejected', 'fulfilled'],
    );
  });

  it('does not trip over a connection that Tally closed while idle', async () => {
    const server = await rawServer((socket) => {
      socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\no\0');
    });
    const client = new TallyClient({ url: server.url, timeoutSeconds: 5, logger });
    for (let i = 0; i < 3; i++) assert.equal(await ask(client), 'o');
    server.stop();
  });

  it('is cancelled while waiting its turn, without disturbing the one in flight', async () => {
    const server = await serve((_, response) =>
      setTimeout(() => {
        sendText(response, 'ok');
      }, 30),
    );
    const client = server.client();
    const first = ask(client);
    const abort = new AbortController();
    const second = ask(client, abort.signal);
    abort.abort();
    await assert.rejects(second, { code: 'cancelled' });
    assert.equal(await first, 'ok');
    assert.equal(server.requests.length, 1);
  });

  it('is cancelled while Tally is silent, before and within an answer', async () => {
    for (const begin of ['', '<ENV']) {
      const server = await serve((_, response) => {
        if (begin !== '') response.write(begin);
      });
      const abort = new AbortController();
      const asked = ask(server.client(), abort.signal);
      setTimeout(() => {
        abort.abort();
      }, 30);
      await assert.rejects(asked, { code: 'cancelled' });
    }
  });

  it('says at once that it is cancelled when it already is', async () => {
    const server = await serveText('ok');
    await assert.rejects(ask(server.client(), AbortSignal.abort()), { code: 'cancelled' });
    assert.equal(server.requests.length, 0);
  });

  it('gives up on a Tally that accepts and never answers', async () => {
    const server = await serve(() => undefined);
    await assert.rejects(ask(server.client({ timeoutSeconds: 0.1 })), {
      code: 'tally-timeout',
      message: /answered nothing/,
    });
  });

  it('gives up on a Tally that stalls in the middle of its answer', async () => {
    const server = await serve((_, response) => response.write('<ENVELOPE>'));
    await assert.rejects(ask(server.client({ timeoutSeconds: 0.1 })), {
      code: 'tally-timeout',
      message: /in the middle/,
    });
  });

  it('waits for a reader that takes longer than the time-out: only Tally must not be silent', async () => {
    const text = 'x'.repeat(2_000_000);
    const server = await serveText(text);
    const answer = await server.client({ timeoutSeconds: 0.1 }).post('<ENVELOPE/>');
    let length = 0;
    for await (const chunk of answer.body) {
      if (length === 0) await new Promise((resolve) => setTimeout(resolve, 300));
      length += chunk.length;
    }
    await answer.close();
    assert.equal(length, 4_000_000);
  });

  it('waits for an answer that takes longer than the time-out, as long as Tally is never silent for so long', async () => {
    const server = await serve((_, response) => {
      let pieces = 0;
      const timer = setInterval(() => {
        if (++pieces < 10) response.write(Buffer.from('<ENVELOPE/>', 'utf16le'));
        else {
          clearInterval(timer);
          response.end();
        }
      }, 60);
    });
    assert.equal((await ask(server.client({ timeoutSeconds: 0.3 }))).length, 9 * '<ENVELOPE/>'.length);
  });

  it('gives up on a Tally that falls silent after a reader has taken longer than the time-out', async () => {
    const server = await serve((_, response) => response.write('<ENVELOPE>'));
    const answer = await server.client({ timeoutSeconds: 0.1 }).post('<ENVELOPE/>');
    const pieces = answer.body[Symbol.asyncIterator]();
    await pieces.next();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await assert.rejects(Promise.resolve(pieces.next()), { code: 'tally-timeout', message: /in the middle/ });
    await answer.close();
  });

  it('makes Tally wait while nobody reads: memory does not grow with the answer', async () => {
    const total = 64 * 1024 * 1024;
    let sent = 0;
    const server = await serve((_, response) => {
      response.writeHead(200, { 'Content-Length': total });
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const more = (): void => {
        while (sent < total) {
          sent += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', more);
        }
        response.end();
      };
      more();
    });
    const answer = await server.client().post('<ENVELOPE/>');
    let received = 0;
    for await (const chunk of answer.body) {
      received += chunk.length;
      if (received !== chunk.length) continue;
      await new Promise((resolve) => setTimeout(resolve, 200));
      assert.ok(sent < total / 2, `${sent} bytes were taken unread`);
    }
    await answer.close();
    assert.equal(received, total);
  });

  it('survives that Tally closes the connection before a slow reader has read all', async () => {
    const body = Buffer.alloc(1_000_000, 'x');
    for (const head of [`Content-Length: ${body.length}\r\nConnection: close`, 'Connection: close']) {
      const server = await rawServer((socket) => {
        socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n`);
        socket.end(body);
      });
      const answer = await new TallyClient({ url: server.url, timeoutSeconds: 5, logger }).post('<ENVELOPE/>');
      let length = 0;
      for await (const chunk of answer.body) {
        length += chunk.length;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await answer.close();
      assert.equal(length, body.length);
      server.stop();
    }
  });

  it('tells of a port where nothing listens, and what to check', async () => {
    const server = await rawServer(() => undefined);
    server.stop();
    const client = new TallyClient({ url: server.url, timeoutSeconds: 5, logger });
    await assert.rejects(ask(client), { code: 'tally-unreachable', message: /connection refused/, hint: /TALLY_URL/ });
  });

  it('tells of a computer that does not exist', async () => {
    const client = new TallyClient({ url: 'http://tally.invalid:9000', timeoutSeconds: 5, logger });
    await assert.rejects(ask(client), { code: 'tally-unreachable', hint: /spelt.*IP address, like http/ });
  });

  it('tells that an address has no port of its own', async () => {
    const client = new TallyClient({ url: 'http://127.0.0.1', timeoutSeconds: 5, logger });
    await assert.rejects(ask(client), {
      code: 'tally-unreachable',
      hint: /default port.* usually http:\/\/127\.0\.0\.1:9000/,
    });
  });

  it('tells that Tally speaks http where https is asked', async () => {
    const server = await serveText('ok');
    const client = new TallyClient({ url: server.url.replace('http:', 'https:'), timeoutSeconds: 5, logger });
    await assert.rejects(ask(client), { code: 'tally-unreachable', message: /http, not https/ });
  });

  it('refuses an address that is not an http address', () => {
    for (const url of ['localhost:9000', 'ftp://localhost', ''])
      assert.throws(() => new TallyClient({ url, timeoutSeconds: 5, logger }), { code: 'config' });
  });

  /** A server that sends `begin`, if anything, and resets the connection. */
  const breaking = (begin: string): ReturnType<typeof rawServer> =>
    rawServer((socket) => {
      if (begin === '') socket.resetAndDestroy();
      else socket.write(begin, () => setTimeout(() => socket.resetAndDestroy(), 20));
    });

  it('tells of a connection that breaks before the answer, or within an answer in chunks', async () => {
    for (const begin of ['', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<ENVE\r\n']) {
      const server = await breaking(begin);
      const client = new TallyClient({ url: server.url, timeoutSeconds: 5, logger });
      await assert.rejects(ask(client), { code: 'answer-cut' }).finally(server.stop);
    }
  });

  it('leaves a break within an answer without length and chunks to the reader, which misses </ENVELOPE>', async () => {
    // Such an answer ends with its connection. undici takes a reset for that end, so the client alone cannot tell.
    const xml = collectionXml(`<COMPANY NAME="A"><GUID>${companyId}</GUID></COMPANY>`);
    const server = await breaking(`HTTP/1.1 200 OK\r\n\r\n${xml.replace('</ENVELOPE>', '')}`);
    const client = new TallyClient({ url: server.url, timeoutSeconds: 5, logger });
    await assert.rejects(listCompanies(client), { code: 'answer-cut' }).finally(server.stop);
  });

  it('refuses to send after it was closed, and breaks off what is in flight', async () => {
    const server = await serve(() => undefined);
    const client = server.client();
    const first = ask(client);
    const second = ask(client);
    setTimeout(() => void client.close(), 20);
    await assert.rejects(first, { code: 'cancelled' });
    await assert.rejects(second, { code: 'cancelled' });
  });

  it('is safe to close without reading the answer', async () => {
    const server = await serveText('x'.repeat(500_000));
    const client = server.client();
    await (await client.post('<ENVELOPE/>')).close();
    assert.equal((await ask(client)).length, 500_000);
  });

  it("leaves the process's own fetch alone", () => {
    const file = path.resolve('src/core/tally/http/client.ts');
    const script =
      `require(${JSON.stringify(file)});` +
      `const symbols = Object.getOwnPropertySymbols(globalThis).map(String).filter((s) => s.includes('undici'));` +
      `process.stdout.write(JSON.stringify(symbols));`;
    assert.equal(execFileSync(process.execPath, ['--require', 'tsx/cjs', '-e', script], { encoding: 'utf8' }), '[]');
  });
});

describe('a request that is lost', () => {
  afterEach(stopServers);

  /** A Tally that does the n-th deed at the n-th request, and repeats the last deed at all further requests. */
  async function inTurn(
    ...deeds: ((socket: net.Socket) => void)[]
  ): Promise<{ client: TallyClient; asked: string[]; told: string[]; stop: () => void }> {
    const asked: string[] = [];
    const told: string[] = [];
    const server = await rawServer((socket, request) => {
      asked.push(request.split(' ', 2).join(' '));
      (deeds[asked.length - 1] ?? deeds.at(-1)!)(socket);
    });
    const info = (line: string): void => void told.push(line);
    const client = new TallyClient({ url: server.url, timeoutSeconds: 0.3, logger: { ...logger, info } });
    return { client, asked, told, stop: server.stop };
  }
  const reset = (socket: net.Socket): void => void socket.resetAndDestroy();
  const end = (socket: net.Socket): void => void socket.end();
  const silence = (): void => undefined;
  const answer = (socket: net.Socket): void => {
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\no\0');
  };

  it('because Tally was not up yet is sent again, and the log says so', async () => {
    const port = await closedPort();
    const told: string[] = [];
    const info = (line: string): void => void told.push(line);
    const client = new TallyClient({
      ...{ url: `http://127.0.0.1:${port}`, timeoutSeconds: 5 },
      logger: { ...logger, info },
    });
    const asked = ask(client);
    const server = net.createServer((socket) =>
      socket.once('data', () => {
        answer(socket);
      }),
    );
    await sleep(50);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    assert.equal(await asked, 'o');
    assert.match(told.join(), /^Nothing listens at .* \(connection refused\); trying again in 0\.\d seconds\.$/);
    server.close();
  });

  it('is sent three times at most, within two seconds of waiting', async () => {
    const told: string[] = [];
    const info = (line: string): void => void told.push(line);
    const url = `http://127.0.0.1:${await closedPort()}`;
    await assert.rejects(ask(new TallyClient({ url, timeoutSeconds: 5, logger: { ...logger, info } })), {
      code: 'tally-unreachable',
    });
    const waits = told.map((line) => Number(/again in ([\d.]+) seconds/.exec(line)?.[1]));
    assert.equal(waits.length, 2);
    assert.ok(waits[0]! + waits[1]! < 2, told.join());
  });

  it('before a byte of its answer is sent again once Tally answers /status: then it is not busy with it any more', async () => {
    for (const lose of [reset, end]) {
      const { client, asked, told, stop } = await inTurn(lose, answer);
      assert.equal(await ask(client), 'o');
      assert.deepEqual(asked, ['POST /', 'GET /status', 'POST /']);
      assert.deepEqual(told, ['Tally closed the connection without an answer; asking again when it is free.']);
      stop();
    }
  });

  it('before a byte of its answer is not sent again while Tally does not answer /status', async () => {
    for (const busy of [silence, reset]) {
      const { client, asked, stop } = await inTurn(reset, busy);
      await assert.rejects(ask(client), { code: 'answer-cut', message: /without an answer/ });
      assert.deepEqual(asked, ['POST /', 'GET /status']);
      stop();
    }
  });

  it('in silence is not sent again: Tally may be busy with it', async () => {
    const { client, asked, stop } = await inTurn(silence, answer);
    await assert.rejects(ask(client), { code: 'tally-timeout' });
    assert.deepEqual(asked, ['POST /']);
    stop();
  });

  it('after the first byte of its answer is not sent again', async () => {
    for (const begin of ['H', 'HTTP/1.1 200 OK\r\nContent-Le', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<']) {
      const { client, asked, stop } = await inTurn((socket) => {
        socket.write(begin, () => setTimeout(() => socket.resetAndDestroy(), 30));
      }, answer);
      await assert.rejects(ask(client), { code: 'answer-cut' });
      assert.deepEqual(asked, ['POST /']);
      stop();
    }
  });

  it('for /status is not sent again: its caller wants to know the present state', async () => {
    const { client, asked, stop } = await inTurn(reset, answer);
    await assert.rejects(client.get('/status'), { code: 'answer-cut' });
    assert.deepEqual(asked, ['GET /status']);
    stop();
  });

  it('keeps its turn while it is sent again', async () => {
    const { client, asked, stop } = await inTurn(reset, answer);
    assert.deepEqual(await Promise.all([ask(client), ask(client)]), ['o', 'o']);
    assert.deepEqual(asked, ['POST /', 'GET /status', 'POST /', 'POST /']);
    stop();
  });

  it('is cancelled while it waits to be sent again, as are those behind it, and not sent any more', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    for (const how of ['signal', 'close']) {
      const abort = new AbortController();
      let told = 0;
      let waiting!: () => void;
      const waits = new Promise<void>((resolve) => (waiting = resolve));
      const info = (): void => {
        told++;
        waiting();
      };
      const client = new TallyClient({ url, timeoutSeconds: 5, logger: { ...logger, info } });
      const asked = [ask(client, abort.signal), ask(client, abort.signal)];
      const ended = Promise.allSettled(asked);
      await waits;
      if (how === 'signal') abort.abort();
      else await client.close();
      for (const one of await ended)
        assert.equal(one.status === 'rejected' && (one.reason as { code: string }).code, 'cancelled');
      assert.equal(told, 1);
    }
  });

  it('is cancelled while it waits for Tally to be free', async () => {
    const abort = new AbortController();
    const { client, asked, stop } = await inTurn(reset, () => {
      abort.abort();
    });
    await assert.rejects(ask(client, abort.signal), { code: 'cancelled' });
    assert.deepEqual(asked, ['POST /', 'GET /status']);
    stop();
  });
});

describe('a port that answers no connection', () => {
  let hole: Awaited<ReturnType<typeof blackHole>>;

  before(async () => {
    hole = await blackHole();
  });
  after(() => hole.close());

  const told: string[] = [];
  const info = (line: string): void => void told.push(line);
  const client = (timeoutSeconds: number): TallyClient =>
    new TallyClient({ url: `http://127.0.0.1:${hole.port}`, timeoutSeconds, logger: { ...logger, info } });

  it('is given up after the time-out, without another try', async () => {
    await assert.rejects(ask(client(1)), { code: 'tally-unreachable', message: /firewall/, hint: /Inbound Rules/ });
    assert.deepEqual(told, []);
  });

  it('is given up when the run is cancelled, long before the time-out', async () => {
    const abort = new AbortController();
    const asked = ask(client(60), abort.signal);
    setTimeout(() => {
      abort.abort();
    }, 100);
    await assert.rejects(asked, { code: 'cancelled' });
  });
});

describe('the probe of /status', () => {
  afterEach(stopServers);

  it("gives Tally's words", async () => {
    const server = await serve((request, response) => {
      assert.equal(`${request.method ?? ''} ${request.url ?? ''}`, 'GET /status');
      response.end('<RESPONSE>TallyPrime Server is Running</RESPONSE>');
    });
    assert.equal(await probe(server.client()), 'TallyPrime Server is Running');
  });
});
