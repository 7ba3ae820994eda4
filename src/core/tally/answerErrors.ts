import { t } from '@vscode/l10n';
import { type ErrorCode, EtlError } from '../base/errors.js';
import { readText } from './xml/xmlText.js';

export const portHint = (): string =>
  t(
    'Another program may be answering on this port. Check TALLY_URL against the port in Tally: F1 > Settings > Connectivity.',
  );

/** The error for an answer that cannot be read. Another program may have sent it, so the hint is to check the port. */
export const unreadable = (message: string): EtlError =>
  new EtlError('answer-unreadable', message, portHint(), { setting: 'TALLY_URL' });

/** The error for an answer that ended too early. The caller must discard all of the answer. */
export const answerCut = (message: string, cause?: unknown): EtlError =>
  new EtlError(
    'answer-cut',
    message,
    t(
      'Nothing was taken from it. Check that Tally is still running and try again; if it happens again, ask for a shorter range.',
    ),
    { cause },
  );

/** The error for a company that Tally cannot serve. */
export const companyNotOpen = (message: string): EtlError =>
  new EtlError(
    'company-not-open',
    message,
    t(
      'Open it in Tally and finish any log-in or TallyVault prompt there, or choose another company. TALLY_COMPANY must be the name as Tally shows it.',
    ),
    { setting: 'TALLY_COMPANY' },
  );

const refused = (words: string): EtlError =>
  new EtlError(
    'tally-refused',
    t('Tally refused the request: {words}', { words }),
    t(
      'Look at Tally itself: close any open box or report there and try again. If it says so every time, this release of Tally may not know the request; try the other report (TALLY_REPORT).',
    ),
  );

/** The error for an answer that came from another program or from a proxy. Tally itself has refused nothing. */
export class NotTally extends EtlError {
  constructor(code: ErrorCode, message: string, hint: string) {
    super(code, message, hint, { setting: 'TALLY_URL' });
  }
}

/** True for the errors by which a Tally shows that it does not know a request, or understands it differently. */
export const isNotOffered = (error: unknown): error is EtlError =>
  error instanceof EtlError &&
  !(error instanceof NotTally) &&
  (error.code === 'tally-refused' || error.code === 'answer-unreadable');

/** The text of an answer before its first element, and after its last one; at most 64 KB of each. */
export interface Outside {
  head: string;
  tail: string;
}

/** The name of the first element. Undefined if anything but white space, comments and declarations precedes the element. */
function rootName(text: string): string | undefined {
  let rest = text.trimStart();
  for (;;) {
    const end = rest.startsWith('<?') ? '?>' : rest.startsWith('<!--') ? '-->' : undefined;
    if (end === undefined) return /^<([A-Za-z_:][\w:.-]*)/.exec(rest)?.[1];
    const at = rest.indexOf(end);
    if (at < 0) return undefined;
    rest = rest.slice(at + end.length).trimStart();
  }
}

const notXml = (head: string): EtlError =>
  webPage(head) ??
  unreadable(t("What came back is not Tally's XML: {words}", { words: JSON.stringify(head.trim().slice(0, 80)) }));

/** The error for a web page in place of Tally's answer; undefined for anything else. */
export function webPage(text: string): EtlError | undefined {
  if (!/<html[\s>]|<!doctype html/i.test(text)) return undefined;
  const title = readText(/<title(?:\s[^<>]*)?>([^<]*)</i.exec(text)?.[1] ?? '').slice(0, 80);
  return new NotTally(
    'answer-unreadable',
    title === ''
      ? t("A web page came back, not Tally's XML.")
      : t("A web page came back, not Tally's XML: {title}.", { title: JSON.stringify(title) }),
    t(
      'Open the address of TALLY_URL in a browser: another program, a proxy or the log-in page of a network answers there. Check TALLY_URL against the port in Tally: F1 > Settings > Connectivity.',
    ),
  );
}

/**
 * Throws a coded error if an answer reports an error or is not Tally's. Tally sends its errors with HTTP status 200. The
 * shapes: `<RESPONSE>` text, LINEERROR, ERRORMSG, a STATUS other than 1, HTML, and a root other than ENVELOPE.
 */
export function refuseErrorWords({ head, tail }: Outside): void {
  const root = rootName(head);
  if (root === undefined || /^html$/i.test(root) || /^\s*<!doctype/i.test(head)) throw notXml(head);
  const words = errorWords(head) ?? errorWords(tail);
  if (words !== undefined)
    throw /Could not (set 'SVCurrentCompany'|find Company)/i.test(words)
      ? companyNotOpen(t('Tally cannot serve the company: {words}', { words }))
      : refused(words);
  if (root === 'RESPONSE') throw refused(readText(head.replace(/<[^>]*>/g, ' ')) || t('an answer without text'));
  if (root !== 'ENVELOPE') throw notXml(head);
  const header = between(head, '<HEADER>', '</HEADER>') ?? '';
  const status = /<STATUS>\s*(-?\d+)\s*<\/STATUS>/.exec(header)?.[1];
  if (status !== undefined && status !== '1') throw refused(t('status {status}, without a reason', { status }));
}

/** The text of the first LINEERROR or ERRORMSG. */
function errorWords(text: string): string | undefined {
  const [tag, name] = /<(LINEERROR|ERRORMSG)(?:\s[^<>]*)?>/.exec(text) ?? [];
  const words = tag === undefined ? undefined : between(text, tag, `</${name}>`);
  return words === undefined ? undefined : readText(words) || t('an error without text');
}

// `indexOf` instead of a regular expression: on damaged text with several open ends a regular expression takes minutes.
function between(text: string, start: string, end: string): string | undefined {
  const from = text.indexOf(start);
  const to = from < 0 ? -1 : text.indexOf(end, from + start.length);
  return to < 0 ? undefined : text.slice(from + start.length, to);
}

/**
 * Throws unless the answer is whole: not empty, not an error, and closed by `</ENVELOPE>` after its last element.
 * `elements`: whether any elements came, and whether the answer ended inside one.
 */
export function refuseIncomplete(outside: Outside, elements: 'none' | 'whole' | 'cut'): void {
  const { head, tail } = outside;
  if (elements !== 'cut' && head.replaceAll('\0', '').trim() === '' && tail.trim() === '')
    throw companyNotOpen(
      t("Tally's answer is empty: no company is open, or a log-in or TallyVault prompt is waiting."),
    );
  refuseErrorWords(outside);
  const end = elements === 'none' ? `${head}${tail}` : tail;
  if (elements === 'cut' || !/<\/ENVELOPE>|<ENVELOPE\s*\/>/.test(end))
    throw answerCut(t("Tally's answer breaks off before its end."));
}

/** The company whose data a report says it shows; undefined if the answer does not name a company. */
export function servedCompany(head: string): string | undefined {
  const match = /<SVCURRENTCOMPANY(?:\s[^>]*)?>([^<]*)<\/SVCURRENTCOMPANY>/.exec(head);
  return match ? readText(match[1]!) : undefined;
}
