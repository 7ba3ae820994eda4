import assert from 'node:assert/strict';
import { setImmediate as turn, setTimeout as delay } from 'node:timers/promises';
import { Redraws } from '../../src/extension/view/redraws.js';

describe('the rows of the view', () => {
  it('are asked for again once, after the answer that is on its way, however often they changed meanwhile', async () => {
    let fired = 0;
    const redraws = new Redraws(() => fired++);
    redraws.redraw();
    assert.equal(fired, 1);
    let give: (rows: string[]) => void = () => undefined;
    const rows = redraws.during(
      () =>
        new Promise<string[]>((resolve) => {
          give = resolve;
        }),
    );
    redraws.redraw();
    redraws.redraw();
    await turn();
    assert.equal(fired, 1);
    give(['a']);
    assert.deepEqual(await rows, ['a']);
    assert.equal(fired, 1, 'not before VS Code has taken the answer');
    await delay(20);
    assert.equal(fired, 2);
    await redraws.during(() => Promise.resolve([]));
    await delay(20);
    assert.equal(fired, 2, 'nothing changed meanwhile');
  });

  it('are asked for again after an answer that failed too', async () => {
    let fired = 0;
    const redraws = new Redraws(() => fired++);
    const failed = redraws.during(() => Promise.reject(new Error('no')));
    redraws.redraw();
    await assert.rejects(failed);
    await delay(20);
    assert.equal(fired, 1);
  });
});
