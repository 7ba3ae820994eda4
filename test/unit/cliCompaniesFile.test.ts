import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { readCompaniesFile } from '../../src/cli/companiesFile.js';
import { EtlError } from '../../src/core/core.js';

const env = {
  TALLY_DATA_DIR: '/data',
  DB_URL: 'postgres://u:p@usual/books',
  CLIENT_DB: 'postgres://u:geheim@client/books',
  WORD: 'host=a password=geheim',
};

const read = (text: string): ReturnType<typeof readCompaniesFile> =>
  readCompaniesFile(Buffer.from(text), 'companies.yaml', env);

async function refusal(text: string): Promise<string> {
  try {
    await read(text);
  } catch (error) {
    assert.ok(error instanceof EtlError);
    assert.equal(error.code, 'config');
    assert.ok(error.hint.length > 10);
    assert.doesNotMatch(inspect(error, { depth: null }), /geheim/); // --verbose shows the stack and the causes too
    return error.message;
  }
  return assert.fail(`It was taken:\n${text}`);
}

describe('a list of companies', () => {
  it('gives one configuration for each entry, over the environment', async () => {
    const configs = await read(`
# the clients
companies:
  - url: localhost:9000
  - url: 192.168.1.5
    company: 2024            # a name, not a number
    warehouse: CLIENT_DB
  - url: http://tally-pc:9001
    company: "No"
    warehouse: postgres://u:p@other/books
  - { url: tally-pc, company: Bharat & Sons, warehouse: built-in }
  - { url: tally-pc, company: Rao, warehouse: "\${CLIENT_DB}?sslmode=require" }
`);
    assert.deepEqual(
      configs.map(({ tallyUrl, company, dbUrl }) => [tallyUrl, company, dbUrl]),
      [
        ['http://localhost:9000', undefined, env.DB_URL],
        ['http://192.168.1.5:9000', '2024', env.CLIENT_DB],
        ['http://tally-pc:9001', 'No', 'postgres://u:p@other/books'],
        ['http://tally-pc:9000', 'Bharat & Sons', undefined],
        ['http://tally-pc:9000', 'Rao', `${env.CLIENT_DB}?sslmode=require`],
      ],
    );
    assert.equal(configs[0]!.dataDir, '/data');
  });

  it('may be the list alone, and does not use TALLY_COMPANY for an entry without a company', async () => {
    const bytes = Buffer.from('\ufeff- url: tally-pc\n');
    const [config] = await readCompaniesFile(bytes, 'companies.yaml', { ...env, TALLY_COMPANY: 'Somebody' });
    assert.equal(config!.company, undefined);
  });

  it('is refused with the entry and its line where something cannot be read as it was meant', async () => {
    const entry = (text: string): string => `companies:\n  - url: tally-pc\n  - ${text}\n`;
    for (const [text, message] of [
      [entry('company: Rao'), 'Entry 2 (line 3) of companies.yaml has no url.'],
      [entry('{ url: 9000 }'), 'Entry 2 (line 3) of companies.yaml: url is not an http address: 9000'],
      [
        entry('{ url: a, compny: Rao }'),
        'Entry 2 (line 3) of companies.yaml has an unknown key: compny. Did you mean company?',
      ],
      [entry('{ url: "a,b" }'), 'Entry 2 (line 3) of companies.yaml: url has several addresses: a,b'],
      [
        entry('{ url: "${WORD}" }'),
        'Entry 2 (line 3) of companies.yaml: url with its variables is not an http address.',
      ],
      [entry('{ url: a, company: [Rao] }'), 'Entry 2 (line 3) of companies.yaml: company is not a single value.'],
      [entry('Rao'), 'Entry 2 (line 3) of companies.yaml does not have the form key: value.'],
      [
        entry('{ url: a, warehouse: RAO_DB }'),
        'Entry 2 (line 3) of companies.yaml uses the variable RAO_DB, which the environment does not have.',
      ],
      [
        entry('{ url: a, warehouse: "postgres://u:${PW}@h/d" }'),
        'Entry 2 (line 3) of companies.yaml uses the variable PW, which the environment does not have.',
      ],
      [
        entry('{ url: a, warehouse: "mysql://u:geheim@h/d" }'),
        'Entry 2 (line 3) of companies.yaml: warehouse is not a PostgreSQL address.',
      ],
      [
        entry('{ url: "http://TALLY-PC:9000/" }'),
        'Entry 2 (line 3) of companies.yaml repeats Entry 1 (line 2): the same Tally, company and warehouse.',
      ],
      ['companies: []', 'companies.yaml has no list of companies.'],
      ['', 'companies.yaml has no list of companies.'],
      ['companies:\n  - url: a\nparalel: 3', 'Line 3 of companies.yaml has an unknown key: paralel.'],
    ] as const)
      assert.equal(await refusal(text), message);
    assert.equal(
      await refusal('companies:\n  - url: "a\n'),
      'Line 3 of companies.yaml cannot be read as YAML: MISSING_CHAR.',
    );
    assert.equal(
      await refusal('companies:\n  - url: a\n    url: b\n'),
      'Line 3 of companies.yaml cannot be read as YAML: DUPLICATE_KEY.',
    );
    await assert.rejects(readCompaniesFile(Uint8Array.of(0xff, 0xfe, 0x41), 'companies.yaml', env), /is not UTF-8/);
  });

  it('is refused where a key has no value or a tag is unknown: neither may mean the default warehouse or all companies', async () => {
    for (const key of ['url', 'company', 'warehouse'])
      for (const nothing of ['', ' # later', ' ""', ' " "', ' &a'])
        assert.equal(
          await refusal(`companies:\n  - ${key}:${nothing}\n    ${key === 'url' ? 'company' : 'url'}: tally-pc\n`),
          `Entry 1 (line 2) of companies.yaml: ${key} has no value.`,
        );
    assert.equal(
      await refusal('companies:\n  - { url: tally-pc, warehouse }'),
      'Entry 1 (line 2) of companies.yaml: warehouse has no value.',
    );
    assert.equal(
      await refusal('companies:\n  - url: tally-pc\n    warehouse: !env CLIENT_DB\n'),
      'Line 3 of companies.yaml cannot be read as YAML: TAG_RESOLVE_FAILED.',
    );
  });

  it('is refused without the text of the file, which may hold a password', async () => {
    const address = 'postgres://u:geheim@h/d';
    for (const entry of [
      `{ url: a, warehouse:${address} }`,
      `{ url: a, ${address} }`,
      `{ url: a, ? ${address} }`,
      `{ url: a, warehouse: \${${address}} }`,
      `{ url: a, warehouse: "${address} }`,
      `url: a\n    warehouse:${address}`,
      `url: a\n    warehouse: @${address}`,
      `url: a\n    warehouse: *geheim`,
      `url: a\n    warehouse: !geheim ${address}`,
      `url: a\n    warehouse: "\\geheim"`,
      `url: a\n    warehouse: ${address}: x`,
      address,
    ])
      await refusal(`companies:\n  - ${entry}\n`);
    assert.match(await refusal(`companies:\n  - url: a\n${address}: b\n`), /has an unknown key\.$/);
  });
});
