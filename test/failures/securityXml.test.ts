import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Outcome } from '../support/hostileAnswers.js';

const program = 'test-results/hostileAnswers.cjs';
/** Limits that even a busy machine keeps. Without bounds in our reader it would be minutes and gigabytes. */
const limit = { ms: 15_000, megabytes: 700 };

const between = (middle: string): string => `read, ${middle}, read`;
const expected: Record<string, string> = {
  'entities that grow, before all': 'answer-unreadable',
  'entities that grow, after a declaration': 'answer-unreadable',
  'entities that grow, in a voucher': between('reject'),
  'entities that grow, in a company': 'answer-unreadable',
  'entities of an address, before all': 'answer-unreadable',
  'entities of an address, in a voucher': between('reject'),
  'entities of an address, in a company': 'answer-unreadable',
  'an entity that nobody has defined': between('read &secret;'),
  'references to no character': between('read !'),
  'ten megabytes of references': between('read'),
  'the name of an element of 100 MB': 'answer-unreadable',
  'the name of a voucher of 100 MB': 'answer-cut',
  'an attribute of 100 MB': 'answer-unreadable',
  'a narration of 100 MB': 'answer-unreadable',
  'a comment of 100 MB': 'answer-unreadable',
  'elements nested without end': between('reject'),
  'millions of elements, plain': between('read'),
  'millions of elements and a comment': between('read'),
  'a hundred thousand lines and a comment': between('read'),
  'millions of attributes': between('read'),
};

describe('an answer that is made to hurt', function () {
  this.timeout(120_000);
  let outcomes: Record<string, Outcome>;
  const fetched: (string | undefined)[] = [];

  before(async () => {
    await build({
      ...{ entryPoints: ['test/support/hostileAnswers.ts'], outfile: program, logLevel: 'warning' },
      ...{ bundle: true, platform: 'node', format: 'cjs', external: ['pg-native'] },
    });
    const stranger = http.createServer((request, response) => {
      fetched.push(request.url);
      response.end('secret');
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    const child = fork(program, { execArgv: [] });
    child.send(`http://127.0.0.1:${(stranger.address() as AddressInfo).port}/secret`);
    const told = once(child, 'message') as Promise<[Record<string, Outcome>]>;
    const ended = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`The process that reads them died: ${String(code ?? signal)}`);
    });
    [outcomes] = await Promise.race([told, ended]);
    ended.catch(() => undefined);
    stranger.close();
  });

  it('comes in all the ways that are listed', () => {
    assert.deepEqual(Object.keys(outcomes), Object.keys(expected));
  });

  for (const [what, became] of Object.entries(expected))
    it(`is read, refused or made a reject, soon and in little memory: ${what}`, () => {
      const outcome = outcomes[what]!;
      assert.equal(outcome.became, became);
      assert.ok(outcome.ms < limit.ms, `${outcome.ms} ms`);
      assert.ok(outcome.peakMegabytes < limit.megabytes, `${outcome.peakMegabytes} MB`);
    });

  it('makes us ask no other address for anything', () => {
    assert.deepEqual(fetched, []);
  });
});
