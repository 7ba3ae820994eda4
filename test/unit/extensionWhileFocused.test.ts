import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { WhileFocused } from '../../src/extension/view/whileFocused.js';

describe('a view that shows how long ago something was', () => {
  it('is redrawn only while the window has the focus, and at once when the window gets the focus', async () => {
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
