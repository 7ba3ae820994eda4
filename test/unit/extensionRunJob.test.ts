import assert from 'node:assert/strict';
import { readConfig } from '../../src/core/base/config.js';
import type { EtlError } from '../../src/core/base/errors.js';
import type { Logger } from '../../src/core/base/logger.js';
import { freshFolder, type Folder } from '../support/exportFiles.js';
import { runJob } from '../../src/extension/jobs/jobThread.js';
import { Runner } from '../../src/extension/jobs/runner.js';

let folder: Folder;

/** The file of a worker thread that runs this script on each message. */
const workerOf = (onMessage: string): string =>
  folder.write(
    'worker.cjs',
    `const { parentPort: port, workerData } = require('node:worker_threads');
     port.on('message', (message) => {
       const post = (said) => port.postMessage({ id: message.id, ...said });
       ${onMessage}
     });`,
  );

describe('a job in its thread', () => {
  let logged: string[];

  before(() => {
    folder = freshFolder();
  });
  after(() => {
    folder.remove();
  });
  beforeEach(() => {
    logged = [];
  });

  /** Runs the job `companies` in a thread that runs this script on each message. */
  function runIn(onMessage: string, more: { signal?: AbortSignal; onProgress?: () => void } = {}): Promise<unknown> {
    const workerFile = workerOf(onMessage);
    const log = (message: string): void => void logged.push(message);
    const logger: Logger = { trace: log, debug: log, info: log, warn: log, error: log };
    return runJob('companies', undefined, {
      workerFile,
      config: readConfig({ DB_URL: 'postgres://me:Hunter2@db/w', TALLY_DATA_DIR: '/data' }),
      logger,
      logLevels: ['info'],
      signal: more.signal ?? new AbortController().signal,
      ...(more.onProgress && { onProgress: more.onProgress }),
    });
  }

  it('gives its answer, after its log lines and progress', async () => {
    const progress: unknown[] = [];
    const answer = await runIn(
      `post({ type: 'log', level: 'info', message: 'one' });
       post({ type: 'progress', progress: { phase: 'reading' } });
       post({ type: 'answer', answer: [{ name: message.job, id: 'g' }] });`,
      { onProgress: () => progress.push(...logged) },
    );
    assert.deepEqual(answer, [{ name: 'companies', id: 'g' }]);
    assert.deepEqual(progress, ['one']);
  });

  it('fails with the code, the words and the hint of the core', async () => {
    const failing = runIn(`post({ type: 'failure', code: 'locked', message: 'Busy.', hint: 'Wait.', trace: 'at x' });`);
    await assert.rejects(failing, { name: 'EtlError', code: 'locked', message: 'Busy.', hint: 'Wait.' });
    const wrong = runIn(
      `post({ type: 'failure', code: 'config', message: '', hint: '', setting: 'DB_URL', trace: '' });`,
    );
    await assert.rejects(wrong, { code: 'config', setting: 'DB_URL' });
  });

  it('fails as unexpected when its thread crashes', async () => {
    const crash = runIn(`throw new Error('out of luck');`);
    await assert.rejects(crash, { code: 'unexpected', message: 'out of luck' });
  });

  it('fails as unexpected when its thread ends without an answer', async () => {
    await assert.rejects(runIn('process.exit(3);'), { code: 'unexpected', message: /ended early \(exit code 3\)/ });
  });

  it('is asked to stop when it is cancelled, and may finish as it must', async () => {
    const abort = new AbortController();
    const cancelled = runIn(
      `if (message.type === 'run') post({ type: 'progress', progress: {} });
       else post({ type: 'failure', code: 'cancelled', message: 'Cancelled.', hint: '', trace: '' });`,
      {
        signal: abort.signal,
        onProgress: () => {
          abort.abort();
        },
      },
    );
    await assert.rejects(cancelled, { code: 'cancelled' });
  });

  it('does not start once it is cancelled', async () => {
    await assert.rejects(runIn('', { signal: AbortSignal.abort() }), { code: 'cancelled' });
  });

  it('gets the warehouse URL by message alone, not where other programs can read it', async () => {
    const places = `JSON.stringify([process.argv, process.env, process.execArgv, workerData])`;
    const answer = await runIn(`post({ type: 'answer', answer: [message.config.dbUrl, ${places}] });`);
    const [dbUrl, elsewhere] = answer as [string, string];
    assert.ok(dbUrl.includes('Hunter2'));
    assert.ok(!elsewhere.includes('Hunter2'));
  });
});

