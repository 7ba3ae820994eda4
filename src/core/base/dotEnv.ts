import { t } from '@vscode/l10n';
import { environmentNames, type Environment, type EnvironmentName } from './config.js';
import { EtlError } from './errors.js';

/** `EtlError.setting` for an error in the file itself, whatever the name of the file is. */
export const dotEnvSetting = '.env';

/**
 * Our settings in a `.env` file; names of other programs are left out. `file` is the name of the file in messages. Throws
 * `config` with the line if a line may be one of ours but is unclear: a lost DB_URL would send the books to another database.
 * Messages show names, never values, which may hold a password.
 *
 * Our own reader, because Node's `parseEnv` and the package dotenv lose settings without an error (`set X=`, UTF-16; parseEnv
 * also `X: v`). They also change values: `\n` in `"D:\new"` becomes a line break, and ` #1` is cut from `Shop #1`.
 */
export function readDotEnv(bytes: Uint8Array, file: string): Environment {
  const text = decodeDotEnv(bytes);
  refuseTwoEncodings(bytes, text, file);
  const lines = linesOf(text);
  const env: Environment = {};
  const lineOf: Partial<Record<EnvironmentName, number>> = {};
  for (let at = 0; at < lines.length; at++) {
    const place = { file, line: at + 1 };
    // `trim` also removes a byte order mark in the middle of the text, which joined files have.
    const line = lines[at]!.trim();
    if (line.includes('\0')) throw damaged(place);
    if (line === '' || line.startsWith('#')) continue;
    const setting = readSetting(line);
    if (setting === undefined) {
      const name = mentioned.exec(line)?.[0];
      if (name !== undefined) throw noSetting(place, ownName(name));
      continue; // no setting, and none of our names: another program's line
    }
    refuseSecondSetting(place, setting.value);
    const name = setting.name as EnvironmentName;
    if (!environmentNames.includes(name)) {
      if (isOwnName(name)) throw otherSpelling(place, name);
      at = lastLineOf(lines, at, setting.value, file);
      continue;
    }
    if (/[\uFFFD\p{Surrogate}]/u.test(line)) throw notUtf8(place, name);
    const value = readValue(name, setting.value, place);
    const first = lineOf[name];
    if (first !== undefined && env[name] !== value) throw twice(place, name, first);
    env[name] = value;
    lineOf[name] ??= place.line;
  }
  return env;
}

/**
 * The line of a `.env` file from which readDotEnv reads exactly this value. Throws `config` if readDotEnv would refuse the
 * line.
 */
export function dotEnvLine(name: EnvironmentName, value: string): string {
  const quote = ["'", '"', '`'].find((mark) => !value.includes(mark)) ?? '"';
  const line = `${name}=${quote}${value.replaceAll(quote, `\\${quote}`)}${quote}`;
  readDotEnv(Buffer.from(line), '.env');
  return line;
}

/**
 * The text of a `.env` file in the encodings that editors and shells write: UTF-8 or UTF-16, with or without a byte order mark.
 */
export function decodeDotEnv(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const order = byteOrderOf(buffer);
  if (order === undefined) return withoutMark(buffer.toString('utf8'));
  const whole = buffer.subarray(0, buffer.length & ~1);
  const little = order === 'little' ? whole : Buffer.from(whole).swap16();
  // An odd byte at the end is half a character: the file was cut.
  return withoutMark(little.toString('utf16le') + (whole.length < buffer.length ? '\uFFFD' : ''));
}

const withoutMark = (text: string): string => text.replace(/^\uFEFF/, '');

/**
 * The byte order of UTF-16; undefined for UTF-8. Without a byte order mark the NUL bytes decide: in UTF-16 each ASCII letter
 * has a NUL, always on the same side.
 */
