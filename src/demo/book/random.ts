/** Reproducible random numbers: the same (seed, index) gives the same sequence, so any voucher can be made again. */
export class Random {
  private state: number;

  constructor(seed: number, index: number) {
    this.state = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b)) >>> 0;
    this.next(); // neighbouring indexes begin with similar states; one step separates them
  }

  /** A number in 0 … 2^32 - 1 (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** A whole number from `min` to `max`, both inclusive. If they are equal, no random number is drawn. */
  between(min: number, max: number): number {
    return min === max ? min : min + (this.next() % (max - min + 1));
  }

  pick<T>(list: readonly T[]): T {
    return list[this.between(0, list.length - 1)]!;
  }

  chance(percent: number): boolean {
    return this.next() % 100 < percent;
  }

  digits(count: number): string {
    let text = '';
    while (text.length < count) text += String(this.next()).padStart(10, '0').slice(-6);
    return text.slice(0, count);
  }

  hex(count: number): string {
    let text = '';
    while (text.length < count) text += this.next().toString(16).padStart(8, '0');
    return text.slice(0, count);
  }
}
