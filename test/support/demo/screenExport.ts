import type { DateRange } from '../../../src/core/base/calendar.js';
import type { Book } from '../../../src/demo/book/book.js';
import type { AnswerEncoding } from '../../../src/demo/answers/encoding.js';
import type { LedgerRow } from '../../../src/demo/book/masters/ledgers.js';
import { answerChunks, reportAnswer } from '../../../src/demo/answers/xml/reportXml.js';
import * as tags from '../../../src/demo/answers/xml/voucherTags.js';
import { writeVoucher } from '../../../src/demo/answers/xml/voucherXml.js';
import { element, escaped, type Fixed, type Sink } from '../../../src/demo/answers/xml/xmlText.js';

const saysNothing = new Set<Fixed>(Object.values(tags));

/**
 * The Day Book as Tally's screen exports it to a file, chunk by chunk. The masters that the vouchers use come first, and most
 * of the empty fields are missing. Default: UTF-16 with a byte order mark (docs/tally.md §1.5 A', §3).
 */
export function screenExport(book: Book, range?: DateRange, encoding: AnswerEncoding = 'utf-16-bom'): Iterable<Buffer> {
  const answer = reportAnswer(book, range);
  return answerChunks(
    {
      ...answer,
      opening: answer.opening + masters(book),
      write: (sink, voucher) => {
        writeVoucher(sparing(sink), voucher);
      },
    },
    encoding,
  );
}

/** A sink that leaves out the elements whose value is the same in every voucher. */
const sparing = (sink: Sink): Sink => ({
  text: (xml) => {
    sink.text(xml);
  },
  fixed: (part) => {
    if (!saysNothing.has(part)) sink.fixed(part);
  },
});

const ledgerFields = ({ taxType, gstDutyHead, appropriateFor, gstAppropriateTo }: LedgerRow): string =>
  element(6, 'TAXTYPE', taxType) +
  element(6, 'GSTDUTYHEAD', gstDutyHead) +
  (appropriateFor === undefined ? '' : element(6, 'APPROPRIATEFOR', appropriateFor)) +
  (gstAppropriateTo === undefined ? '' : element(6, 'GSTAPPROPRIATETO', gstAppropriateTo));

function masters(book: Book): string {
  const message = (tag: string, name: string, reservedName: string, parent: string, own = ''): string =>
    `    <TALLYMESSAGE xmlns:UDF="TallyUDF">\r\n     <${tag} NAME="${escaped(name)}" RESERVEDNAME="${escaped(reservedName)}">\r\n` +
    element(6, 'GUID', `${book.companyGuid}-0000002a`) +
    element(6, 'PARENT', parent) +
    own +
    element(6, 'ALTERID', ' 42') +
    `     </${tag}>\r\n    </TALLYMESSAGE>\r\n`;
  return (
    book.groups.map((g) => message('GROUP', g.name, g.reservedName, g.parent)).join('') +
    book.ledgers.map((l) => message('LEDGER', l.name, '', l.parent, ledgerFields(l))).join('') +
    book.voucherTypes.map((t) => message('VOUCHERTYPE', t.name, t.reservedName, t.parent)).join('')
  );
}