function byteOrderOf(bytes: Buffer): 'little' | 'big' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'little';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'big';
  let [little, big, single] = [0, 0, 0];
  for (let at = 0; at + 1 < bytes.length; at += 2) {
    const [a, b] = [bytes[at]!, bytes[at + 1]!];
    if (b === 0) little++;
    if (a === 0) big++;
    if (isPrintable(a) && isPrintable(b)) single++;
  }
  if (little > big + single) return 'little';
  return big > little + single ? 'big' : undefined;
}

const isPrintable = (byte: number): boolean => byte >= 0x20 && byte < 0x7f;

const linesOf = (text: string): string[] => text.split(/\r\n|\n|\r/);

interface Place {
  file: string;
  line: number;
}

/** Our names in upper or lower case, also with a dash or a space instead of the underscore. */
const ownNames = environmentNames.map((name) => name.replaceAll('_', '[\\s_-]')).join('|');
const mentioned = new RegExp(`(?<!\\w)(?:${ownNames})(?!\\w)`, 'i');
const fullOwnName = new RegExp(`^(?:${ownNames})$`, 'i');
const behindAnother = new RegExp(`[\\s;&](${ownNames})\\s*=`, 'i');

const isOwnName = (name: string): boolean => fullOwnName.test(name);
const ownName = (written: string): string => written.toUpperCase().replaceAll(/[\s-]/g, '_');

function readSetting(line: string): { name: string; value: string } | undefined {
  const [, name, value] = /^(?:export\s+)?([\w.-]+)\s*=(.*)$/s.exec(line) ?? [];
  return name === undefined ? undefined : { name, value: value! };
}

/**
 * Throws if a part of the file is in another encoding. PowerShell's `>>` appends UTF-16 to a UTF-8 file, and `echo` of other
 * shells does the opposite; the decoded text of that part is garbage. Once the NULs are removed, the bytes show our names in
 * either encoding. If they show more names than the text does, the file has two encodings.
 */
function refuseTwoEncodings(bytes: Uint8Array, text: string, file: string): void {
  const everywhere = new RegExp(mentioned, 'gi');
  const namesIn = (line: string): number => line.match(everywhere)?.length ?? 0;
  const raw = linesOf(Buffer.from(bytes).toString('latin1').replaceAll('\0', ''));
  const total = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + namesIn(line), 0);
  const read = linesOf(text.replaceAll('\0', ''));
  if (total(raw) <= total(read)) return;
  const line = raw.findIndex((one, at) => namesIn(one) > namesIn(read[at] ?? '')) + 1;
  throw damaged({ file, line });
}

/**
 * The index of the last line of another program's value, which may be quoted over several lines, as keys in PEM form are.
 * Throws if one of our settings is inside the quotes.
 */
