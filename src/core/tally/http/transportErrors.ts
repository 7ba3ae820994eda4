import { t } from '@vscode/l10n';
import { connectionReason } from '../../base/connectionReason.js';
import { EtlError } from '../../base/errors.js';
import { answerCut } from '../answerErrors.js';
import { oddAnswer, unreadableHead } from './httpOddities.js';

const reachHint = (): string =>
  t(
    'Check that Tally is running with a company open and that its port is on (in Tally: F1 > Settings > Connectivity, TallyPrime acts as Both or Server; the usual port is 9000), and that TALLY_URL names that computer and port.',
  );

/** Hints for a Tally on another computer: its name, the network and its firewall, or a port that the address lacks. */
const wayHints: Record<string, (url: URL) => string> = {
  nameUnknown: () =>
    t(
      "Check how the computer's name is spelt; if it is right, let TALLY_URL name the computer by its IP address, like http://192.168.1.20:9000.",
    ),
  noWay: ({ hostname, port }) =>
    t(
      'Is {hostname} the right computer, is it on, and in this network? Then let its firewall pass port {port} (Windows Defender Firewall > Inbound Rules > New Rule > Port), and check that Tally is running there and that TALLY_URL names its address and port.',
      { hostname, port },
    ),
  noPort: ({ hostname }) =>
    t(
      "The address leads to the default port of web servers. Add Tally's port to TALLY_URL, usually http://{hostname}:9000.",
      { hostname },
    ),
};

const ways: Record<string, keyof typeof wayHints> = {
  ENOTFOUND: 'nameUnknown',
  EAI_AGAIN: 'nameUnknown',
  EHOSTUNREACH: 'noWay',
  ENETUNREACH: 'noWay',
  ETIMEDOUT: 'noWay',
  UND_ERR_CONNECT_TIMEOUT: 'noWay',
};

function hintFor(code: string, address: string): string {
  const url = new URL(address);
  const way = url.port === '' && ways[code] !== 'nameUnknown' ? 'noPort' : ways[code];
  return way === undefined ? reachHint() : wayHints[way]!(url);
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const brokenCodes = ['ECONNRESET', 'UND_ERR_SOCKET', 'EPIPE'];

/** `refused`: Tally never saw the request. `unanswered`: Tally may have seen the request, but not a byte of an answer came. */
export type Lost = 'refused' | 'unanswered';

/** Whether the other side has closed the connection properly before the first byte of its answer. */
export const closedUnanswered = (error: unknown, bytesRead: number): boolean =>
  bytesRead === 0 && codeOf(error) === 'UND_ERR_SOCKET';

/** How a request was lost. Undefined for other failures, for example if part of an answer came, or if Tally is silent. */
export function lostRequest(error: unknown, bytesRead: number): Lost | undefined {
  const code = codeOf(error);
  if (code === 'ECONNREFUSED') return 'refused';
  return bytesRead === 0 && brokenCodes.includes(code) ? 'unanswered' : undefined;
}

/** The error for a request without a readable answer. `beginning` holds the bytes that came nevertheless. */
export function requestFailure(error: unknown, address: string, timeoutSeconds: number, beginning: Buffer): EtlError {
  if (error instanceof EtlError) return error;
  const code = codeOf(error);
  if (code === 'UND_ERR_HEADERS_TIMEOUT')
    return timedOut(
      t('Tally answered nothing and was silent for {seconds} seconds.', { seconds: timeoutSeconds }),
      error,
    );
  const odd = unreadableHead(error);
  if (odd !== undefined) return oddAnswer(odd, beginning, address);
  if (brokenCodes.includes(code))
    return new EtlError(
      'answer-cut',
      t('{address} closed the connection without an answer.', { address }),
      t(
        'Check that Tally is still running and that TALLY_URL names its port, then try again. If this happens only with long requests, ask for a shorter range.',
      ),
      { cause: error },
    );
  if (code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code.includes('CERT'))
    return unreachable(address, t('no secure connection. Tally itself speaks http, not https'), error);
  const reason = connectionReason(code) ?? (error instanceof Error ? error.message : String(error));
  return unreachable(address, reason, error, hintFor(code, address));
}

/** The error for an answer that failed during its transfer. */
export function bodyFailure(error: unknown): EtlError {
  if (error instanceof EtlError) return error;
  const odd = unreadableHead(error);
  return answerCut(
    odd?.kind === 'parser'
      ? t("Tally's answer was damaged on its way ({reason}).", { reason: odd.reason })
      : t('The connection to Tally broke in the middle of its answer.'),
    error,
  );
}

const unreachable = (address: string, reason: string, cause: unknown, hint = reachHint()): EtlError =>
  new EtlError('tally-unreachable', t('Tally cannot be reached at {address}: {reason}.', { address, reason }), hint, {
    cause,
    setting: 'TALLY_URL',
  });

const timedOut = (message: string, cause?: unknown): EtlError =>
  new EtlError(
    'tally-timeout',
    message,
    t(
      'Look at Tally: a box may be waiting for a click, or it is still busy with this request, which it finishes even now. Wait until it is free before you try again; for a large book raise TALLY_TIMEOUT_SECONDS.',
    ),
    { cause },
  );

/** The error for a silence within an answer that has lasted too long. */
export const silentInAnswer = (seconds: number): EtlError =>
  timedOut(t('Tally stopped in the middle of its answer and was silent for {seconds} seconds.', { seconds }));
