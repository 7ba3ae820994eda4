import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { WhileFocused } from '../../src/extension/view/whileFocused.js';

describe('what is drawn anew because time goes by', () => {
  it('is so while the window is in front, and at once when it comes there', async () => {
    const calls: number[] = [];
    const drawn = (): number => calls.length;
    const fresh = new WhileFocused(() => calls.push(1), 10);
    await delay(40);
    assert.equal(drawn(), 0);
    fresh.focus(true);
    assert.equal(drawn(), 1);
    fresh.focus(true); // the window already has the focus: VS Code also reports when its user becomes active
    assert.equal(drawn(), 1);
    await delay(100);
    assert.ok(drawn() > 2);
    fresh.focus(false);
    const before = drawn();
    await delay(60);
    assert.equal(drawn(), before);
    fresh.focus(true);
    assert.equal(drawn(), before + 1);
    fresh.focus(false);
    await delay(40);
    assert.equal(drawn(), before + 1);
  });
});
