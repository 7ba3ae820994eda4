import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { EtlError } from '../core/base/errors.js';
import { answerTo, classOf, type Answer } from './answers/answer.js';
import type { Behaviour, Fault, RequestClass } from './behaviours/behaviour.js';
import { isAboutBehaviour, isOfWebPage, tellBehaviour } from './behaviours/behaviourEndpoint.js';
import { createBook, type Book, type BookOptions } from './book/book.js';
import { Delivery } from './answers/delivery.js';
import { rewritingOf } from './behaviours/rewriting.js';
import { faultText } from './answers/refusals.js';
import { readRequest, type LoggedRequest } from './answers/request.js';
import { usualSwitches } from './behaviours/switches.js';
import { costOf } from './meter.js';

export interface DemoServerOptions extends Partial<Omit<Behaviour, 'book'>> {
  /** Finished books, or the options to make them from. */
  book?: Book | BookOptions;
  /** 0 or absent: any free port. */
  port?: number;
  /** Logs with each request its cost for a real Tally. Off by default, because counting takes time. */
  isMetered?: boolean;
}

export interface DemoServer {
  /** `http://127.0.0.1:PORT` */
  url: string;
  port: number;
  /** The active company's books. */
  readonly book: Book;
  /** All requests to Tally since the start; tests may empty the list. */
  requests: LoggedRequest[];
  /** Changes the behaviour from the next request on; all other settings stay. */
  behave(changes: Partial<Behaviour>): void;
  /** Stops at once, even in the middle of an answer. */
  close(): Promise<void>;
}

const isBook = (book: Book | BookOptions | undefined): book is Book => book !== undefined && 'vouchers' in book;

/**
 * A Tally on this computer: serves its books over HTTP, one request at a time. Throws `config` if it cannot use the
 * port.
 */
export async function startDemoServer(options: DemoServerOptions = {}): Promise<DemoServer> {
  const { port = 0, book, isMetered = false, ...changes } = options;
  const behaviour: Behaviour = {
    ...usualSwitches,
    otherBooks: [],
    screenPeriod: undefined,
    fault: { kind: 'none' },
    onRequest: undefined,
    ...changes,
    book: isBook(book) ? book : createBook(book),
  };
  const requests: LoggedRequest[] = [];
  const stopped = new AbortController();
  let queue: Promise<void> = Promise.resolve();

  const used = new WeakSet<Socket>();

  const server = http.createServer({ keepAliveTimeout: 30_000 }, (incoming, response) => {
    if (behaviour.connections === 'one-request' && used.has(incoming.socket)) {
      incoming.socket.destroy(); // like a Tally that has closed an idle connection without notice
      return;
    }
    used.add(incoming.socket);
    const body = readBody(incoming);
    // Requests about the switches are not for Tally, so they are answered even while Tally is busy or silent.
    if (isAboutBehaviour(incoming)) {
      if (isOfWebPage(incoming)) {
        response
          .writeHead(403)
          .end('Web pages may not use the switches of the demo Tally. Use a program on this computer and localhost.\n');
        return;
      }
      void body.then((bytes) => {
        if (bytes) tellBehaviour(incoming.method, bytes, response, behaviour);
      });
      return;
    }
    // Tally's gateway takes the next request only when the last one is answered.
    queue = queue
      .then(async () => {
        const bytes = await body;
        if (bytes) await serve(incoming, bytes, response, behaviour, { requests, isMetered }, stopped.signal);
      })
      .catch((error: unknown) => {
        response.destroy(error instanceof Error ? error : undefined);
      });
  });
  await listen(server, port);
  const taken = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${taken}`,
    port: taken,
    get book() {
      return behaviour.book;
    },
    requests,
    behave: (next) => {
      Object.assign(behaviour, next);
    },
    close: async () => {
      stopped.abort();
      const closed = once(server.close(), 'close');
      server.closeAllConnections();
      await closed;
      await queue;
    },
  };
}

async function listen(server: http.Server, port: number): Promise<void> {
  await once(server.listen(port, '127.0.0.1'), 'listening').catch((cause: unknown) => {
    throw new EtlError(
      'config',
      `The demo Tally cannot use port ${port}: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Stop the program that uses the port, or choose another one.',
      { cause },
    );
  });
}

/** The body; undefined if the client disconnected while sending it. */
async function readBody(incoming: http.IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  try {
    for await (const part of incoming) parts.push(part as Buffer);
  } catch {
    return undefined; // the client has left
  }
  return Buffer.concat(parts);
}

async function serve(
  incoming: http.IncomingMessage,
  body: Buffer,
  response: http.ServerResponse,
  behaviour: Behaviour,
  log: { requests: LoggedRequest[]; isMetered: boolean },
  stop: AbortSignal,
): Promise<void> {
  const isStatus = incoming.method === 'GET';
  const request = readRequest(body, incoming.headers['content-type']);
  const logged: LoggedRequest = { ...request, kind: isStatus ? 'status' : request.kind };
  log.requests.push(logged);
  behaviour.onRequest?.(logged);
  const fault = strike(behaviour, isStatus ? 'status' : classOf(request));
  const now = { ...behaviour }; // changes during the answer apply to the next request
  const wrong = faultText(fault.kind, request, now);
  const running = isStatus ? `<RESPONSE>${now.product} Server is Running</RESPONSE>` : undefined;
  const text = wrong ?? running;
  const answer: Answer = text === undefined ? answerTo(request, now, fault.kind) : { xml: text };
  const encoding = now.answerEncoding === 'as-asked' ? request.encoding : now.answerEncoding;
  const meter = (bytes: number): void => {
    if (answer !== 'freeze') logged.cost = costOf(request, answer, bytes);
  };
  const factor = { 'at-once': 0, tenth: 0.1, 'as-measured': 1 }[now.pace];
  const busyMs = factor === 0 || answer === 'freeze' ? 0 : costOf(request, answer, 0).seconds * factor * 1000;
  const manner = { ...now, encoding, rewriting: rewritingOf(now) };
  const delivery = new Delivery(response, manner, stop, log.isMetered ? meter : undefined);
  await delivery.send(answer, fault, busyMs);
}

/**
 * The fault that strikes this request, `none` if no fault does. Counts the request in `after` and `times` of the fault.
 */
function strike(behaviour: Behaviour, requestClass: RequestClass | undefined): Fault {
  const { fault } = behaviour;
  if (fault.kind === 'none' || (fault.on !== undefined && fault.on !== requestClass)) return { kind: 'none' };
  if (fault.after !== undefined && fault.after > 0) {
    behaviour.fault = { ...fault, after: fault.after - 1 };
    return { kind: 'none' };
  }
  if (fault.times !== undefined) {
    behaviour.fault = fault.times > 1 ? { ...fault, times: fault.times - 1 } : { kind: 'none' };
  }
  return fault;
}
