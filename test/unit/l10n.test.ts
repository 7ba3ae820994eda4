import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { translations } from '../../src/extension/language/language.js';
import { placeholdersIn, sentencesIn, untranslatedErrorsIn } from '../support/sentences.js';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): Record<string, string> =>
  JSON.parse(fs.readFileSync(path.join(root, file), 'utf8')) as Record<string, string>;

const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  contributes: { configuration: { properties: { 'tally.language': { enum: string[] } } } };
};

const bundle = 'l10n/bundle.l10n.json';
const languages = fs
  .readdirSync(path.join(root, 'l10n'))
  .flatMap((file) => /^bundle\.l10n\.([\w-]+)\.json$/.exec(file)?.[1] ?? []);

describe('the sentences of the extension, and of the core behind it', () => {
  const folders = ['src/extension', 'src/core'].map((folder) => path.join(root, folder));

  it(`stand in ${bundle}: write it anew with UPDATE_SENTENCES=1`, () => {
    const wanted = Object.fromEntries(sentencesIn(...folders).map((sentence) => [sentence, sentence]));
    if (process.env.UPDATE_SENTENCES) fs.writeFileSync(path.join(root, bundle), `${JSON.stringify(wanted, null, 2)}\n`);
    assert.deepEqual(read(bundle), wanted);
  });

  it('are what errors say: none is in English alone', () => {
    assert.deepEqual(untranslatedErrorsIn(...folders), []);
  });
});

/** What a translation may not change: links and buttons, settings and commands, keys to press, addresses, options. */
const keptIn = (text: string): string[] =>
  (
    text.match(
      /\((?:command|https?):[^)]*\)|\btally\.\w+|\b(?:Alt|F)\+?\w?\d+|(?:postgres\w*|https?):\/\/\S+\w|\b(?:DB|TALLY)_\w+|\.env\b|--\w+|\bssl\w+/g,
    ) ?? []
  ).sort();

it('has the translations that the extension knows of, and the setting offers them', () => {
  assert.deepEqual(languages, translations);
  const { properties } = manifest.contributes.configuration;
  assert.deepEqual(properties['tally.language'].enum, ['auto', 'en', ...translations]);
});

for (const language of languages)
  describe(`the translation into ${language}`, () => {
    const pairs = [
      [bundle, `l10n/bundle.l10n.${language}.json`],
      ['package.nls.json', `package.nls.${language}.json`],
    ] as const;
    for (const [english, translated] of pairs)
      it(`${translated} has each sentence, in full, and no other`, () => {
        const [from, to] = [read(english), read(translated)];
        assert.deepEqual(Object.keys(to).sort(), Object.keys(from).sort());
        for (const [key, sentence] of Object.entries(from)) {
          const said = to[key]!;
          assert.notEqual(said.trim(), '', key);
          assert.deepEqual(placeholdersIn(said), placeholdersIn(sentence), said);
          assert.deepEqual(keptIn(said), keptIn(sentence), said);
        }
      });
  });
