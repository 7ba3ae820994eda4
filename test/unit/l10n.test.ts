import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { translations } from '../../src/extension/language/language.js';
import { placeholdersIn, sentencesIn, untranslatedErrorsIn } from '../support/sentences.js';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): Record<string, string> =>
  JSON.parse(fs.readFileSync(path.join(root, file), 'utf8')) as Record<string, string>;

const write = (file: string, sentences: Record<string, string>): void => {
  fs.writeFileSync(path.join(root, file), `${JSON.stringify(sentences, null, 2)}\n`);
};

const manifest = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  contributes: { configuration: { properties: { 'tally.language': { enum: string[] } } } };
};

const bundle = 'l10n/bundle.l10n.json';
const languages = fs
  .readdirSync(path.join(root, 'l10n'))
  .flatMap((file) => /^bundle\.l10n\.([\w-]+)\.json$/.exec(file)?.[1] ?? []);

/** The English file and the translated one, for the sentences of the code and for the texts of package.json. */
const filesOf = (language: string): [string, string][] => [
  [bundle, `l10n/bundle.l10n.${language}.json`],
  ['package.nls.json', `package.nls.${language}.json`],
];

/** The translations of the sentences that are still in the English file, in its order. */
function keepKeysOf(english: string, translated: string): Record<string, string> {
  const said = read(translated);
  return Object.fromEntries(Object.keys(read(english)).flatMap((key) => (key in said ? [[key, said[key]!]] : [])));
}

describe('the sentences of the extension, and of the core behind it', () => {
  const folders = ['src/extension', 'src/core'].map((folder) => path.join(root, folder));

  it(`stand in ${bundle}: write it anew with UPDATE_SENTENCES=1`, () => {
    const wanted = Object.fromEntries(sentencesIn(...folders).map((sentence) => [sentence, sentence]));
    if (process.env.UPDATE_SENTENCES) {
      write(bundle, wanted);
      for (const [english, translated] of languages.flatMap(filesOf))
        write(translated, keepKeysOf(english, translated));
    }
    assert.deepEqual(read(bundle), wanted);
  });

  it('are what errors say: none is in English alone', () => {
    assert.deepEqual(untranslatedErrorsIn(...folders), []);
  });
});

/** The parts that a translation must keep: links, settings and commands, keys to press, addresses, options. */
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
    for (const [english, translated] of filesOf(language))
      it(`${translated} says in full what it says, and nothing that the English has not`, () => {
        const [from, to] = [read(english), read(translated)];
        assert.deepEqual(
          Object.keys(to).filter((key) => !(key in from)),
          [],
        );
        for (const [key, said] of Object.entries(to)) {
          assert.notEqual(said.trim(), '', key);
          assert.deepEqual(placeholdersIn(said), placeholdersIn(from[key]!), said);
          assert.deepEqual(keptIn(said), keptIn(from[key]!), said);
        }
        const missing = Object.keys(from).filter((key) => !(key in to));
        if (missing.length > 0) console.log(`      not translated: ${missing.length}, as ${missing[0]}`);
      });
  });
