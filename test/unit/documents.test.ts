import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { faultKinds } from '../../src/demo/behaviours/behaviour.js';
import { switches } from '../../src/demo/behaviours/switches.js';

const root = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const exists = (file: string): boolean => fs.existsSync(path.join(root, file));

const filesUnder = (folder: string): string[] =>
  fs
    .readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => path.posix.join(folder, file.replaceAll(path.sep, '/')))
    .filter((file) => fs.statSync(path.join(root, file)).isFile());

const topDocuments = fs.readdirSync(root).filter((file) => file.endsWith('.md'));
const documents = [...topDocuments, ...filesUnder('docs')];
const sources = ['src', 'test', 'templates', 'migrations'].flatMap(filesUnder);

const facts = read('docs/tally.md');

describe('the documents of the repository', () => {
  it('are there wherever code, a test or a document cites one', () => {
    const lost = [...sources, ...documents].flatMap((file) =>
      [...read(file).matchAll(/[\w./-]*\w\.md\b/g)]
        .map(([cited]) => cited)
        .filter((cited) => !exists(cited) && !exists(path.posix.join(path.posix.dirname(file), cited)))
        .map((cited) => `${file}: ${cited}`),
    );
    assert.deepEqual(lost, []);
  });

  it('have the section of docs/tally.md that code or a test cites', () => {
    const sections = new Set([...facts.matchAll(/^#+ (\d(?:\.\d)?)\.? /gm)].map(([, number]) => number!));
    assert.ok(sections.has('1.7') && sections.has('4'));
    const lost = sources.flatMap((file) =>
      [...read(file).matchAll(/§(\d(?:\.\d)?)/g)]
        .filter(([, number]) => !sections.has(number!))
        .map(([cited]) => `${file}: ${cited}`),
    );
    assert.deepEqual(lost, []);
  });

  it('have the heading that a link leads to', () => {
    const anchorOf = (heading: string): string =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-');
    const anchors = (file: string): string[] =>
      [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));
    const lost = documents.flatMap((file) =>
      [...read(file).matchAll(/\]\(([\w./-]*)#([^)]+)\)/g)]
        .filter(
          ([, cited, anchor]) =>
            !anchors(cited === '' ? file : path.posix.join(path.posix.dirname(file), cited!)).includes(anchor!),
        )
        .map(([link]) => `${file}: ${link}`),
    );
    assert.deepEqual(lost, []);
  });
});

describe('docs/tally.md', () => {
  /** The list items and table rows of the numbered sections that hold facts, each with its continuation lines. */
  const items = facts
    .slice(facts.indexOf('\n## 1.'))
    .replace(/\n## 6\. .*?(?=\n## 7\.)/s, '')
    .split(/\n(?=#|- | +- |\d+\. |\||\n)/)
    .map((text) => text.trim())
    .filter((text) => /^(- |\d+\. |\| )/.test(text) && !/^\| (-|situation|source|belief)/.test(text))
    .filter((text) => !text.startsWith('- Consequence: '));

  it('says of each fact which test or which switch of the demo Tally plays it, or that none does', () => {
    assert.ok(items.length > 120);
    assert.deepEqual(
      items.filter((text) => !text.includes('→')),
      [],
    );
  });

  it('names tests, fixtures, files, switches and faults that there are', () => {
    const cases = exists('test/fixtures/cases') ? fs.readdirSync(path.join(root, 'test/fixtures/cases')) : [];
    const isThere = (name: string): boolean => {
      const [kind, rest = ''] = name.split(/\/(.*)/s);
      if (kind === 'src' || kind === 'docs') return exists(name);
      if (kind === 'fixtures') return exists(`test/fixtures/vouchers/${rest}.xml`);
      if (kind === 'cases') return cases.some((file) => file.startsWith(`${rest}-`));
      return exists(`test/${name}.test.ts`);
    };
    const lost: string[] = [];
    for (const text of items) {
      const evidence = text.slice(text.indexOf('→'));
      for (const [name] of evidence.matchAll(/\b(?:unit|integration|failures|fixtures|cases|src|docs)\/[\w./]*\w/g))
        if (!isThere(name)) lost.push(name);
      for (const [, fault, code] of evidence.matchAll(/(fault )?`([a-z][\w-]*(?:: [\w-.]+(?: [\d.]+)?)?)`/gi)) {
        const [name, value] = code!.split(': ');
        const values = Object.entries(switches).find(([known]) => known === name)?.[1] as
          readonly unknown[] | undefined;
        const isKnown = fault
          ? faultKinds.some((kind) => kind === name)
          : values !== undefined && (value === undefined || values.map(String).includes(value));
        if (!isKnown) lost.push(code!);
      }
    }
    assert.deepEqual([...new Set(lost)].sort(), []);
  });
});
