import assert from 'node:assert/strict';
import path from 'node:path';
import { defaultLedgerPatterns } from '../../src/core/base/config.js';
import { EtlError } from '../../src/core/base/errors.js';
import { configFrom, type ConfigSources } from '../../src/extension/settings/configFrom.js';
import { remarkOnWarehouseUrl, warehousePlace } from '../../src/extension/settings/warehouseUrl.js';

const sources = (given: Partial<ConfigSources>): ConfigSources => ({
  ...{ workspace: {}, dotEnv: {}, user: {}, meant: {} },
  settings: {},
  dataDir: '/data',
  ...given,
});
const failure = (given: Partial<ConfigSources>): EtlError => {
  try {
    configFrom(sources(given));
  } catch (error) {
    if (error instanceof EtlError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: 'the configuration was accepted' });
};

describe('the configuration of the extension', () => {
  it('is the documented default when nothing is set', () => {
    assert.deepEqual(configFrom(sources({})), {
      tallyUrl: 'http://localhost:9000',
      report: 'auto',
      ledger: true,
      overlapDays: 1,
      timeoutSeconds: 300,
      dataDir: path.resolve('/data'),
      ledgerPatterns: defaultLedgerPatterns,
    });
  });

  it("takes the guide's three names from .env", () => {
    const dotEnv = { TALLY_URL: 'http://books:9000', TALLY_COMPANY: 'Asha Traders', DB_URL: 'postgres://db/w' };
    const config = configFrom(sources({ dotEnv }));
    assert.equal(config.tallyUrl, 'http://books:9000');
    assert.equal(config.company, 'Asha Traders');
    assert.equal(config.dbUrl, 'postgres://db/w');
  });

  it('takes no other name from .env', () => {
    const dotEnv = { TALLY_DATA_DIR: '/elsewhere', TALLY_REPORT: 'day-book', TALLY_TIMEOUT_SECONDS: '1' };
    assert.deepEqual(configFrom(sources({ dotEnv })), configFrom(sources({})));
  });

  it('counts an empty setting as not set', () => {
    const config = configFrom(
      sources({ workspace: { TALLY_COMPANY: '', TALLY_URL: ' ' }, dotEnv: { TALLY_COMPANY: 'Other' } }),
    );
    assert.equal(config.company, 'Other');
    assert.equal(config.tallyUrl, 'http://localhost:9000');
  });

  it("keeps a company's name with its blanks: two companies may differ by them alone", () => {
    assert.equal(configFrom(sources({ user: { TALLY_COMPANY: ' Asha ' } })).company, ' Asha ');
    assert.equal(configFrom(sources({ dotEnv: { TALLY_COMPANY: 'Asha  ' } })).company, 'Asha  ');
  });

  it('takes numbers as settings.json has them', () => {
    const config = configFrom(
      sources({ settings: { overlapDays: 7, timeoutSeconds: 60, report: 'voucher-register' } }),
    );
    assert.deepEqual([config.overlapDays, config.timeoutSeconds, config.report], [7, 60, 'voucher-register']);
  });

  it('loads the ledger where the setting names it, and refuses a stream that there is not', () => {
    const streams = (text: string) => ({ settings: { streams: text } });
    assert.equal(configFrom(sources(streams('invoices,ledger'))).ledger, true);
    assert.equal(configFrom(sources(streams('invoices'))).ledger, undefined);
    const { code, setting } = failure(streams('invoices,payroll'));
    assert.deepEqual([code, setting], ['config', 'TALLY_STREAMS']);
  });

  it('has the data folder of the setting before the one of the environment, and no part of a path', () => {
    const dataFolder = path.resolve('/srv/books');
    assert.equal(configFrom(sources({ settings: { dataFolder } })).dataDir, dataFolder);
    assert.equal(configFrom(sources({ settings: { dataFolder: '' } })).dataDir, path.resolve('/data'));
    assert.equal(path.isAbsolute(configFrom(sources({ settings: { dataFolder: '~/books' } })).dataDir), true);
    const { code, setting } = failure({ settings: { dataFolder: 'books' } });
    assert.deepEqual([code, setting], ['config', 'TALLY_DATA_DIR']);
    assert.equal(failure({ dataDir: 'books' }).code, 'config');
  });

  it('refuses what the settings page would not have let through', () => {
    assert.equal(failure({ settings: { overlapDays: -1 } }).code, 'config');
    assert.equal(failure({ user: { TALLY_URL: '{"host":"x"}' } }).code, 'config');
    assert.equal(failure({ settings: { report: 'cash-book' } }).code, 'config');
  });

  it("completes Tally's address where its http:// is missing, by port 9000 where none is named", () => {
    for (const [url, address] of [
      ['localhost:9000', 'http://localhost:9000'],
      ['192.168.1.20:9001/', 'http://192.168.1.20:9001'],
      ['192.168.1.20', 'http://192.168.1.20:9000'],
      [' Tally-PC ', 'http://Tally-PC:9000'],
      ['books_2.office.in:80', 'http://books_2.office.in:80'],
      ['दुकान', 'http://दुकान:9000'],
      ['[::1]:9000', 'http://[::1]:9000'],
      ['[fe80::1]', 'http://[fe80::1]:9000'],
      ['https://books', 'https://books'],
      ['HTTP://books:9000', 'HTTP://books:9000'],
      ['http://books', 'http://books'],
    ] as const) {
      assert.equal(configFrom(sources({ user: { TALLY_URL: url } })).tallyUrl, address);
      assert.equal(configFrom(sources({ dotEnv: { TALLY_URL: url } })).tallyUrl, address);
    }
  });

  it('refuses an address that it cannot complete, and says how to write one', () => {
    for (const [url, like] of [
      ['ftp://books/', 'http://localhost:9000'],
      ['9001', 'http://localhost:9001'],
      [':9001', 'http://localhost:9001'],
      ['localhost:99999', 'http://localhost:9000'],
      ['http//localhost:9000', 'http://localhost:9000'],
      ['localhost 9000', 'http://localhost:9000'],
      ['::1', 'http://localhost:9000'],
      ['me:x@books', 'http://localhost:9000'],
    ] as const) {
      const { code, hint } = failure({ user: { TALLY_URL: url } });
      assert.equal(code, 'config', url);
      assert.equal(hint, `Write it like ${like}.`);
    }
  });

  it('says when it is .env that cannot be used', () => {
    assert.match(failure({ dotEnv: { TALLY_URL: 'ftp://books' } }).message, /^TALLY_URL in \.env is not/);
    assert.match(failure({ user: { TALLY_URL: 'ftp://books' } }).message, /^TALLY_URL is not/);
  });

  it('says which setting is to be corrected, or that .env is', () => {
    const dbUrl = 'mysql://db/w';
    assert.equal(failure({ user: { DB_URL: dbUrl } }).setting, 'DB_URL');
    assert.equal(failure({ workspace: { DB_URL: 'postgres://u:1/2@h/db' } }).setting, 'DB_URL');
    assert.equal(failure({ dotEnv: { DB_URL: dbUrl } }).setting, '.env');
    assert.equal(failure({ settings: { report: 'cash-book' } }).setting, 'TALLY_REPORT');
  });

  it('replaces single ledger patterns and keeps the other defaults', () => {
    const { ledgerPatterns } = configFrom(sources({ settings: { ledgerPatterns: { cess: 'upkar' } } }));
    assert.deepEqual(ledgerPatterns, { ...defaultLedgerPatterns, cess: 'upkar' });
  });

  it('refuses a ledger pattern that is broken, empty or of an unknown class', () => {
    assert.match(failure({ settings: { ledgerPatterns: { tds: '(' } } }).message, /tds/);
    assert.match(failure({ settings: { ledgerPatterns: { cgst: '' } } }).message, /cgst.*every ledger/);
    assert.match(failure({ settings: { ledgerPatterns: { vat: 'vat' } } }).message, /unknown class: "vat"/);
  });
});

describe('a warehouse URL as it is typed', () => {
  it('may be empty: that is the embedded warehouse', () => {
    assert.equal(remarkOnWarehouseUrl(''), undefined);
    assert.equal(warehousePlace(undefined), 'the built-in warehouse');
  });

  it('is no mistake while the first letters are typed', () => {
    for (const text of ['p', 'postgres:', 'postgresql:/'])
      assert.equal(remarkOnWarehouseUrl(text)?.severity, 'unfinished');
  });

  it('is refused when it is no PostgreSQL address', () => {
    assert.equal(remarkOnWarehouseUrl('mysql://db/w')?.severity, 'error');
    assert.equal(remarkOnWarehouseUrl('localhost:5432')?.severity, 'error');
  });

  it('says how to write a password that breaks the address', () => {
    assert.match(remarkOnWarehouseUrl('postgres://u:pa/ss@db:5432/w')?.message ?? '', /%2F/);
  });

  it('is shown without user and password', () => {
    assert.equal(warehousePlace('postgres://user:hunter2@db.example:5433/w?sslmode=require'), 'db.example:5433/w');
    assert.equal(warehousePlace('postgres://user:hunter2@db.example/w?dbname=other&host=%2Ftmp'), '/tmp/other');
  });
});
