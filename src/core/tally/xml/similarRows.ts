import { fieldsNamed, parseRow, readPlainRow, type MasterRow, type Place } from './masterElements.js';
import type { ElementBytes } from './readElements.js';
import { TagScanner } from './tagScanner.js';
import { readText } from './xmlText.js';

/** Kinds of vouchers come in turns, and one kind may have a field that another has not. */
const maxShapes = 4;

/**
 * Reads the rows of a collection of which there are many. They differ in their start tags and the values asked for, and
 * are the same bytes else: a row that agrees in these with one that was found to be plain is not gone through again.
 */
export class SimilarRows {
  readonly #fields: readonly string[];
  readonly #quick: ReturnType<typeof fieldsNamed>;
  /** The last one met first. */
  readonly #shapes: RowShape[] = [];

  constructor(...fields: string[]) {
    this.#fields = fields;
    this.#quick = fieldsNamed(...fields);
  }

  /** The row, to be asked for these fields, as the full parse reads it. Fails with `answer-unreadable`. */
  read(element: ElementBytes): MasterRow {
    if (element.damage !== undefined) return parseRow(element);
    for (const shape of this.#shapes) if (shape.matches(element)) return shape;
    const plain = readPlainRow(element, this.#quick);
    if (plain?.places.length === this.#fields.length) {
      this.#shapes.unshift(new RowShape(element, plain.places));
      this.#shapes.length = Math.min(this.#shapes.length, maxShapes);
    }
    return plain ?? parseRow(element);
  }
}

/** What similar rows have in common, and the values of the one that was last held against it. */
class RowShape implements MasterRow {
  readonly #name: string;
  /** What stands before each value, and behind the last. */
  readonly #between: Buffer[] = [];
  readonly #fields: string[];
  readonly #values: string[];

  constructor({ bytes, encoding }: ElementBytes, places: Place[]) {
    const scanner = new TagScanner(bytes, encoding);
    scanner.next();
    this.#name = scanner.text(scanner.nameFrom, scanner.nameTo);
    let { at } = scanner;
    for (const { from, to } of places) {
      this.#between.push(scanner.copyOf(at, from));
      at = to;
    }
    this.#between.push(scanner.copyOf(at));
    this.#fields = places.map(({ field }) => field);
    this.#values = places.map(() => '');
  }

  /** Whether a row has this shape and no empty value: instead of one the full parse takes a later child, or the attribute. */
  matches({ bytes, encoding }: ElementBytes): boolean {
    const scanner = new TagScanner(bytes, encoding);
    if (scanner.next() !== 'open' || scanner.tagFrom !== 0 || !scanner.isNamed(this.#name)) return false;
    const values = this.#values;
    for (let i = 0; i < values.length; i++) {
      if (!scanner.pass(this.#between[i]!)) return false;
      const from = scanner.at;
      const to = scanner.passText();
      const text = scanner.plainText(from, to) ?? readText(scanner.text(from, to));
      if (text === '') return false;
      values[i] = text;
    }
    return scanner.pass(this.#between[values.length]!) && scanner.atEnd;
  }

  value(field: string): string {
    return this.#values[this.#fields.indexOf(field)] ?? '';
  }
}
