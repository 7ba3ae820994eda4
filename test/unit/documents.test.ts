import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { commandNames } from '../../src/cli/help.js';
import { readCommandLine } from '../../src/cli/options.js';
import { environmentNames } from '../../src/core/base/config.js';
import { exitCodes } from '../../src/core/base/errors.js';
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
  it('include every document that code, a test or a document cites', () => {
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

describe('what the documents tell a user', () => {
  const { contributes } = JSON.parse(read('package.json')) as {
    contributes: { commands: { title: string }[]; configuration: { properties: Record<string, unknown> } };
  };
  const words = JSON.parse(read('package.nls.json')) as Record<string, string>;
  const titles = contributes.commands.map(({ title }) => words[title.slice(1, -1)]!);
  const settings = Object.keys(contributes.configuration.properties);
  const forUsers = [
    'README.md',
    ...['vscode', 'command-line', 'warehouse', 'troubleshooting'].map((name) => `docs/${name}.md`),
  ];

  it('fits: README has 150 lines at most, ARCHITECTURE 120', () => {
    for (const [file, most] of [
      ['README.md', 150],
      ['ARCHITECTURE.md', 120],
    ] as const)
      assert.ok(read(file).trimEnd().split('\n').length <= most, file);
  });

  it('begins with one line that runs the main job and one that runs all tests', () => {
    const firstScreen = read('README.md').split('\n').slice(0, 30);
    for (const line of ['npm ci && npm start', 'npm ci && npm test']) assert.ok(firstScreen.includes(line), line);
  });

  it('is found from the index, document by document', () => {
    const index = read('docs/README.md');
    const others = [...topDocuments.map((file) => `../${file}`), ...filesUnder('docs').map((file) => file.slice(5))];
    assert.deepEqual(
      others.filter((file) => file !== 'README.md' && !index.includes(`](${file})`)),
      [],
    );
  });

  it('leads to files that are there', () => {
    const lost = documents.flatMap((file) =>
      [...read(file).matchAll(/\]\((?!https?:|#|command:)([^)#]+)/g)]
        .map(([, target]) => path.posix.join(path.posix.dirname(file), target!))
        .filter((target) => !exists(target))
        .map((target) => `${file}: ${target}`),
    );
    assert.deepEqual(lost, []);
  });

  it('shows command lines that the command line understands', () => {
    const lines = documents.flatMap((file) =>
      [...read(file).matchAll(/^```(?:sh)?\n(.*?)\n```$/gms)].flatMap(([, block]) => block!.split('\n')),
    );
    const calls = lines.flatMap((line) => /node dist\/cli\.js ([^#&]+)/.exec(line)?.[1]?.trim() ?? []);
    assert.ok(calls.length > 10);
    for (const call of calls) assert.ok(readCommandLine(call.split(/ +/)).command, call);
  });

  it('names commands of VS Code by their titles, and settings that there are', () => {
    for (const file of forUsers) {
      for (const [, title] of read(file).matchAll(/\*Tally: ([^*]+)\*/g))
        assert.ok(titles.includes(title!), `${file}: ${title!}`);
      for (const [, setting] of read(file).matchAll(/`(tally\.[a-zA-Z]+)`/g))
        assert.ok(settings.includes(setting!), `${file}: ${setting!}`);
    }
  });

  it('has every command and setting of VS Code on its page', () => {
    const page = read('docs/vscode.md');
    const hidden = ['Load More Runs'];
    assert.deepEqual(
      [
        ...titles.filter((title) => !hidden.includes(title)).map((title) => `*${title}*`),
        ...settings.map((name) => `\`${name}\``),
      ].filter((name) => !page.includes(name)),
      [],
    );
  });

  it('has every command, setting and exit code of the command line on its page', () => {
    const page = read('docs/command-line.md');
    const rows = new Set([...page.matchAll(/^\| `?([\w-]+)/gm)].map(([, name]) => name!));
    const wanted = [...commandNames, ...environmentNames, ...Object.values(exitCodes).map(String), '0'];
    assert.deepEqual(
      wanted.filter((name) => !rows.has(name)),
      [],
    );
  });

  it('has on the page for trouble codes that there are', () => {
    const codes = [...read('docs/troubleshooting.md').matchAll(/^\| (`[^|]*`) ?[|,]/gm)].flatMap(([, names]) =>
      [...names!.matchAll(/`([a-z-]+)`/g)].map(([, code]) => code!),
    );
    assert.ok(codes.length >= 8);
    assert.deepEqual(
      codes.filter((code) => !(code in exitCodes)),
      [],
    );
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
          | readonly unknown[]
          | undefined;
        const isKnown = fault
          ? faultKinds.some((kind) => kind === name)
          : values !== undefined && (value === undefined || values.map(String).includes(value));
        if (!isKnown) lost.push(code!);
      }
    }
    assert.deepEqual([...new Set(lost)].sort(), []);
  });
});
