import { parseDate } from '../../src/core/base/parseDate.js';
import { plainSpaces } from './plainSpaces.js';

/**
 * Reads what a failed run kept from the end of its message: `Kept: 4,007 invoices, 1 Apr – 29 Nov 2024.` Undefined if
 * the message does not say so.
 */
export function keptIn(message: string): { invoices: number; from: string; to: string } | undefined {
  const said = /Kept: ([\d,]+) invoices?, ([^.]+)\.$/.exec(plainSpaces(message));
  if (!said) return undefined;
  const [first = '', last = first] = said[2]!.split(/ ?– ?/);
  const ofLast = last.split(' ');
  const missing = 3 - first.split(' ').length;
  const from = [first, ...(missing > 0 ? ofLast.slice(-missing) : [])].join(' ');
  return { invoices: Number(said[1]!.replaceAll(',', '')), from: parseDate(from)!, to: parseDate(last)! };
}
