import assert from 'node:assert/strict';
import { connectionString, hasPassword, withoutPassword } from '../../src/extension/sql/connectionStrings.js';

describe('the connection string of a warehouse', () => {
  it('is without its password wherever that stands, and otherwise as it was written', () => {
    for (const [url, bare] of [
      ['postgres://me:s%40cret@db:5432/books?sslmode=verify-full', 'postgres://me@db:5432/books?sslmode=verify-full'],
      ['postgresql://db/books?user=me&password=secret', 'postgresql://db/books?user=me'],
      ['postgres://:secret@db/books', 'postgres://db/books'],
    ] as const) {
      assert.equal(withoutPassword(url), bare);
      assert.ok(hasPassword(url));
      assert.ok(!hasPassword(bare));
    }
  });

  it('is taken to hold a password where it cannot be read', () => {
    const url = 'postgres://me:secret@one:1,two:2/books';
    assert.equal(withoutPassword(url), undefined);
    assert.ok(hasPassword(url));
  });

  it('leads to the embedded warehouse by what was opened', () => {
    const access = {
      ...{ host: '127.0.0.1', port: 5544, database: 'postgres' },
      ...{ rights: 'read' as const, user: 'tally_reader_1', password: 'p-_w' },
    };
    assert.equal(connectionString(access), 'postgresql://tally_reader_1:p-_w@127.0.0.1:5544/postgres?sslmode=disable');
  });
});
