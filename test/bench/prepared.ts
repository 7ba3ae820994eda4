import type { CalendarDate, DateRange } from '../../src/core/base/calendar.js';
import type { AnswerEncoding } from '../../src/demo/answers/encoding.js';
import type { Changes } from './book.js';

/** What a file of answers is made from. */
export interface BookSpec {
  /** Its name in the sender's address. */
  name: string;
  invoices: number;
  encoding: AnswerEncoding;
  changes?: Changes;
  /** It is asked for little too. Chosen fields take longer to write than all the rest. */
  isForLittle?: boolean;
  /** It has vouchers of every kind, `invoices` of them invoices, and is prepared for the stream `ledger` too. */
  withOthers?: boolean;
  /** The number of a company of many; absent: the demo company. */
  company?: number;
}

/** An answer in a file: opening, the vouchers by date, closing. */
export interface PreparedAnswer {
  file: string;
  openingBytes: number;
  closingBytes: number;
  bytes: number;
  /** Where each day that has vouchers begins in the file. */
  days: { date: CalendarDate; at: number }[];
}

/** Books whose answers lie ready in files: making them while they are read would measure the making. */
export interface PreparedBook extends BookSpec {
  vouchers: number;
  ledgerLines: number;
  stockLines: number;
  /** Vouchers of each day that has some, by date. */
  days: { date: CalendarDate; vouchers: number }[];
  dayBook: PreparedAnswer;
  index: PreparedAnswer;
  /** The vouchers with the fields that an invoice is made of; of a book that is asked for little. */
  collection?: PreparedAnswer;
  /** The same with what vouchers book; of a book with vouchers of every kind. */
  ledgerCollection?: PreparedAnswer;
  /** A row for each day. */
  digests: PreparedAnswer;
  /** What stands before and after a voucher of the Day Book that is asked for by its MASTERID. */
  object: { opening: string; closing: string };
  /** A file with the places of each voucher, by date: see VoucherPlaces. */
  places: string;
}

const columns = 6;

/** Where each voucher stands in the prepared answers. The file holds numbers of 8 bytes, six for each voucher. */
export class VoucherPlaces {
  readonly #rowOf = new Map<number, number>();

  constructor(private readonly numbers: Float64Array) {
    for (let row = 0; row < numbers.length / columns; row++) this.#rowOf.set(numbers[row * columns]!, row);
  }

  /** A row of the file. `dayBook` and `index`: the first byte of the voucher and the one behind its last. */
  static row(ids: { masterId: number; alterId: number }, dayBook: [number, number], index: [number, number]): number[] {
    return [ids.masterId, ids.alterId, ...dayBook, ...index];
  }

  /** Where the Day Book has a voucher; undefined without such a voucher. */
  inDayBook(masterId: number): Piece | undefined {
    const row = this.#rowOf.get(masterId);
    return row === undefined ? undefined : this.#piece(row, 2);
  }

  /** Where the index has the vouchers of one of its pieces that were altered since. */
  *alteredIn({ from, to }: Piece, after: number): Generator<Piece> {
    for (let row = 0; row < this.numbers.length / columns; row++) {
      const piece = this.#piece(row, 4);
      if (piece.from >= from && piece.to <= to && this.numbers[row * columns + 1]! > after) yield piece;
    }
  }

  #piece(row: number, column: number): Piece {
    const at = row * columns + column;
    return { from: this.numbers[at]!, to: this.numbers[at + 1]! };
  }
}

/** Bytes of a file. */
export interface Piece {
  from: number;
  /** Exclusive. */
  to: number;
}

/** Days in the middle of the books that hold one voucher of a hundred. */
export function onePercentOf({ days, vouchers }: PreparedBook): { range: DateRange; vouchers: number } {
  let last = Math.floor(days.length / 2);
  const from = days[last]!.date;
  let held = days[last]!.vouchers;
  while (held < vouchers / 100) held += days[++last]!.vouchers;
  return { range: { from, to: days[last]!.date }, vouchers: held };
}
