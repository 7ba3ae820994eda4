import assert from 'node:assert/strict';
import {
  chooseFolder,
  companiesInForce,
  doubtOf,
  inForce,
  openDoubts,
  type PlaceName,
  placeNames,
  type Said,
  type Source,
  targetOf,
} from '../../src/extension/settings/places.js';

const said = (given: Partial<Said>): Said => ({ workspace: {}, dotEnv: {}, user: {}, meant: {}, ...given });
const all = (word: string): Record<PlaceName, string> => ({
  TALLY_URL: `http://${word}:9000`,
  TALLY_COMPANY: word,
  DB_URL: `postgres://${word}/books`,
});

describe("the address of Tally, the company and the warehouse's URL", () => {
  const order: [string, Partial<Said>, Source][] = [
    ['nobody', {}, 'default'],
    ['the user', { user: all('user') }, 'user'],
    ['.env and the user', { dotEnv: all('env'), user: all('user') }, 'dotEnv'],
    ['everything', { workspace: all('own'), dotEnv: all('env'), user: all('user') }, 'workspace'],
    [
      'a workspace with empty words, and .env',
      { workspace: { TALLY_URL: ' ', DB_URL: '' }, dotEnv: all('env') },
      'dotEnv',
    ],
  ];
  for (const [what, given, source] of order)
    it(`are those of the narrowest source where ${what} says something`, () => {
      for (const name of placeNames) assert.equal(inForce(said(given), name).source, source, name);
    });

  it('come each from its own source', () => {
    const mixed = said({ dotEnv: { DB_URL: 'postgres://env/b' }, user: all('user') });
    assert.deepEqual(
      placeNames.map((name) => inForce(mixed, name)),
      [
        { source: 'user', value: 'http://user:9000' },
        { source: 'user', value: 'user' },
        { source: 'dotEnv', value: 'postgres://env/b' },
      ],
    );
  });
});

describe('the companies for Sync All and the schedule', () => {
  const user = ['Asha', 'Meera'];

  it("are the workspace's, else the user's, else none", () => {
    assert.deepEqual(companiesInForce(said({}), { workspace: ['Rao'], user }), ['Rao']);
    assert.deepEqual(companiesInForce(said({ user: all('user') }), { workspace: undefined, user }), user);
    assert.deepEqual(companiesInForce(said({}), { workspace: undefined, user: undefined }), []);
  });

  it('are none where the workspace has an empty list, which switches off the list of the user', () => {
    assert.deepEqual(companiesInForce(said({ user: all('user') }), { workspace: [], user }), []);
  });

  it('of the user are not loaded into a folder that says itself where its books are or go', () => {
    for (const name of placeNames)
      for (const source of ['workspace', 'dotEnv'] as const) {
        const own = said({ [source]: { [name]: all('own')[name] }, user: all('user') });
        assert.deepEqual(companiesInForce(own, { workspace: undefined, user }), [], `${name} of ${source}`);
        assert.deepEqual(companiesInForce(own, { workspace: ['Rao'], user }), ['Rao']);
      }
  });
});

describe('two sources that name different books', () => {
  const differ = said({ dotEnv: all('env'), user: all('user') });

  it('are asked about: company and warehouse, not the address of Tally', () => {
    assert.deepEqual(
      openDoubts(differ).map(({ name, sources, named }) => ({ name, sources, named })),
      [
        { name: 'TALLY_COMPANY', sources: ['dotEnv', 'user'], named: ['env', 'user'] },
        { name: 'DB_URL', sources: ['dotEnv', 'user'], named: ['env/books', 'user/books'] },
      ],
    );
  });

  it('are no question where they mean the same: another user of one database, a name in other letters', () => {
    const same = said({
      dotEnv: { DB_URL: 'postgres://a:x@db/w', TALLY_COMPANY: 'Asha' },
      user: { DB_URL: 'postgresql://b:y@db/w?sslmode=require', TALLY_COMPANY: ' ASHA ' },
    });
    assert.deepEqual(openDoubts(same), []);
  });

  it('are settled by the answer, which holds until one of them names something else', () => {
    const { between } = doubtOf(differ, 'DB_URL')!;
    const settled = { ...differ, meant: { DB_URL: { source: 'user' as const, between } } };
    assert.deepEqual(inForce(settled, 'DB_URL'), { source: 'user', value: 'postgres://user/books' });
    assert.deepEqual(
      openDoubts(settled).map(({ name }) => name),
      ['TALLY_COMPANY'],
    );
    const changed = { ...settled, dotEnv: { ...settled.dotEnv, DB_URL: 'postgres://third/books' } };
    assert.equal(inForce(changed, 'DB_URL').source, 'dotEnv');
    assert.ok(openDoubts(changed).some(({ name }) => name === 'DB_URL'));
  });

  it('show and remember neither user nor password', () => {
    const doubt = doubtOf(
      said({ dotEnv: { DB_URL: 'postgres://ashok:Hunter2@db/w' }, user: { DB_URL: 'postgres://ashok:Hunter3@db2/w' } }),
      'DB_URL',
    );
    assert.ok(doubt);
    assert.doesNotMatch(JSON.stringify(doubt), /Hunter|ashok/);
  });
});

describe('a newly chosen company or address', () => {
  const target = (given: Partial<Said>): string => targetOf(said(given), 'TALLY_COMPANY');

  it('is kept where the present value came from', () => {
    assert.equal(target({ workspace: all('own'), dotEnv: all('env') }), 'workspace');
    assert.equal(target({ dotEnv: all('env'), user: all('user') }), 'dotEnv');
    assert.equal(target({ user: all('user') }), 'user');
    assert.equal(target({}), 'user');
  });

  it("is the folder's if the folder has any place of its own, because a place set for one folder is not meant for others", () => {
    assert.equal(target({ dotEnv: { DB_URL: 'postgres://env/b' } }), 'workspace');
    assert.equal(target({ workspace: { DB_URL: 'postgres://own/b' }, user: all('user') }), 'workspace');
  });
});

describe('the folder that counts', () => {
  const [a, b, c] = ['file:///a', 'file:///b', 'file:///c'].map((uri) => ({ uri }));
  const folders = [a!, b!, c!];

  it('is the first, and where any has a .env the first of those', () => {
    assert.deepEqual(chooseFolder([], [], undefined), { folder: undefined, undecided: [] });
    assert.deepEqual(chooseFolder(folders, [], undefined), { folder: a, undecided: [] });
    assert.deepEqual(chooseFolder(folders, [b!], undefined), { folder: b, undecided: [] });
  });

  it('is asked for where several have a .env, until one of these is chosen', () => {
    assert.deepEqual(chooseFolder(folders, [b!, c!], undefined), { folder: b, undecided: [b, c] });
    assert.deepEqual(chooseFolder(folders, [b!, c!], 'file:///c'), { folder: c, undecided: [] });
    assert.deepEqual(chooseFolder(folders, [b!, c!], 'file:///a'), { folder: b, undecided: [b, c] });
  });
});
