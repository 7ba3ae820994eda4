// Answers that are not HTTP as Tally speaks it. They come from another program, or through a proxy. Each gets an error that
// names the cause.
import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';
import { NotTally, portHint } from '../answerErrors.js';

/** How undici classifies an answer that it cannot read. */
export interface UnreadableHead {
  /** The class or the code of undici's error. */
  kind: 'parser' | 'overflow' | 'lengths' | 'status';
  /** The reason in the words of undici and its parser. */
  reason: string;
}

/** How undici failed to read the head of an answer; undefined for other failures. */
export function unreadableHead(error: unknown): UnreadableHead | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? error.code : undefined;
  const reason = /\((.+)\)$/.exec(error.message)?.[1] ?? error.message;
  if (error.name === 'HTTPParserError') return { kind: 'parser', reason };
  if (code === 'UND_ERR_HEADERS_OVERFLOW') return { kind: 'overflow', reason };
  // undici gives this code, without details, also if a line after Content-Length cannot be read.
  if (code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return { kind: 'lengths', reason };
  // undici fails on an unrequested `100 Continue` or `101 Switching Protocols`. It skips other interim responses.
  const isStatus = code === 'UND_ERR_SOCKET' && /^bad (response|upgrade)$/.test(error.message);
  return isStatus ? { kind: 'status', reason } : undefined;
}

const httpsHint = (): string =>
  t(
    "Tally itself speaks http. Let TALLY_URL name Tally's own port. If a server with a certificate stands before Tally on purpose, begin TALLY_URL with https://.",
  );

const proxyHint = (): string =>
  t(
    'A proxy, a security program or another server may have answered instead of Tally. Let TALLY_URL lead straight to Tally, and exclude that address from the proxy.',
  );

/** Programs that send bytes first, or that answer HTTP with their own protocol. */
const greetings: readonly [begins: RegExp, program: string][] = [
  [/^SSH-/, 'SSH'],
  [/^220[ -]/, 'SMTP/FTP'],
  [/^[^]{4}\n[\d.]+.*|mysql_native_password|caching_sha2_password|MariaDB/, 'MySQL'],
  [/^E\0[^]*FATAL/, 'PostgreSQL'],
  [/^-(ERR|DENIED|NOAUTH)/, 'Redis'],
];

/** The error for an answer whose head cannot be read. `beginning` holds the first bytes of the answer. */
export function oddAnswer({ kind, reason }: UnreadableHead, beginning: Buffer, address: string): EtlError {
  const text = beginning.toString('latin1');
  if (beginning[0] === 0x15 && beginning[1] === 0x03) return speaksTls(address); // a TLS alert
  if (!text.startsWith('HTTP/')) {
    const program = greetings.find(([begins]) => begins.test(text))?.[1];
    return new NotTally(
      'answer-unreadable',
      program === undefined
        ? t('The program at {address} does not speak HTTP: {words}', {
            address,
            words: JSON.stringify(text.trim().slice(0, 40)),
          })
        : t('{program} answers on {address}, not Tally.', { program, address }),
      portHint(),
    );
  }
  const problem = kind === 'overflow' ? t('it has more than 16 KB of headers') : headProblem(text, kind);
  return new NotTally(
    'answer-unreadable',
    t('The answer from {address} cannot be read: {problem}.', { address, problem: problem ?? reason }),
    proxyHint(),
  );
}

/** Finds the fault in a head. undici reports a repeated Content-Length and a damaged line in the same way. */
function headProblem(text: string, kind: UnreadableHead['kind']): string | undefined {
  const [head = ''] = text.split(/\r?\n\r?\n/, 1);
  const status = /^HTTP\/\S+ (1\d\d)/.exec(head)?.[1];
  if (kind === 'status' && status !== undefined)
    return t('it begins with HTTP status {status}, which nobody asked for', { status });
  const lengths = [...head.matchAll(/^content-length:(.*)$/gim)].flatMap(([, value]) => value!.split(','));
  if (lengths.length > 1)
    return t('it gives its length more than once ({lengths})', {
      lengths: lengths.map((one) => one.trim()).join(', '),
    });
  if (lengths.length === 1 && /^transfer-encoding:/im.test(head))
    return t('it gives its length in two ways, by Content-Length and in chunks');
  return /^[^\r\n]*\n/.test(head) ? t('the lines of its head do not end as HTTP demands') : undefined;
}

const speaksTls = (address: string): EtlError =>
  new NotTally('answer-unreadable', t('{address} wants https, a secure connection.', { address }), httpsHint());

/**
 * The error for a port whose listener closes even a request for `/status` without sending a byte. PostgreSQL, php-fpm and a TLS
 * server of Node.js behave like this. A running Tally answers `/status`.
 */
export function closesUnanswered(address: string): EtlError {
  const port = new URL(address).port || '80';
  const isPostgres = ['5432', '5433', '6432'].includes(port);
  return new EtlError(
    'tally-unreachable',
    t('{address} accepts connections and closes each without an answer.', { address }),
    isPostgres
      ? t(
          "Port {port} is PostgreSQL's usual one, not Tally's. TALLY_URL names Tally, usually http://localhost:9000; DB_URL names PostgreSQL.",
          { port },
        )
      : t(
          'A program other than Tally seems to use port {port}. PostgreSQL and https servers close connections like this. Check TALLY_URL against the port in Tally: F1 > Settings > Connectivity. If the port is right, restart Tally.',
          { port },
        ),
    { setting: 'TALLY_URL' },
  );
}

/** The headers; some of them name the server that answered. */
export type StatusHeaders = Record<string, string | string[] | undefined>;

/** The error for an HTTP status other than 200, which Tally seldom sends (docs/tally.md §2). */
export function statusFailure(status: number, headers: StatusHeaders, beginning: Buffer, address: string): EtlError {
  // nginx and servers written in Go mention HTTPS in the page that they send.
  if (status === 400 && /HTTPS (port|server)/i.test(beginning.toString('latin1'))) return speaksTls(address);
  return new NotTally('tally-refused', statusWords(status, headers, address), proxyHint());
}

function statusWords(status: number, headers: StatusHeaders, address: string): string {
  const one = (name: string): string => [headers[name] ?? ''].flat()[0] ?? '';
  const place = status >= 300 && status < 400 ? placeOf(one('location'), address) : undefined;
  if (place !== undefined)
    return t('{address} sends its callers on to {place} (HTTP status {status}).', { address, place, status });
  if (status === 407 || status === 511)
    return t('{address} asks for a log-in (HTTP status {status}).', { address, status });
  if (status >= 502 && status <= 504)
    return t('A proxy on {address} gets no answer from Tally (HTTP status {status}).', { address, status });
  const server = one('server').slice(0, 40);
  return server === ''
    ? t('{address} answered with HTTP status {status}.', { address, status })
    : t('{address} answered with HTTP status {status}, as {server}.', { address, status, server });
}

/** The target of a redirect, without query and fragment, which may name a session. Undefined if there is none. */
function placeOf(location: string, address: string): string | undefined {
  if (location === '' || !URL.canParse(location, address)) return undefined;
  const { protocol, host, pathname } = new URL(location, address);
  return `${protocol}//${host}${pathname}`;
}
