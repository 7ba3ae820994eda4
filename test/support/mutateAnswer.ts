import { lossy } from '../../src/demo/answers/encoding.js';
import type { Random } from '../../src/demo/book/random.js';

/** An answer to be damaged: its bytes, and the places of its tags, its values and its multi-byte characters. */
export interface Target {
  bytes: Buffer;
  /** The number of bytes of a markup character. */
  unit: 1 | 2;
  tags: Span[];
  /** The texts of elements that contain only text. */
  values: Value[];
  /** Offsets inside a multi-byte character. */
  insideCharacters: number[];
}

interface Span {
  from: number;
  to: number;
}

interface Value extends Span {
  element: string;
  text: string;
  /** The offset of its voucher. */
  voucher: number;
}

export function targetOf(text: string, encoding: 'utf-8' | 'utf-16' | 'latin1'): Target {
  const unit = encoding === 'utf-16' ? 2 : 1;
  const bytes = Buffer.from(
    encoding === 'latin1' ? lossy(text, 'ascii') : text,
    encoding === 'utf-16' ? 'utf16le' : encoding === 'utf-8' ? 'utf8' : 'latin1',
  );
  const view = bytes.toString(unit === 2 ? 'utf16le' : 'latin1');
  const spans = (pattern: RegExp, group: number): Span[] =>
    [...view.matchAll(pattern)].map((match) => {
      const [from, to] = match.indices![group]!;
      return { from: from * unit, to: to * unit };
    });
  const insideCharacters = [...bytes.keys()].filter((at) =>
    unit === 2 ? at % 2 === 1 : encoding === 'utf-8' && (bytes[at]! & 0xc0) === 0x80,
  );
  return {
    bytes,
    unit,
    tags: spans(/<[^<>]*>/dg, 0),
    values: [...view.matchAll(/<([A-Z.]+)(?: [^<>]*)?>([^<>]+)<\/\1>/dg)].map(
      ({ 1: element, 2: text, index, indices }) => {
        const [from, to] = indices![2]!;
        const voucher = view.lastIndexOf('<VOUCHER ', index);
        return { from: from * unit, to: to * unit, element: element!, text: text!, voucher };
      },
    ),
    insideCharacters,
  };
}

const without = (bytes: Buffer, from: number, to: number): Buffer =>
  Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
const inserted = (bytes: Buffer, at: number, piece: Uint8Array): Buffer =>
  Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)]);

/** A stretch from one byte to a quarter of the answer; small stretches are as frequent as large ones. */
function run({ bytes }: Target, random: Random): Span {
  const from = random.between(0, bytes.length - 1);
  const length = random.between(1, 2 ** random.between(1, Math.floor(Math.log2(bytes.length / 4))));
  return { from, to: Math.min(bytes.length, from + length) };
}

const place = ({ bytes }: Target, random: Random): number => random.between(0, bytes.length);
const ofSpan = ({ bytes }: Target, { from, to }: Span): Buffer => bytes.subarray(from, to);

function garbage(random: Random): Buffer {
  const length = random.between(1, 40);
  const markup = '<>/"\'&;=![]-?AMOUNT.LIST 0123456789';
  return random.chance(50)
    ? Buffer.from(Array.from({ length }, () => random.between(0, 255)))
    : Buffer.from(Array.from({ length }, () => random.pick(markup.split(''))).join(''));
}

const everything = ({ bytes }: Target): Span => ({ from: 0, to: bytes.length });
const bitFlip = (random: Random) => (byte: number) => byte ^ (1 << random.between(0, 7));

function flipped(target: Target, random: Random, { from, to }: Span, change: (byte: number) => number): Buffer {
  const bytes = Buffer.from(target.bytes);
  for (let n = random.between(1, 3); n > 0; n--) {
    const offset = random.between(from, to - 1);
    bytes[offset] = change(bytes[offset]!);
  }
  return bytes;
}

