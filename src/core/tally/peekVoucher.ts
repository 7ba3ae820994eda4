import type { Encoding } from './encoding.js';
import { TagNames, TagScanner } from './tagScanner.js';
import { readText } from './xmlText.js';

/**
 * What decides about a voucher before it is parsed, as text; '' where the voucher has none, undefined where it cannot be
 * told cheaply and the voucher has to be parsed.
 */
export interface PeekedVoucher {
  date: string | undefined;
  /** VOUCHERTYPENAME, else the attribute VCHTYPE. */
  voucherType: string | undefined;
  guid: string | undefined;
}

// All three stand among the first elements. ALTERID and MASTERID come some 190 elements later: looking for them too would
// make this five times as dear.
const wanted = new TagNames([
  ['DATE', 0],
  ['VOUCHERTYPENAME', 1],
  ['GUID', 2],
]);

/** Reads those values of a voucher's bytes that stand at its top level, without decoding the rest. */
export function peekVoucher(bytes: Buffer, encoding: Encoding): PeekedVoucher {
  const scanner = new TagScanner(bytes, encoding);
  if (scanner.next() !== 'open' || scanner.tagFrom !== 0)
    return { date: undefined, voucherType: undefined, guid: undefined };
  const start = { from: scanner.nameTo, to: scanner.at };
  const [date, typeName, guid] = firstValues(scanner);
  const voucherType = typeName === '' ? typeAttribute(scanner.text(start.from, start.to)) : typeName;
  return { date, voucherType, guid };
}

/** Until all are found, or the voucher ends: then those that are not there are ''. */
function firstValues(scanner: TagScanner): (string | undefined)[] {
  const values: (string | undefined)[] = [undefined, undefined, undefined];
  const { nameFrom, nameTo } = scanner;
  for (let missing = values.length; missing > 0;) {
    const tag = scanner.next();
    if (tag === 'odd') return values;
    if (tag === 'close')
      return scanner.closes(nameFrom, nameTo) && scanner.atEnd ? values.map((value) => value ?? '') : values;
    const index = wanted.of(scanner);
    if (index === undefined || values[index] !== undefined) {
      if (tag === 'open' && !scanner.skip()) return values;
      continue;
    }
    const value = tag === 'empty' ? '' : plainValue(scanner);
    if (value === undefined) return values;
    values[index] = value;
    missing--;
  }
  return values;
}

/** The value of the element whose open tag has just been read; undefined when it holds markup. */
function plainValue(scanner: TagScanner): string | undefined {
  const { at, nameFrom, nameTo } = scanner;
  if (scanner.next() !== 'close' || !scanner.closes(nameFrom, nameTo)) return undefined;
  return readText(scanner.text(at, scanner.tagFrom));
}

const typeAttribute = (attributes: string): string =>
  readText(/(?:^|")\s+VCHTYPE="([^"]*)"/.exec(attributes)?.[1] ?? '');
