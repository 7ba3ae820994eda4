import assert from 'node:assert/strict';
import fc from 'fast-check';
import { environmentNames, type Environment } from '../../src/core/base/config.js';
import { dotEnvLine, dotEnvSetting, readDotEnv } from '../../src/core/base/dotEnv.js';
import { EtlError } from '../../src/core/base/errors.js';

const read = (text: string | Buffer): Environment =>
  readDotEnv(typeof text === 'string' ? Buffer.from(text) : text, 'x/.env');

function refusal(text: string | Buffer): EtlError {
  try {
    read(text);
  } catch (error) {
    if (error instanceof EtlError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: `accepted: ${String(text)}` });
}

const bigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

describe('a .env file', () => {
  const text = 'TALLY_URL=http://books:9000\r\n# केवल हमारी\r\nTALLY_COMPANY="Ñandú & ₹"\r\nDB_URL=postgres://db/w\r\n';
  const settings = { TALLY_URL: 'http://books:9000', TALLY_COMPANY: 'Ñandú & ₹', DB_URL: 'postgres://db/w' };

  it('is read as editors and shells save it: UTF-8 and UTF-16, with a byte order mark or without', () => {
    for (const mark of ['', '\uFEFF']) {
      assert.deepEqual(read(Buffer.from(mark + text)), settings);
      assert.deepEqual(read(Buffer.from(mark + text, 'utf16le')), settings);
      assert.deepEqual(read(bigEndian(mark + text)), settings);
    }
  });

  it('may have a byte order mark in its middle, as files that were put together have', () => {
    assert.deepEqual(read('TALLY_URL=http://x\n\uFEFFDB_URL=postgres://y\n'), {
      TALLY_URL: 'http://x',
      DB_URL: 'postgres://y',
    });
  });

  it('has the line ends of any system', () => {
    for (const end of ['\n', '\r\n', '\r']) assert.deepEqual(read(text.replaceAll('\r\n', end)), settings);
    assert.deepEqual(read('DB_URL=postgres://db/w'), { DB_URL: 'postgres://db/w' }, 'without an end');
  });

  it('may say export, have blanks round = and before the name, and quotes of three kinds', () => {
    for (const line of [
      'TALLY_COMPANY=Asha & Co',
      'export TALLY_COMPANY=Asha & Co',
      '\t export  TALLY_COMPANY = "Asha & Co"  ',
      "TALLY_COMPANY= 'Asha & Co'",
      'TALLY_COMPANY=`Asha & Co` # ours',
    ])
      assert.deepEqual(read(line), { TALLY_COMPANY: 'Asha & Co' }, line);
  });

  it('may be empty, and may have comments and empty values', () => {
    assert.deepEqual(read(''), {});
    assert.deepEqual(read('\uFEFF\n# DB_URL=postgres://db/w\n  # set DB_URL=x\n'), {});
    assert.deepEqual(read('DB_URL=\nTALLY_URL= # later\nTALLY_COMPANY=""'), {
      DB_URL: '',
      TALLY_URL: '',
      TALLY_COMPANY: '',
    });
  });

  it('has its values as they stand there, where other readers change them', () => {
    for (const [line, value] of [
      [String.raw`TALLY_DATA_DIR="D:\new\tally"`, String.raw`D:\new\tally`],
      [String.raw`TALLY_DATA_DIR="D:\tally\"`, 'D:\\tally\\'],
      [String.raw`TALLY_DATA_DIR='D:\tally\' # on the other disk`, 'D:\\tally\\'],
      ['TALLY_DATA_DIR=D:\\new\\$HOME\\${x}', 'D:\\new\\$HOME\\${x}'],
      [String.raw`TALLY_COMPANY="Asha \"Exports\" Co"`, 'Asha "Exports" Co'],
      ['TALLY_COMPANY="Shop #1 Traders"', 'Shop #1 Traders'],
      ['TALLY_COMPANY=Shop#1', 'Shop#1'],
      ['TALLY_COMPANY=Asha "X" Traders', 'Asha "X" Traders'],
      ["TALLY_COMPANY=Asha's", "Asha's"],
      ['TALLY_COMPANY="  Asha "', '  Asha '],
      ['DB_URL=postgres://u:p#w@h/db?x=1', 'postgres://u:p#w@h/db?x=1'],
      ['DB_URL=postgres://h/db # the new one', 'postgres://h/db'],
    ])
      assert.deepEqual(Object.values(read(line!)), [value], line);
  });

  it('may say the same thing twice', () => {
    assert.deepEqual(read('DB_URL=postgres://a\nexport DB_URL="postgres://a"'), { DB_URL: 'postgres://a' });
  });

  it('may hold settings of other programs, keys over several lines among them', () => {
    const key = '-----BEGIN KEY-----\nMIIEow+/abc==\nx=y: z\n-----END KEY-----';
    for (const other of [
      `PRIVATE_KEY="${key}"`,
      `PRIVATE_KEY=${key}`,
      'JSON=\'{\n "DB_URL": "x"\n}\'',
      "MOTTO='tis",
      'DATABASE=${DB_URL}',
      'MY_DB_URL=x\nDB_URL_OLD=y\nDBURL=z',
      'spring.datasource.url=x',
      'words that are no setting',
      'A="Ã\\" b"',
    ])
      assert.deepEqual(read(`${other}\nTALLY_URL=http://x\n`), { TALLY_URL: 'http://x' }, other);
    assert.deepEqual(read(Buffer.from('NAME=\xD1and\xFA\nTALLY_URL=http://x\n', 'latin1')), { TALLY_URL: 'http://x' });
  });
});