function lastLineOf(lines: readonly string[], first: number, value: string, file: string): number {
  const quote = /^\s*(["'`])/.exec(value)?.[1];
  if (quote === undefined || value.trim().indexOf(quote, 1) > 0) return first;
  const last = lines.findIndex((line, at) => at > first && line.includes(quote));
  if (last < 0) return first; // never closed, so the quote is an ordinary character
  for (let at = first + 1; at <= last; at++) {
    const name = readSetting(lines[at]!.trim())?.name;
    if (name !== undefined && isOwnName(name)) throw enclosed({ file, line: at + 1 }, ownName(name), first + 1);
  }
  return last;
}

/** Throws for `A=1 DB_URL=…` and `A=1; DB_URL=…`: a shell reads two settings, a reader of `.env` files only one. */
function refuseSecondSetting(place: Place, value: string): void {
  const outside = value.replace(/^\s*(["'`]).*?\1/s, ' ').replace(/\s#.*$/s, '');
  const name = behindAnother.exec(outside)?.[1];
  if (name !== undefined) throw behind(place, ownName(name));
}

/** Only names and paths may contain a blank and `#`; in numbers and addresses ` # ` begins a comment. */
const mayHoldBlanks: readonly EnvironmentName[] = ['TALLY_COMPANY', 'TALLY_DATA_DIR'];

/** A value without its quotes, its comment and outer blanks, otherwise exactly as written. Throws if its end is unclear. */
function readValue(name: EnvironmentName, text: string, place: Place): string {
  const value = text.trim();
  const quote = /^["'`]/.exec(value)?.[0];
  if (quote !== undefined) return readQuoted(name, value.slice(1), quote, place);
  const hash = /(?<=^|\s)#/.exec(value)?.index;
  if (hash === undefined) return value;
  if (mayHoldBlanks.includes(name) || !/^#(\s|$)/.test(value.slice(hash))) throw unclearHash(place, name);
  return value.slice(0, hash).trim();
}

/**
 * Backslashes stay as written, because most of them belong to paths of Windows. Only a backslash before the enclosing quote
 * character is removed. The closing quote is the only one with nothing behind it, or nothing but a comment.
 */
function readQuoted(name: EnvironmentName, text: string, quote: string, place: Place): string {
  const ends = [...text.matchAll(new RegExp(`${quote}(?=\\s*$|\\s+#)`, 'g'))].map(({ index }) => index);
  if (!text.includes(quote)) throw unclosed(place, name);
  const value = text.slice(0, ends[0]);
  if (ends.length !== 1 || new RegExp(`(?<!\\\\)${quote}`).test(value)) throw unclearQuotes(place, name);
  return value.replaceAll(`\\${quote}`, quote);
}

const refused = (message: string, hint: string): EtlError =>
  new EtlError('config', message, hint, { setting: dotEnvSetting });

const noSetting = (place: Place, name: string): EtlError =>
  refused(
    t('Line {line} of {file} names {name}, but cannot be read as a setting.', { ...place, name }),
    t('Write the line as {name}=value, with nothing before the name. Begin a comment with #.', { name }),
  );

const otherSpelling = (place: Place, written: string): EtlError =>
  refused(
    t('Line {line} of {file} sets {written}. The setting is called {name}.', {
      ...place,
      written,
      name: ownName(written),
    }),
    t('Write the name as {name}.', { name: ownName(written) }),
  );

const damaged = (place: Place): EtlError =>
  refused(
    t('Line {line} of {file} cannot be read: the file is damaged, or holds text in two encodings.', { ...place }),
    t('Write the file again and save it as UTF-8.'),
  );

const notUtf8 = (place: Place, name: string): EtlError =>
  refused(
    t('The value of {name} in line {line} of {file} is not UTF-8.', { ...place, name }),
    t('Save the file as UTF-8 and look at the value again.'),
  );

const unclosed = (place: Place, name: string): EtlError =>
  refused(
    t('The quote before the value of {name} in line {line} of {file} is not closed.', { ...place, name }),
    t('Close the quote on the same line, or remove the quote.'),
  );

const unclearQuotes = (place: Place, name: string): EtlError =>
  refused(
    t(
      'It is not clear where the value of {name} in line {line} of {file} ends: the value contains its own quote, or text follows the quote.',
      {
        ...place,
        name,
      },
    ),
    t(
      'Put the whole value in quotes that the value does not hold (\', " or `), with nothing but a comment after them.',
    ),
  );

const unclearHash = (place: Place, name: string): EtlError =>
  refused(
    t('It is not clear whether # in line {line} of {file} belongs to the value of {name} or begins a comment.', {
      ...place,
      name,
    }),
    t('Put the value in quotes.'),
  );

const twice = (place: Place, name: string, first: number): EtlError =>
  refused(
    t('{name} has one value in line {first} of {file}, another one in line {line}.', { ...place, name, first }),
    t('Remove one of the two lines.'),
  );

const behind = (place: Place, name: string): EtlError =>
  refused(
    t('Line {line} of {file} sets {name} after another setting on the same line.', { ...place, name }),
    t('Write {name} on a line of its own.', { name }),
  );

const enclosed = (place: Place, name: string, opened: number): EtlError =>
  refused(
    t('Line {line} of {file} sets {name}, but stands within quotes that line {opened} opens.', {
      ...place,
      name,
      opened,
    }),
    t('Close the quote in line {opened}, or remove the quote.', { opened }),
  );
