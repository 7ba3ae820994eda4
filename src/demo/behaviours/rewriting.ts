/** Rewrites the text of an answer before it is sent, into forms that XML forbids and a Tally may send nevertheless. */
export interface Rewriting {
  /** Distinguishes rewritings when lengths are remembered. */
  name: string;
  rewrite: (xml: string) => string;
}

/**
 * Whether control characters are few (in some narrations), in every name and narration, or half removed by a program.
 */
export type ControlCharacters = 'few' | 'many' | 'half-cleaned';

export const plain: Rewriting = { name: 'plain', rewrite: (xml) => xml };

const beforeTexts = /(<(?:NARRATION|LEDGERNAME|PARTYLEDGERNAME|PARTYNAME|STOCKITEMNAME)(?: TYPE="String")?>)(?=[^<])/g;

/** The rewriting that the switches order. It never changes the data of the books. */
export function rewritingOf(options: {
  bareAmpersands: boolean;
  udfPrefix: 'declared' | 'undeclared';
  controlCharacters: ControlCharacters;
}): Rewriting {
  const { bareAmpersands, udfPrefix, controlCharacters } = options;
  const steps: ((xml: string) => string)[] = [];
  if (controlCharacters === 'many') steps.push((xml) => xml.replace(beforeTexts, '$1\u0003\u0005'));
  // The remains of `&#4; Not Applicable` after a program dropped `&#` (docs/tally.md §3).
  if (controlCharacters === 'half-cleaned') steps.push((xml) => xml.replaceAll('&#4;', ' 4;'));
  if (udfPrefix === 'undeclared') steps.push((xml) => xml.replaceAll(' xmlns:UDF="TallyUDF"', ''));
  if (bareAmpersands) steps.push((xml) => xml.replaceAll('&amp;', '&'));
  if (steps.length === 0) return plain;
  return {
    name: `${controlCharacters} ${udfPrefix} ${bareAmpersands}`,
    rewrite: (xml) => steps.reduce((text, step) => step(text), xml),
  };
}
