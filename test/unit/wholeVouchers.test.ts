import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { WholeVouchers } from '../../src/core/jobs/load/read/wholeVouchers.js';
import type { Run } from '../../src/core/jobs/load/run.js';
import type { AnswerSource } from '../../src/core/tally/answerSource.js';

const id = 'c0de0000-0000-4000-8000-000000000000';
const guids = Array.from({ length: 20 }, (_, n) => `${id}-000000${(n + 16).toString(16)}`);

/** A run on a Tally that has none of these vouchers. Its answer number `fails` breaks off. */
function tallyWithout(fails?: number): { run: Run; asked: () => number } {
  let asked = 0;
  const source: AnswerSource = {
    post: () =>
      ++asked === fails
        ? Promise.reject(new Error('broken off'))
        : Promise.resolve({
            charset: undefined,
            totalBytes: undefined,
            body: Readable.from([
              Buffer.from('<ENVELOPE><BODY><DATA></DATA></BODY></ENVELOPE>'),
            ]) as AsyncIterable<Buffer>,
            close: () => Promise.resolve(),
          }),
  };
  const books = { source, company: { id, name: 'Bharat Traders' } };
  return { run: { books, context: {} } as unknown as Run, asked: () => asked };
}

describe('vouchers that are read one by one', () => {
  it('are no longer requested once Tally has not given five in a row', async () => {
    const { run, asked } = tallyWithout();
    for await (const whole of new WholeVouchers(run).readEach(guids)) assert.fail(whole.taken as never);
    assert.equal(asked(), 5);
  });

  it('are not requested after an answer that failed: Tally may be busy with it', async () => {
    const { run, asked } = tallyWithout(3);
    await assert.rejects(new WholeVouchers(run).readEach(guids).next(), /broken off/);
    assert.equal(asked(), 3);
  });
});
