import type { CalendarDate, DateRange } from '../../src/core/base/calendar.js';
import type { AnswerEncoding } from '../../src/demo/answers/encoding.js';
import type { Changes } from './book.js';

/** Describes a book whose answers are written to files. */
export interface BookSpec {
  /** Its name in the sender's address. */
  name: string;
  invoices: number;
  encoding: AnswerEncoding;
  changes?: Changes;
  /** Also prepares collections with chosen fields. They take longer to write than all other answers. */
  isForLittle?: boolean;
  /** The book has vouchers of every kind, `invoices` of them invoices, and is prepared for the stream `ledger` too. */
  withOthers?: boolean;
  /** The company's number, if there are many companies; absent: the demo company. */
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

/** A book whose answers are ready in files. Making answers while they are read would be measured too. */
export interface PreparedBook extends BookSpec {
  vouchers: number;
  ledgerLines: number;
  stockLines: number;
  /** How many vouchers each day has, by date. Days without vouchers are left out. */
  days: { date: CalendarDate; vouchers: number }[];
  dayBook: PreparedAnswer;
  index: PreparedAnswer;
  /** The vouchers with the fields that an invoice needs; only with `isForLittle`. */
  collection?: PreparedAnswer;
  /** The same, also with the fields that the stream `ledger` needs; only with `withOthers`. */
  ledgerCollection?: PreparedAnswer;
  /** A row for each day. */
  digests: PreparedAnswer;
  /**
   * The beginning and the end of an answer with one voucher, which is asked for by its MASTERID (its number in the
   * company).
   */
  object: { opening: string; closing: string };
  /** A file with the places of each voucher, by date: see VoucherPlaces. */
  places: string;
}

/** The prepared answers that hold vouchers. */
const answers = ['dayBook', 'index', 'collection', 'ledgerCollection'] as const;
type Answers = (typeof answers)[number];

const columns = 2 + 2 * answers.length;

/** Where each voucher stands in the prepared answers. The file holds numbers of 8 bytes, ten for each voucher. */
export class VoucherPlaces {
  readonly #rowOf = new Map<number, number>();

  constructor(private readonly numbers: Float64Array) {
    for (let row = 0; row < numbers.length / columns; row++) this.#rowOf.set(numbers[row * columns]!, row);
  }

  /** A row of the file, from the voucher's place in each prepared answer. */
  static row(
    ids: { masterId: number; alterId: number },
    pieces: Partial<Record<Answers, Piece | undefined>>,
  ): number[] {
    const places = answers.flatMap((answer) => [pieces[answer]?.from ?? 0, pieces[answer]?.to ?? 0]);
    return [ids.masterId, ids.alterId, ...places];
  }

  /** Where the Day Book has a voucher; undefined without such a voucher. */
  inDayBook(masterId: number): Piece | undefined {
    const row = this.#rowOf.get(masterId);
    return row === undefined ? undefined : this.#piece(row, 'dayBook');
  }

  /** The places of vouchers in a piece of an answer whose ALTERID (Tally's counter) is greater than `after`. */
  *alteredIn(answer: Answers, { from, to }: Piece, after: number): Generator<Piece> {
    for (let row = 0; row < this.numbers.length / columns; row++) {
      const piece = this.#piece(row, answer);
      if (piece.from >= from && piece.to <= to && this.numbers[row * columns + 1]! > after) yield piece;
    }
  }

  #piece(row: number, answer: Answers): Piece {
    const at = row * columns + 2 + 2 * answers.indexOf(answer);
    return { from: this.numbers[at]!, to: this.numbers[at + 1]! };
  }
}

/** Bytes of a file. */
export interface Piece {
  from: number;
  /** Exclusive. */
  to: number;
}

/** The days, from the middle of the book on, that hold 1 % of its vouchers or a little more. */
export function onePercentOf({ days, vouchers }: PreparedBook): { range: DateRange; vouchers: number } {
  let last = Math.floor(days.length / 2);
  const from = days[last]!.date;
  let held = days[last]!.vouchers;
  while (held < vouchers / 100) held += days[++last]!.vouchers;
  return { range: { from, to: days[last]!.date }, vouchers: held };
}