function swapped(target: Target, one: Span, other: Span): Buffer {
  const { bytes } = target;
  const [a, b] = one.from < other.from ? [one, other] : [other, one];
  const between = bytes.subarray(a.to, b.from);
  return Buffer.concat([
    bytes.subarray(0, a.from),
    ofSpan(target, b),
    between,
    ofSpan(target, a),
    bytes.subarray(b.to),
  ]);
}

/**
 * Swapping two interchangeable values makes another undamaged voucher. Nothing can distinguish it from a true one, and no
 * transport fault causes it.
 */
function areInterchangeable(a: Value, b: Value): boolean {
  const isFlag = ({ text }: Value): boolean => text === 'Yes' || text === 'No';
  if (isFlag(a) && isFlag(b)) return true;
  return a.element === b.element && (a.voucher === b.voucher || a.element === 'LEDGERNAME');
}

/** The kinds of damage. Only in `cut` is the announced length still that of the whole answer. */
export const mutations: Record<string, (target: Target, random: Random) => Buffer> = {
  cut: (t, random) => t.bytes.subarray(0, random.between(0, t.bytes.length - 1)),
  'cut, its length said to be so': (t, random) => t.bytes.subarray(0, random.between(0, t.bytes.length - 1)),
  'cut inside a character': (t, random) =>
    t.bytes.subarray(0, t.insideCharacters.length > 0 ? random.pick(t.insideCharacters) : place(t, random)),
  'bits flipped': (t, random) => flipped(t, random, everything(t), bitFlip(random)),
  'bytes flipped': (t, random) => flipped(t, random, everything(t), () => random.between(0, 255)),
  'bits of values flipped': (t, random) => flipped(t, random, random.pick(t.values), bitFlip(random)),
  'digits changed': (t, random) => {
    const { from, to } = random.pick(t.values);
    const at = from + t.unit * random.between(0, (to - from) / t.unit - 1);
    return Buffer.concat([
      t.bytes.subarray(0, at),
      Buffer.from(random.pick('0123456789.- '.split('')), t.unit === 2 ? 'utf16le' : 'latin1'),
      t.bytes.subarray(at + t.unit),
    ]);
  },
  'tags swapped': (t, random) => {
    const [a, b] = [random.pick(t.tags), random.pick(t.tags)];
    return a === b ? t.bytes : swapped(t, a, b);
  },
  'values swapped': (t, random) => {
    const [a, b] = [random.pick(t.values), random.pick(t.values)];
    return areInterchangeable(a, b) ? t.bytes : swapped(t, a, b);
  },
  'a tag deleted': (t, random) => {
    const { from, to } = random.pick(t.tags);
    return without(t.bytes, from, to);
  },
  'a tag doubled': (t, random) => {
    const tag = random.pick(t.tags);
    return inserted(t.bytes, random.chance(50) ? tag.to : place(t, random), ofSpan(t, tag));
  },
  'a run deleted': (t, random) => {
    const { from, to } = run(t, random);
    return without(t.bytes, from, to);
  },
  'elements deleted': (t, random) => {
    const [a, b] = [random.pick(t.tags), random.pick(t.tags)].sort((x, y) => x.from - y.from) as [Span, Span];
    return without(t.bytes, a.from, b.from);
  },
  'a run doubled': (t, random) => {
    const piece = run(t, random);
    return inserted(t.bytes, piece.to, ofSpan(t, piece));
  },
  'garbage inserted': (t, random) => inserted(t.bytes, place(t, random), garbage(random)),
  'a piece inserted': (t, random) => inserted(t.bytes, place(t, random), ofSpan(t, run(t, random))),
  'a piece overwritten': (t, random) => {
    const bytes = Buffer.from(t.bytes);
    ofSpan(t, run(t, random)).copy(bytes, place(t, random));
    return bytes;
  },
  'elements moved': (t, random) => {
    const [a, b, c] = [random.pick(t.tags), random.pick(t.tags), random.pick(t.tags)].sort(
      (x, y) => x.from - y.from,
    ) as [Span, Span, Span];
    return Buffer.concat([
      t.bytes.subarray(0, a.from),
      t.bytes.subarray(b.from, c.from),
      t.bytes.subarray(a.from, b.from),
      t.bytes.subarray(c.from),
    ]);
  },
};
