import assert from 'node:assert/strict';
import { describeAddress } from '../../src/core/warehouse/postgres/client.js';
import { parseDbUrl, type ServerAddress } from '../../src/core/warehouse/postgres/dbUrl.js';

describe('DB_URL', () => {
  const libpq = Object.entries(process.env).filter(([name]) => name.startsWith('PG'));
  before(() => {
    for (const [name] of libpq) Reflect.deleteProperty(process.env, name);
  });
  afterEach(() => {
    for (const name of Object.keys(process.env)) if (name.startsWith('PG')) Reflect.deleteProperty(process.env, name);
  });
  after(() => Object.assign(process.env, Object.fromEntries(libpq)));

  const place = (url: string): unknown[] => {
    const { host, port, user, password, database } = parseDbUrl(url).config;
    return [user, password, host, port, database];
  };

  for (const [url, parts] of [
    ['postgres://me:secret@host:6543/books', ['me', 'secret', 'host', 6543, 'books']],
    ['postgresql://me@host', ['me', undefined, 'host', undefined, undefined]],
    ['postgres://me:p%40ss%2Fw%C3%B6rd@host/b%20k', ['me', 'p@ss/wörd', 'host', undefined, 'b k']],
    ['postgres://me:100%@host/books', ['me', '100%', 'host', undefined, 'books']],
    ['postgres://me:a:b@c@host/books', ['me', 'a:b@c', 'host', undefined, 'books']],
    ['postgres://me:s@[::1]:5433/books', ['me', 's', '::1', 5433, 'books']],
    ['postgres:///books?host=/var/run/postgresql', [undefined, undefined, '/var/run/postgresql', undefined, 'books']],
    ['postgres://me@%2Ftmp%2Fsocket:5433/books', ['me', undefined, '/tmp/socket', 5433, 'books']],
    ['postgres://host/books?dbname=others', [undefined, undefined, 'host', undefined, 'others']],
    ['postgres://a:b@c:1/d?host=h&port=2&user=u&password=p%26&dbname=n', ['u', 'p&', 'h', 2, 'n']],
  ] as const)
    it(`is read as libpq reads it: ${url}`, () => {
      assert.deepEqual(place(url), [...parts]);
    });

  for (const [parameter, name] of [
    ['hostaddr=10.0.0.1', 'hostaddr'],
    ['target_session_attrs=read-write', 'target_session_attrs'],
    ['query_timeout=5', 'query_timeout'],
    ['statement_timeout=5', 'statement_timeout'],
    ['passfile=/x', 'passfile'],
    ['gssencmode=require', 'gssencmode'],
    ['client_encoding=LATIN1', 'client_encoding'],
    ['ssl=no-verify', 'ssl'],
    ['keepalives=0', 'keepalives'],
    ['pgbouncer=true', 'pgbouncer'],
    ['schema=books', 'schema'],
    ['channel_binding=maybe', 'channel_binding'],
    ['sslnegotiation=Direct', 'sslnegotiation'],
    ['require_auth=kerberos', 'require_auth'],
    ['connect_timeout=soon', 'connect_timeout'],
    ['ssl_min_protocol_version=2', 'ssl_min_protocol_version'],
    ['options=-c%20search_path%3Dbooks', 'search_path'],
    ['options=-csearch_path%3Dbooks', 'search_path'],
    ['options=--search-path%3Dbooks', 'search_path'],
    ['options=-c%20work_mem%3D1GB%20-c%20DateStyle%3DGerman', 'datestyle'],
    ['options=-c%20default_transaction_read_only%3Don', 'default_transaction_read_only'],
  ] as const)
    it(`is refused by name where it cannot be obeyed: ${parameter}`, () => {
      assert.throws(
        () => parseDbUrl(`postgres://me:secret@host/books?${parameter}`),
        (error: Error & { code: string; hint: string }) => {
          assert.equal(error.code, 'config');
          assert.ok(error.message.includes(name), error.message);
          assert.ok(error.hint.length > 10 && !`${error.message}${error.hint}`.includes('secret'));
          return true;
        },
      );
    });

  for (const parameter of [
    ...['application_name=books', 'connect_timeout=5', 'keepalives=1', 'keepalives_idle=60', 'gssencmode=prefer'],
    ...['client_encoding=utf8', 'target_session_attrs=any', 'channel_binding=prefer', 'uselibpqcompat=true'],
    ...['sslmode=disable', 'ssl=true', 'sslnegotiation=postgres', 'options=-c%20work_mem%3D64MB', 'sslmode='],
    ...['options=endpoint%3Dmy-project', 'require_auth=!password,!md5', 'ssl_min_protocol_version=TLSv1.3'],
  ])
    it(`is accepted with a parameter of libpq: ${parameter}`, () => {
      assert.deepEqual(place(`postgres://me:s@host/books?${parameter}`).slice(2), ['host', undefined, 'books']);
    });

  it('demands encryption by ssl=true, whatever PGSSLMODE says: a parameter wins', () => {
    process.env.PGSSLMODE = 'disable';
    try {
      assert.ok(parseDbUrl('postgres://me:s@host/books?ssl=true').tls.every((tls) => tls !== false));
      assert.deepEqual(parseDbUrl('postgres://me:s@host/books').tls, [false]);
    } finally {
      delete process.env.PGSSLMODE;
    }
  });

  it("names libpq's variable where its value is at fault, or may be", () => {
    process.env.PGSSLMODE = 'no-verify';
    try {
      assert.throws(() => parseDbUrl('postgres://me:s@host/books'), {
        code: 'config',
        hint: /Environment variables fill in what DB_URL leaves out\. Set here: PGSSLMODE\.$/,
      });
      assert.throws(
        () => parseDbUrl('postgres://me:s@host/books?sslmode=none'),
        (error: Error & { hint: string }) => !error.hint.includes('PGSSLMODE'),
      );
    } finally {
      delete process.env.PGSSLMODE;
    }
  });

  it('is refused, and no part of it shown, where a password has a "/" or "?" that was not escaped', () => {
    for (const url of ['me:12/S3cret@host/db', 'me:p@S3c/ret@host/db', 'me:a?S3c@host/db'])
      assert.throws(
        () => parseDbUrl(`postgres://${url}`),
        (error: Error & { hint: string }) => !`${error.message}${error.hint}`.includes('S3c'),
      );
  });

  it('with several hosts is refused, with the advice to name the one that takes writes', () => {
    for (const url of ['postgres://u:p@one:5432,two:5433/books', 'postgres://u:p@x/books?host=one,two'])
      assert.throws(() => parseDbUrl(url), { code: 'config', message: /several hosts/, hint: /takes writes/ });
  });

  it('with a port that cannot be one says so, and does not show it', () => {
    for (const port of ['99999', '0', 'secret', '5432x'])
      assert.throws(
        () => parseDbUrl(`postgres://tally:${port}`),
        (error: Error & { hint: string }) =>
          error.message.includes('port in DB_URL is not valid') &&
          !error.message.includes(port) &&
          error.hint.includes('1 to 65535'),
        port,
      );
  });

  it('with sslmode=no-verify names what means the same', () => {
    assert.throws(() => parseDbUrl('postgres://h/d?sslmode=no-verify'), { code: 'config', hint: /sslmode=require/ });
  });

  it('keeps limits of time that it sets itself, and passes other options on', () => {
    const { keep, config } = parseDbUrl('postgres://h/d?options=-c%20statement_timeout%3D5min%20-c%20jit%3Doff');
    assert.deepEqual(keep, ['statement_timeout', 'jit']);
    assert.equal(config.options, '-c statement_timeout=5min -c jit=off');
  });

  it('gives up a plain connection where channel binding is required', () => {
    const modes = (url: string): unknown[] => parseDbUrl(url).tls.map((attempt) => attempt !== false);
    assert.deepEqual(modes('postgres://h/d'), [true, false]);
    assert.deepEqual(modes('postgres://h/d?channel_binding=require'), [true]);
    assert.throws(() => modes('postgres://h/d?channel_binding=require&sslmode=disable'), { code: 'config' });
  });

  it("takes libpq's variables for what it leaves open, and for nothing else", () => {
    Object.assign(process.env, {
      PGHOST: 'other',
      PGPORT: '5444',
      PGDATABASE: 'third',
      PGUSER: 'who',
      PGOPTIONS: '-c jit=off',
    });
    assert.equal(describeAddress(parseDbUrl('postgres://')), 'other:5444, database third');
    assert.equal(describeAddress(parseDbUrl('postgres://u@host:1/books')), 'host:1, database books');
    assert.equal(parseDbUrl('postgres://h').config.options, '-c jit=off');
    process.env.PGOPTIONS = '-c search_path=books';
    assert.deepEqual(parseDbUrl('postgres://h').keep, [], 'our own settings are given to the session after it');
    process.env.PGCHANNELBINDING = 'require';
    const address: ServerAddress = parseDbUrl('postgres://h');
    assert.equal(address.auth?.isBound, true);
  });
});
