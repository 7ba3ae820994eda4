import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** The reader of YAML that mocha brings along. */
const { load } = createRequire(createRequire(import.meta.url).resolve('mocha'))('js-yaml') as {
  load: (text: string) => unknown;
};

interface Step {
  run?: string;
  uses?: string;
  if?: string;
  env?: Record<string, unknown>;
}
interface Job {
  'runs-on': string;
  needs?: string;
  strategy?: {
    matrix: { node?: string[]; runner?: string[]; suite?: string[]; include?: { target: string; runner: string }[] };
  };
  env?: Record<string, unknown>;
  steps: Step[];
}
interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const root = path.resolve(import.meta.dirname, '../..');
const folder = path.join(root, '.github/workflows');
const textOf = (name: string): string => fs.readFileSync(path.join(folder, name), 'utf8');
const workflow = (name: string): Workflow => load(textOf(name)) as Workflow;
const names = fs.readdirSync(folder);
const { scripts } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** The GitHub-hosted runners at the end of 2026 (docs.github.com), each with the platform of the package made there. */
const runners: Record<string, string> = {
  'ubuntu-latest': 'linux-x64',
  'ubuntu-24.04-arm': 'linux-arm64',
  'windows-latest': 'win32-x64',
  'macos-15': 'darwin-arm64',
  'macos-15-intel': 'darwin-x64',
};

const runnersOf = (job: Job): string[] => {
  const { runner = [], include = [] } = job.strategy?.matrix ?? {};
  return job['runs-on'] === '${{ matrix.runner }}'
    ? [...runner, ...include.map((one) => one.runner)]
    : [job['runs-on']];
};
const jobsOf = (name: string): Job[] => Object.values(workflow(name).jobs);
const commandsOf = (job: Job): string => job.steps.map((step) => step.run ?? '').join('\n');

/** Scripts of package.json, files and test suites that the commands name but that do not exist. */
function missingIn(commands: string): string[] {
  const missing: string[] = [];
  for (const [, script] of commands.matchAll(/\bnpm run ([\w:-]+)/g))
    if (scripts[script!] === undefined) missing.push(script!);
  for (const [, script] of commands.matchAll(/\bnpm (test|start)\b/g))
    if (scripts[script!] === undefined) missing.push(script!);
  for (const [file] of commands.matchAll(/(?<![\w./-])(?:test|src|\.ci)\/[\w./-]+/g))
    if (!fs.existsSync(path.join(root, file))) missing.push(file);
  const suites = /^const suites = \{(.*?)^\};/ms.exec(
    fs.readFileSync(path.join(root, 'test/run/all.mjs'), 'utf8'),
  )![1]!;
  for (const [, given] of commands.matchAll(/test\/run\/all\.mjs((?: \w+)*)/g))
    for (const suite of given!.trim().split(' ').filter(Boolean))
      if (!new RegExp(`^ {2}${suite}:`, 'm').test(suites)) missing.push(`suite ${suite}`);
  return missing;
}