describe('a .env file is refused with the line', () => {
  const password = 'Hunter2';

  /** Writes `line` as line 3. The error must name line 3 and the file, fit `pattern` and hide the password. */
  const refuses = (line: string | Buffer, pattern: RegExp): void => {
    const bytes = Buffer.concat([Buffer.from('# ours\nTALLY_URL=http://x\n'), Buffer.from(line), Buffer.from('\n')]);
    const { code, message, hint, setting } = refusal(bytes);
    const label = String(line);
    assert.equal(code, 'config', label);
    assert.equal(setting, dotEnvSetting, label);
    assert.match(message, /\bline 3\b/i, label);
    assert.match(message, /x\/\.env/, label);
    assert.match(message, pattern, label);
    assert.notEqual(hint, '');
    assert.ok(!`${message}${hint}`.includes(password), `${message} ${hint}`);
  };

  it('that may be one of our settings in the form of another program', () => {
    for (const line of [
      `set DB_URL=postgres://u:${password}@h/db`,
      `setx DB_URL "postgres://u:${password}@h/db"`,
      `$env:DB_URL="postgres://u:${password}@h/db"`,
      `$env:DB_URL = 'postgres://u:${password}@h/db'`,
      `DB_URL: postgres://u:${password}@h/db`,
      `DB_URL postgres://u:${password}@h/db`,
      `"DB_URL": "postgres://u:${password}@h/db",`,
      `- DB_URL=postgres://u:${password}@h/db`,
      `; DB_URL=postgres://u:${password}@h/db`,
      `// db_url=postgres://u:${password}@h/db`,
      `DB URL=postgres://u:${password}@h/db`,
      `\u200BDB_URL=postgres://u:${password}@h/db`,
      `DB_URL+=postgres://u:${password}@h/db`,
      'export DB_URL',
    ])
      refuses(line, /names DB_URL/);
  });

  it('whose name differs from one of our settings only in case or in one character', () => {
    refuses(`db_url=postgres://u:${password}@h/db`, /sets db_url\. The setting is called DB_URL/);
    refuses(`export Tally_Company=${password}`, /TALLY_COMPANY/);
    refuses(`DB-URL=${password}`, /DB_URL/);
  });

  it('that holds a NUL, is in another encoding than the rest, or is no UTF-8', () => {
    const line = `DB_URL=postgres://u:${password}@h/db`;
    refuses(`\0${line}`, /damaged/);
    refuses(`${line}\0\0\0`, /damaged/);
    refuses(Buffer.from('TALLY_COMPANY=\xD1and\xFA', 'latin1'), /TALLY_COMPANY.*not UTF-8/);
    assert.match(refusal(Buffer.alloc(40)).message, /Line 1 /);
  });

  it('that a shell appended to a file of UTF-16 in another encoding, however the two halves compare', () => {
    const [little, single] = [Buffer.from('\uFEFFTALLY_URL=http://x\r\n', 'utf16le'), 'DB_URL=postgres://h/db\r\n'];
    assert.match(refusal(Buffer.concat([little, Buffer.from(single)])).message, /Line 2 .* two encodings/);
    const much = Buffer.from('# a long comment\r\n'.repeat(40), 'utf16le');
    assert.match(refusal(Buffer.concat([Buffer.from(single), much])).message, /Line 1 .* two encodings/);
    const appended = Buffer.from(`DB_URL=postgres://u:${password}@h/db\r\n`, 'utf16le');
    for (const before of ['TALLY_URL=http://x\r\n', '# a long comment\r\n'.repeat(40)])
      assert.match(refusal(Buffer.concat([Buffer.from(before), appended])).message, /Line \d+ .* two encodings/);
  });

  it('whose quotes leave open where the value ends', () => {
    refuses(`DB_URL="postgres://u:${password}@h/db`, /quote before the value of DB_URL.*is not closed/);
    for (const line of [
      'TALLY_COMPANY="Asha" & Sons',
      'TALLY_COMPANY="Asha "Exports" Co"',
      'TALLY_COMPANY="Shop" #1"',
      String.raw`TALLY_COMPANY="Asha \" # Exports"`,
      'TALLY_COMPANY="Asha"# ours',
    ])
      refuses(line, /not clear where the value of TALLY_COMPANY/);
  });

  it('in which # may belong to the value', () => {
    for (const line of ['TALLY_COMPANY=Shop #1 Traders', 'TALLY_COMPANY=#1 Shop', 'TALLY_COMPANY=Shop # 1'])
      refuses(line, /# .* value of TALLY_COMPANY/);
    refuses('TALLY_DATA_DIR=/srv/books #2', /TALLY_DATA_DIR/);
    refuses(`DB_URL=postgres://u:1 #${password}@h/db`, /DB_URL/);
    refuses(`DB_URL=#${password}`, /DB_URL/);
  });

  it('that gives a setting another value than an earlier line', () => {
    refuses('TALLY_URL=http://y', /TALLY_URL has one value in line 2 .*another one in line 3/);
    refuses('TALLY_URL=', /TALLY_URL/);
  });

  it('that hides one of our settings within the setting of another program', () => {
    assert.match(refusal('A="x\nDB_URL=postgres://h/db\nB="y"').message, /^Line 2 .* DB_URL.* line 1 opens/);
    refuses('A=1 DB_URL=postgres://h/db', /sets DB_URL after another setting/);
    refuses('A="1"; export DB_URL=postgres://h/db', /sets DB_URL after another setting/);
    refuses('TALLY_COMPANY=Asha DB_URL=postgres://h/db', /sets DB_URL after another setting/);
  });
});

describe('whatever is written into a .env file', () => {
  const name = fc.constantFrom(...environmentNames);
  const value = fc
    .string({
      unit: fc.oneof(
        fc.constantFrom('"', "'", '`', '#', '\\', ' ', '=', ';', '&', '$', '\t', 'n', '\u00a0'),
        fc.string({ unit: 'grapheme', maxLength: 1 }),
      ),
    })
    .filter((text) => !/[\r\n\0\uFEFF\uFFFD\p{Surrogate}]/u.test(text));
  const around = fc.constantFrom('', '# a comment\n', 'OTHER="x"\n', 'KEY="a\nb==\n"\n');
  const encode = fc.constantFrom(
    (text: string) => Buffer.from(text),
    (text: string) => Buffer.from(`\uFEFF${text}`),
    (text: string) => Buffer.from(text, 'utf16le'),
    (text: string) => bigEndian(text),
    (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  );
  const ends = fc.constantFrom('\n', '\r\n', '\r');

  /** Each way of writing a setting; undefined where the value cannot be written so. */
  const writers: Record<string, (name: string, value: string) => string | undefined> = {
    plain: (n, v) => (/^\s*["'`]/.test(v) ? undefined : `${n}=${v.trim()}`),
    export: (n, v) => (/^\s*["'`]/.test(v) ? undefined : `export ${n} = ${v.trim()}`),
    double: (n, v) => (v.includes('"') ? undefined : `${n}="${v}"`),
    single: (n, v) => (v.includes("'") ? undefined : `${n}='${v}' # a comment`),
    back: (n, v) => (v.includes('`') ? undefined : `  ${n}=\`${v}\``),
    escaped: (n, v) => `${n}="${v.replaceAll('"', '\\"')}"`,
    careless: (n, v) => `${n}="${v}"`,
    set: (n, v) => `set ${n}=${v}`,
    powershell: (n, v) => `$env:${n}="${v}"`,
    yaml: (n, v) => `${n}: ${v}`,
    lowerCase: (n, v) => `${n.toLowerCase()}=${v}`,
  };
  const neverRead = ['set', 'powershell', 'yaml', 'lowerCase'];

  for (const [form, write] of Object.entries(writers))
    it(`in the form ${form} is read back as it was, or refused`, () => {
      let readBack = 0;
      fc.assert(
        fc.property(name, value, around, around, encode, ends, (n, v, before, after, bytesOf, end) => {
          const line = write(n, v);
          if (line === undefined) return;
          const bytes = bytesOf(`${before}${line}\n${after}`.replaceAll('\n', end));
          let env: Environment;
          try {
            env = read(bytes);
          } catch (error) {
            assert.ok(error instanceof EtlError && error.code === 'config', String(error));
            return;
          }
          const expected = ['plain', 'export'].includes(form) ? v.trim() : v;
          // Without quotes, a comment begins at a # that has a blank or an end of the value on both sides.
          const kept = ['plain', 'export'].includes(form) ? expected.replace(/(^|\s+)#(\s.*)?$/s, '') : expected;
          const unescaped = form === 'careless' ? v.replaceAll('\\"', '"') : expected;
          assert.ok(n in env && [expected, kept, unescaped].includes(env[n]!), JSON.stringify({ line, env }));
          readBack++;
        }),
        { numRuns: 1000 },
      );
      assert.equal(readBack > 100, !neverRead.includes(form), `${readBack} were read back`);
    });

  it('by the product itself is read back as it was', () => {
    fc.assert(
      fc.property(name, value, encode, (n, v, bytesOf) => {
        fc.pre(!['"', "'", '`'].every((quote) => v.includes(quote)));
        assert.deepEqual(read(bytesOf(`${dotEnvLine(n, v)}\n`)), { [n]: v });
      }),
      { numRuns: 1000 },
    );
  });
});
