import type { ListedInvoice } from '../../../core/core.js';

interface Waiting {
  from: number;
  to: number;
  resolve: (rows: ListedInvoice[]) => void;
}

/** The rows of the list by their index. They come page by page, each page when one of its rows is needed. */
export class RowStore {
  count = 0;
  private perPage = 1;
  private pages = new Map<number, ListedInvoice[]>();
  private asked = new Set<number>();
  private waiting: Waiting[] = [];

  constructor(private readonly ask: (offset: number) => void) {}

  /** Begins another list, whose first page is known. Open requests for rows of the old list get no rows. */
  reset(count: number, first: ListedInvoice[]): void {
    this.count = count;
    this.perPage = Math.max(1, first.length);
    this.pages = new Map([[0, first]]);
    this.asked = new Set([0]);
    for (const { resolve } of this.waiting.splice(0)) resolve([]);
  }

  put(offset: number, rows: ListedInvoice[]): void {
    this.pages.set(offset, rows);
    const isThere = ({ from, to }: Waiting): boolean => this.offsetsOf(from, to).every((one) => this.pages.has(one));
    const ready = this.waiting.filter(isThere);
    this.waiting = this.waiting.filter((one) => !ready.includes(one));
    for (const { from, to, resolve } of ready) resolve(this.slice(from, to));
  }

  /** A row; undefined until it has come. Asks for its page. */
  at(index: number): ListedInvoice | undefined {
    this.need(index, index);
    return this.pages.get(this.offsetOf(index))?.[index % this.perPage];
  }

  /** The rows from one index to another, both inclusive; none if another list begins before they have come. */
  rows(from: number, to: number): Promise<ListedInvoice[]> {
    this.need(from, to);
    if (this.offsetsOf(from, to).every((one) => this.pages.has(one))) return Promise.resolve(this.slice(from, to));
    return new Promise((resolve) => this.waiting.push({ from, to, resolve }));
  }

  private need(from: number, to: number): void {
    for (const offset of this.offsetsOf(from, to)) {
      if (this.asked.has(offset)) continue;
      this.asked.add(offset);
      this.ask(offset);
    }
  }

  private offsetOf(index: number): number {
    return index - (index % this.perPage);
  }

  private offsetsOf(from: number, to: number): number[] {
    const first = this.offsetOf(from);
    const pages = (this.offsetOf(to) - first) / this.perPage + 1;
    return Array.from({ length: pages }, (_, i) => first + i * this.perPage);
  }

  private slice(from: number, to: number): ListedInvoice[] {
    const first = this.offsetOf(from);
    return this.offsetsOf(from, to)
      .flatMap((offset) => this.pages.get(offset)!)
      .slice(from - first, to - first + 1);
  }
}
