/** How many numbers one piece holds. */
const pieceLength = 16_384;
type Piece = Float64Array | Int32Array | Uint32Array | Uint8Array;

/**
 * A list of numbers of one kind that grows at its end, stored in typed arrays. A plain array takes several times the memory and
 * is copied as it grows, which is much of a run's memory for the list of a large company.
 */
export class Numbers {
  readonly #pieces: Piece[] = [];
  #length = 0;

  constructor(private readonly kind: new (length: number) => Piece) {}

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    const within = this.#length % pieceLength;
    if (within === 0) this.#pieces.push(new this.kind(pieceLength));
    this.#pieces.at(-1)![within] = value;
    this.#length++;
  }

  /** Undefined beyond the end. */
  at(position: number): number | undefined {
    if (position >= this.#length) return undefined;
    return this.#pieces[Math.floor(position / pieceLength)]![position % pieceLength];
  }

  /** Replaces the number at a position below `length`. */
  set(position: number, value: number): void {
    this.#pieces[Math.floor(position / pieceLength)]![position % pieceLength] = value;
  }
}

/** Finds the position of a key, a whole number below 2^32, in a list of keys. */
export class KeyIndex {
  /** Each used slot has a position plus 1. At most half of the slots are used. */
  #slots = new Uint32Array(1024);
  #taken = 0;

  constructor(private readonly keys: Numbers) {}

  /** Undefined if the key was not added. */
  find(key: number): number | undefined {
    const position = this.#slots[this.#slotOf(key)]!;
    return position === 0 ? undefined : position - 1;
  }

  /** Adds the key at a position of the list. */
  add(position: number): void {
    if (this.#taken * 2 >= this.#slots.length) this.#grow();
    this.#slots[this.#slotOf(this.keys.at(position)!)] = position + 1;
    this.#taken++;
  }

  /** The slot of the key; if the key was not added, the free slot for it. */
  #slotOf(key: number): number {
    const last = this.#slots.length - 1;
    let slot = Math.imul(key, 0x9e3779b1) >>> Math.clz32(last);
    for (;;) {
      const position = this.#slots[slot]!;
      if (position === 0 || this.keys.at(position - 1) === key) return slot;
      slot = (slot + 1) & last;
    }
  }

  #grow(): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(before.length * 2);
    for (const position of before) if (position > 0) this.#slots[this.#slotOf(this.keys.at(position - 1)!)] = position;
  }
}
