import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { DateRange } from '../../src/core/base/calendar.js';
import type { Book } from '../../src/demo/book/book.js';
import type { AnswerEncoding } from '../../src/demo/answers/encoding.js';
import { ledgerGuid } from '../../src/demo/answers/xml/masterRows.js';
import { answerChunks, reportAnswer } from '../../src/demo/answers/xml/reportXml.js';
import { element, escaped } from '../../src/demo/answers/xml/xmlText.js';

/** How Tally's screen exports a book. By default `utf-16`, which gets a byte order mark here (docs/tally.md §3). */
export interface ExportOptions {
  encoding?: AnswerEncoding;
  range?: DateRange;
  /** Whether the masters that the vouchers depend on come before the vouchers. */
  withMasters?: boolean;
}

export function exportBytes(book: Book, options: ExportOptions = {}): Buffer {
  const { encoding = 'utf-16', range, withMasters = false } = options;
  const answer = reportAnswer(book, range);
  const opening = answer.opening + (withMasters ? mastersXml(book) : '');
  const mark = encoding === 'utf-16' ? [Buffer.from([0xff, 0xfe])] : [];
  return Buffer.concat([...mark, ...answerChunks({ ...answer, opening }, encoding)]);
}

/** A name is an attribute, and is repeated inside LANGUAGENAME.LIST with an alias. A reserved name is only an attribute. */
export function mastersXml(book: Book): string {
  const { voucherTypes, ledgers, groups } = book;
  const object = (tag: string, name: string, reservedName: string, fields: string): string =>
    `    <TALLYMESSAGE xmlns:UDF="TallyUDF">\r\n     <${tag} NAME="${escaped(name)}" RESERVEDNAME="${escaped(reservedName)}">\r\n` +
    `${fields}      <LANGUAGENAME.LIST>\r\n       <NAME.LIST TYPE="String">\r\n${element(8, 'NAME', name)}` +
    `${element(8, 'NAME', `${name} alias`)}       </NAME.LIST>\r\n       <LANGUAGEID> 1033</LANGUAGEID>\r\n` +
    `      </LANGUAGENAME.LIST>\r\n     </${tag}>\r\n    </TALLYMESSAGE>\r\n`;
  return [
    ...groups.map((g) => object('GROUP', g.name, g.reservedName, element(6, 'PARENT', g.parent))),
    ...ledgers.map((l, i) =>
      object(
        'LEDGER',
        l.name,
        '',
        element(6, 'GUID', ledgerGuid(book, i)) +
          element(6, 'PARENT', l.parent) +
          element(6, 'TAXTYPE', l.taxType) +
          element(6, 'GSTDUTYHEAD', l.gstDutyHead) +
          (l.appropriateFor === undefined ? '' : element(6, 'APPROPRIATEFOR', l.appropriateFor)),
      ),
    ),
    ...voucherTypes.map((t) => object('VOUCHERTYPE', t.name, t.reservedName, element(6, 'PARENT', t.parent))),
  ].join('');
}

/** A folder for the files of one suite. */
export interface Folder {
  path: string;
  /** Writes a file into the folder and returns its path. */
  write(name: string, content: Buffer | string): string;
  remove(): void;
}

export function freshFolder(): Folder {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tally-export-'));
  return {
    path: folder,
    write(name, content) {
      const file = path.join(folder, name);
      fs.writeFileSync(file, content);
      return file;
    },
    remove() {
      fs.rmSync(folder, { recursive: true });
    },
  };
}
