import type { Encoding } from '../xml/encoding.js';
import { TagNames, TagScanner } from '../xml/tagScanner.js';
import { readText } from '../xml/xmlText.js';

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
const [DATE, TYPE, GUID] = [0, 1, 2];
const wanted = new TagNames([
  ['DATE', DATE],
  ['VOUCHERTYPENAME', TYPE],
  ['GUID', GUID],
]);

/**
 * Reads those values of a voucher's bytes that stand at its top level, without decoding the rest; each when it is asked
 * for, as the date alone decides about most. The bytes have to be there until then.
 */
export const peekVoucher = (bytes: Buffer, encoding: Encoding): PeekedVoucher => new VoucherPeek(bytes, encoding);

class VoucherPeek implements PeekedVoucher {
  readonly #scanner: TagScanner;
  readonly #values: (string | undefined)[] = [undefined, undefined, undefined];
  readonly #nameFrom: number;
  readonly #nameTo: number;
  readonly #content: number;
  #at: 'inside' | 'end' | 'odd';

  constructor(bytes: Buffer, encoding: Encoding) {
    const scanner = new TagScanner(bytes, encoding);
    this.#at = scanner.next() === 'open' && scanner.tagFrom === 0 ? 'inside' : 'odd';
    this.#nameFrom = scanner.nameFrom;
    this.#nameTo = scanner.nameTo;
    this.#content = scanner.at;
    this.#scanner = scanner;
  }

  get date(): string | undefined {
    return this.#value(DATE);
  }

  get voucherType(): string | undefined {
    const name = this.#value(TYPE);
    return name === '' ? typeAttribute(this.#scanner.text(this.#nameTo, this.#content)) : name;
  }

  get guid(): string | undefined {
    return this.#value(GUID);
  }

  #value(index: number): string | undefined {
    while (this.#values[index] === undefined && this.#at === 'inside') this.#at = this.#step();
    return this.#values[index] ?? (this.#at === 'end' ? '' : undefined);
  }

  /** Past one more element, whose value is kept if it is a wanted one; of two with one name the first counts. */
  #step(): 'inside' | 'end' | 'odd' {
    const scanner = this.#scanner;
    const tag = scanner.next();
    if (tag === 'odd') return 'odd';
    if (tag === 'close') return scanner.closes(this.#nameFrom, this.#nameTo) && scanner.atEnd ? 'end' : 'odd';
    const index = wanted.of(scanner);
    if (index === undefined || this.#values[index] !== undefined)
      return tag === 'empty' || scanner.skip() ? 'inside' : 'odd';
    const value = tag === 'empty' ? '' : plainValue(scanner);
    if (value === undefined) return 'odd';
    this.#values[index] = value;
    return 'inside';
  }
}

/** The value of the element whose open tag has just been read; undefined when it holds markup. */
function plainValue(scanner: TagScanner): string | undefined {
  const { at, nameFrom, nameTo } = scanner;
  if (scanner.next() !== 'close' || !scanner.closes(nameFrom, nameTo)) return undefined;
  return readText(scanner.text(at, scanner.tagFrom));
}

const typeAttribute = (attributes: string): string =>
  readText(/(?:^|")\s+VCHTYPE="([^"]*)"/.exec(attributes)?.[1] ?? '');