describe('the workflows', () => {
  it('name scripts, files and suites that exist', () => {
    assert.ok(names.length >= 3);
    for (const name of names) for (const job of jobsOf(name)) assert.deepEqual(missingIn(commandsOf(job)), [], name);
    assert.deepEqual(missingIn('npm run nothing\nnpx tsx test/no/such.ts\nnode test/run/all.mjs unit nothing'), [
      'nothing',
      'test/no/such.ts',
      'suite nothing',
    ]);
  });

  it('run on runners that exist', () => {
    for (const name of names)
      for (const job of jobsOf(name))
        for (const runner of runnersOf(job)) assert.ok(runner in runners, `${name}: ${runner}`);
  });

  it('have no more rights than to read, but for the issue that the nightly run opens', () => {
    for (const name of names) {
      const { contents, ...others } = workflow(name).permissions;
      assert.equal(contents, 'read', name);
      assert.deepEqual(others, name === 'nightly.yml' ? { issues: 'write' } : {}, name);
    }
  });

  it('make each package where its PostgreSQL runs, after the tests, and publish what was made', () => {
    const { package: make, publish } = workflow('release.yml').jobs;
    assert.deepEqual([make!.needs, publish!.needs], ['test', 'package']);
    const { include } = make!.strategy!.matrix;
    for (const { target, runner } of include!) assert.equal(runners[runner], target);
    assert.deepEqual(include!.map(({ target }) => target).sort(), Object.values(runners).sort());
  });

  it('test each change on Linux in five parallel jobs, which run every suite', () => {
    const { check, suites } = workflow('ci.yml').jobs;
    const ran = [...suites!.strategy!.matrix.suite!];
    assert.equal(1 + ran.length, 5);
    assert.ok(commandsOf(suites!).includes('node test/run/all.mjs ${{ matrix.suite }}'));
    assert.equal(suites!.env!.NEEDS_PGBOUNCER, '1', 'a test of poolers must not be left out');
    for (const command of ['npm run lint', 'node test/run/all.mjs unit', 'npm start'])
      assert.ok(commandsOf(check!).includes(command), command);
    assert.deepEqual(missingIn(`node test/run/all.mjs unit ${ran.join(' ')}`), []);
    const all = /^const lanes = \[(.*?)\]\.map/ms.exec(
      fs.readFileSync(path.join(root, 'test/run/all.mjs'), 'utf8'),
    )![1]!;
    // The suite `partitioned`, on divided tables, runs each night instead.
    const inLanes = [...all.matchAll(/'(\w+)'/g)].map(([, suite]) => suite!);
    assert.deepEqual(inLanes.sort(), ['unit', ...ran, 'partitioned'].sort());
  });

  it('test each change by lint, unit and integration tests and a first load, on each other system that is released', () => {
    const job = workflow('ci.yml').jobs.systems!;
    assert.deepEqual([...runnersOf(job), 'ubuntu-latest'].sort(), Object.keys(runners).sort());
    for (const command of [
      'npm run lint',
      'node test/run/all.mjs unit',
      'node test/run/all.mjs integration',
      'npm start',
    ])
      assert.ok(commandsOf(job).includes(command), command);
  });

  it('pin each action to a commit, with the release that it is, and everywhere to the same', () => {
    const pins = names.flatMap((name) => [...textOf(name).matchAll(/uses: (\S+)@(.*)$/gm)]);
    assert.ok(pins.length > 15);
    for (const [, action, at] of pins) assert.match(at!, /^[0-9a-f]{40} # v\d+\.\d+\.\d+$/, action);
    const perAction = new Map(pins.map(([, action, at]) => [action!, at!]));
    for (const [, action, at] of pins) assert.equal(at, perAction.get(action!), action);
    const dependabot = load(fs.readFileSync(path.join(root, '.github/dependabot.yml'), 'utf8')) as {
      updates: { 'package-ecosystem': string }[];
    };
    assert.deepEqual(
      dependabot.updates.map((one) => one['package-ecosystem']),
      ['github-actions'],
    );
  });

  it('release a version that the changelog has with its date, and say in the package where it comes from', () => {
    const { test, package: make } = workflow('release.yml').jobs;
    const dated = /^grep -E "\^## \$\{GITHUB_REF_NAME#v\} — (.*)\$" CHANGELOG\.md$/m.exec(commandsOf(test!))![1]!;
    assert.match('2026-12-01', new RegExp(`^${dated}$`));
    const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
    assert.ok(fs.readFileSync(path.join(root, 'CHANGELOG.md'), 'utf8').includes(`\n## ${version} — `));
    const commands = commandsOf(make!).split('\n');
    const [set, pack] = ['npm pkg set ', 'npm run package'].map((start) =>
      commands.findIndex((command) => command.startsWith(start)),
    );
    assert.ok(set! >= 0 && set! < pack!);
    for (const key of ['repository.url', 'bugs.url', 'homepage']) assert.ok(commands[set!]!.includes(key), key);
  });

  it('publish on the Marketplace and on Open VSX, each only where there is its token, which no other step sees', () => {
    const { publish } = workflow('release.yml').jobs;
    for (const [secret, guard, command] of [
      ['VSCE_PAT', 'MARKETPLACE', 'vsce publish'],
      ['OVSX_PAT', 'OPEN_VSX', 'ovsx@'],
    ] as const) {
      assert.equal(publish!.env![guard], `\${{ secrets.${secret} != '' }}`);
      const seeing = publish!.steps.filter(({ env }) => env?.[secret] !== undefined);
      assert.equal(seeing.length, 1);
      assert.ok(seeing[0]!.run!.includes(command) && seeing[0]!.if!.includes(`env.${guard} == 'true'`));
    }
  });

  it('test each change under the oldest Node.js that is promised and under those that users run, and take what is deprecated as a failure', () => {
    const job = workflow('ci.yml').jobs.versions!;
    assert.deepEqual(job.strategy!.matrix.node, ['20.19', '22', '24']);
    const tests = job.steps.find(({ run }) => run?.includes('node test/run/all.mjs unit integration failures'))!;
    assert.equal(tests.env!.NODE_OPTIONS, '--throw-deprecation');
  });

  it('try fresh seeds each night by names that the tests read, and open an issue with the seed', () => {
    const job = workflow('nightly.yml').jobs['fresh-seeds']!;
    const tests = ['unit', 'integration', 'failures']
      .flatMap((suite) =>
        fs.readdirSync(path.join(root, 'test', suite)).map((file) => path.join(root, 'test', suite, file)),
      )
      .map((file) => fs.readFileSync(file, 'utf8'))
      .join('\n');
    const all = fs.readFileSync(path.join(root, 'test/run/all.mjs'), 'utf8');
    const names = ['FUZZ_SEED', 'FUZZ_CASES', 'FULL_TABLE', 'SOAK', 'KILLS'];
    for (const name of names) assert.ok(tests.includes(`process.env.${name}`) && all.includes(`${name}: `), name);
    const commands = commandsOf(job);
    for (const suites of ['unit', 'integration partitioned failures', 'host ui'])
      assert.ok(commands.includes(`node test/run/all.mjs --all ${suites}`), suites);
    assert.match(commands, /FUZZ_SEED=\$\{GIVEN:-\$\(\(RANDOM/);
    const issue = job.steps.find(({ run }) => run?.includes('gh issue create'))!;
    assert.equal(issue.if, 'failure()');
    assert.match(issue.run!, /--title "[^"]*FUZZ_SEED=\$\{FUZZ_SEED\}"/);
  });

  it('put no text from outside into a command: it comes by the environment', () => {
    for (const name of names)
      for (const job of jobsOf(name)) assert.doesNotMatch(commandsOf(job), /\$\{\{ *(inputs|github\.event)/, name);
  });
});
