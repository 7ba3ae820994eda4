import type { Rewriting } from '../../behaviours/rewriting.js';
import type { Switches } from '../../behaviours/switches.js';
import type { AnswerEncoding } from '../encoding.js';
import { formOf, isWide } from '../encoding.js';

/** How an answer is sent, as opposed to its content. */
export interface Manner extends Pick<Switches, 'charsetHeader' | 'lengthHeader' | 'headerNames' | 'keepsWorking'> {
  encoding: AnswerEncoding;
  rewriting: Rewriting;
}

/** The head of an answer as TallyPrime 7.1 writes it (docs/tally.md §1.1), or as the switches order it. */
export function answerHead(manner: Manner, length: number): Record<string, string> {
  const head: Record<string, string> = {
    'CONTENT-TYPE': contentType(manner),
    ...(manner.lengthHeader === 'content-length' && { 'CONTENT-LENGTH': String(length) }),
    Unicode: 'Yes',
    RESPSTATUS: '1',
  };
  if (manner.headerNames === 'as-tally') return head;
  const isLower = manner.headerNames === 'lower-case';
  return Object.fromEntries(
    Object.entries(head).map(([name, value]) => [isLower ? name.toLowerCase() : name.toUpperCase(), value]),
  );
}

function contentType({ encoding, charsetHeader }: Manner): string {
  if (charsetHeader === 'absent') return 'text/xml';
  if (charsetHeader === 'true') return `text/xml; charset=${formOf(encoding).charset}`;
  // The wrong charset is one with another number of bytes for a character.
  return `text/xml; charset=${isWide(encoding) || formOf(encoding).node === 'latin1' ? 'utf-8' : 'utf-16'}`;
}
