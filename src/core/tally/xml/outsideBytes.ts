/** How many bytes are kept of each end. */
export const outsideLimit = 65_536;

/**
 * The text around the elements of an answer, within limits: the beginning up to the first element, and the end of what came
 * after the last element.
 */
export class OutsideBytes {
  readonly #head = Buffer.allocUnsafeSlow(outsideLimit);
  #headBytes = 0;
  readonly #tail = Buffer.allocUnsafeSlow(2 * outsideLimit);
  #tailBytes = 0;
  #seenElement = false;

  keep(bytes: Buffer): void {
    const inHead = this.#seenElement ? 0 : bytes.copy(this.#head, this.#headBytes);
    this.#headBytes += inHead;
    if (inHead === bytes.length) return;
    const last = lastBytes(inHead === 0 ? bytes : bytes.subarray(inHead));
    if (this.#tailBytes + last.length > this.#tail.length) {
      this.#tail.copyWithin(0, this.#tailBytes - outsideLimit, this.#tailBytes);
      this.#tailBytes = outsideLimit;
    }
    this.#tailBytes += last.copy(this.#tail, this.#tailBytes);
  }

  /** Discards the tail: the text before an element is not the end of the answer. */
  meetElement(): void {
    this.#seenElement = true;
    this.#tailBytes = 0;
  }

  get head(): Buffer {
    return this.#head.subarray(0, this.#headBytes);
  }

  get headIsFull(): boolean {
    return this.#headBytes >= outsideLimit;
  }

  get tail(): Buffer {
    return lastBytes(this.#tail.subarray(0, this.#tailBytes));
  }
}

/** The last bytes, from an even offset: in UTF-16 a start within a character would garble the rest. */
function lastBytes(bytes: Buffer): Buffer {
  const from = bytes.length - outsideLimit;
  return from <= 0 ? bytes : bytes.subarray(from + (from % 2));
}