describe('the runner of jobs', () => {
  before(() => {
    folder = freshFolder();
  });
  after(() => {
    folder.remove();
  });

  const config = readConfig({ TALLY_DATA_DIR: '/data' });
  const ignore = (): void => undefined;

  /** A runner whose threads run this script on each message; what its notification shows and its listeners hear. */
  function runnerOf(onMessage: string): { runner: Runner; reports: unknown[]; heard: string[] } {
    const workerFile = workerOf(onMessage);
    const reports: unknown[] = [];
    const heard: string[] = [];
    const runner = new Runner({
      workerFile,
      log: { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore },
      logLevels: () => [],
      underNotification: (title, work) => {
        reports.push(title);
        return work((report) => reports.push(report), new AbortController().signal);
      },
      onBegin: (job) => {
        heard.push(`begin ${job}`);
        return (answer) => heard.push(`answer ${JSON.stringify(answer)}`);
      },
      explain: (error) => error,
      onCommit: () => heard.push('commit'),
    });
    return { runner, reports, heard };
  }
  const progressThenAnswer = (...progress: object[]): string =>
    `for (const progress of ${JSON.stringify(progress)}) post({ type: 'progress', progress });
     post({ type: 'answer', answer: [] });`;

  it('fills the bar of its notification, which never goes back', async () => {
    const fractions = [{}, { fraction: 0.5 }, { fraction: 0.25 }, { fraction: 1 }];
    const { runner, reports } = runnerOf(progressThenAnswer(...fractions));
    const text = (_: unknown, percent: number | undefined): string => `${String(percent)} %`;
    await runner.run('companies', undefined, config, { title: 'Asking', text });
    assert.deepEqual(reports, [
      'Asking',
      { message: 'undefined %', increment: 0 },
      { message: '50 %', increment: 50 },
      { message: '25 %', increment: 0 },
      { message: '100 %', increment: 50 },
    ]);
  });

  it('tells when a job begins, when it has committed a part, and what it answers', async () => {
    const phases = [{ phase: 'reading' }, { phase: 'writing' }, { phase: 'reading' }];
    const { runner, heard } = runnerOf(progressThenAnswer(...phases));
    await runner.runQuietly('companies', undefined, config);
    assert.deepEqual(heard, ['begin companies', 'commit', 'answer []']);
  });

  it('ends what is running, and runs nothing afterwards', async () => {
    const { runner } = runnerOf(
      `if (message.type === 'cancel') post({ type: 'failure', code: 'cancelled', message: '', hint: '', trace: '' });`,
    );
    const running = assert.rejects(runner.runQuietly('companies', undefined, config), { code: 'cancelled' });
    await runner.end();
    await running;
    await assert.rejects(runner.runQuietly('companies', undefined, config), { code: 'cancelled' });
  });

  describe('with the jobs of a view', () => {
    const inThread = `const { threadId } = require('node:worker_threads');`;
    const answer = `if (message.type === 'leave') post({ type: 'left' }); else post({ type: 'answer', answer: threadId });`;
    const ask = (runner: Runner, signal?: AbortSignal): Promise<unknown> =>
      runner.runQuietly('summary', undefined, config, signal && { signal });

    it('runs them in one thread, and each other job in a thread of its own', async () => {
      const { runner } = runnerOf(inThread + answer);
      const first = await ask(runner);
      assert.equal(await ask(runner), first);
      assert.notEqual(await runner.runQuietly('companies', undefined, config), first);
      assert.equal(await ask(runner), first);
      await runner.end();
      await assert.rejects(ask(runner), { code: 'cancelled' });
    });

    it('gives each its own answer, and cancels that one alone', async () => {
      const { runner } = runnerOf(
        `if (message.type === 'cancel') {
           post({ type: 'failure', code: 'cancelled', message: '', hint: '', trace: '' });
           for (const id of [3, 1]) post({ id, type: 'answer', answer: id });
         } else if (message.type === 'leave') post({ type: 'left' });`,
      );
      const abort = new AbortController();
      const asked = [ask(runner), ask(runner, abort.signal), ask(runner)];
      abort.abort();
      const ended = await Promise.allSettled(asked);
      assert.deepEqual(
        ended.map((end) => (end.status === 'fulfilled' ? end.value : (end.reason as EtlError).code)),
        [1, 'cancelled', 3],
      );
      await runner.end();
    });

    it('ends their thread when none was asked for a while', async () => {
      const { runner } = runnerOf(inThread + answer);
      runner.stayMs = 0;
      const first = await ask(runner);
      await new Promise((resolve) => setTimeout(resolve, 50));
      assert.notEqual(await ask(runner), first);
      await runner.end();
    });

    it('ends their thread after a failure of the warehouse, for it may hold what is broken', async () => {
      const { runner } = runnerOf(
        `${inThread} if (message.type === 'leave') post({ type: 'left' });
         else if (message.job === 'calendar')
           post({ type: 'failure', code: message.request.code, message: String(threadId), hint: '', trace: '' });
         else post({ type: 'answer', answer: threadId });`,
      );
      const failing = (code: string): Promise<unknown> => runner.runQuietly('calendar', { code } as object, config);
      const first = await ask(runner);
      await assert.rejects(failing('config'), { message: String(first) });
      assert.equal(await ask(runner), first, 'what is no fault of the warehouse ends nothing');
      await assert.rejects(failing('warehouse-refused'), { message: String(first) });
      assert.notEqual(await ask(runner), first);
      await runner.end();
    });

    it('begins a new thread after theirs has broken', async () => {
      const { runner } = runnerOf(
        `${inThread} if (message.job === 'calendar') setImmediate(() => { throw new Error('broken'); }); else ${answer}`,
      );
      const first = await ask(runner);
      await assert.rejects(runner.runQuietly('calendar', {}, config), { code: 'unexpected', message: 'broken' });
      assert.notEqual(await ask(runner), first);
      await runner.end();
    });
  });
});
