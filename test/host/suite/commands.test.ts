import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as vscode from 'vscode';
import { Driver, extensionId } from './drive.js';

interface Manifest {
  contributes: { commands: { command: string }[] };
}

describe('the extension in VS Code', () => {
  it('starts without a command having been run, and registers every command that it offers', async () => {
    const extension = vscode.extensions.getExtension<undefined>(extensionId);
    assert.ok(extension, 'VS Code does not know the extension');
    await extension.activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const offered = (extension.packageJSON as Manifest).contributes.commands.map(({ command }) => command);
    assert.ok(offered.length >= 8);
    assert.deepEqual(
      offered.filter((command) => !registered.has(command)),
      [],
    );
  });

  it("leaves the fetch of the host's other extensions alone", () => {
    // When undici's main entry loads, it puts its own dispatcher here for the whole process, if there is none.
    const dispatcher = Symbol.for('undici.globalDispatcher.1');
    const before: unknown = Reflect.get(globalThis, dispatcher);
    const { extensionPath } = vscode.extensions.getExtension(extensionId)!;
    const bundle = path.join(extensionPath, 'dist/extension.js');
    const load = createRequire(bundle);
    const loaded = load.cache[bundle];
    Reflect.deleteProperty(load.cache, bundle);
    if (before !== undefined) Reflect.set(globalThis, dispatcher, undefined);
    try {
      load(bundle);
      assert.equal(Reflect.get(globalThis, dispatcher), undefined);
    } finally {
      if (before !== undefined) Reflect.set(globalThis, dispatcher, before);
      load.cache[bundle] = loaded;
    }
  });
});

describe('the questions of Backfill Range', () => {
  let driver: Driver;
  beforeEach(() => {
    driver = new Driver();
  });
  afterEach(() => {
    driver.release();
  });

  it('offer the usual ranges with their dates, then other dates', async () => {
    await driver.run('tally.backfillRange', 'leave');
    const [box] = driver.boxes;
    assert.equal(box?.title, 'Backfill Range');
    assert.deepEqual([box.step, box.totalSteps], [1, 2]);
    assert.equal(box.rows.length, 7);
    for (const { description } of box.rows.slice(0, 6)) assert.match(description ?? '', /^\d{1,2}[^]*\d{4}$/);
    assert.equal(box.rows[6]?.label, 'Other dates');
  });

  it('ask how to load after a range was chosen, and end silently when dismissed', async () => {
    await driver.run('tally.backfillRange', { choose: 'Last month' }, 'leave');
    const [, mode] = driver.boxes;
    assert.deepEqual([mode?.step, mode?.totalSteps], [2, 2]);
    assert.deepEqual(
      mode?.rows.map(({ label }) => label),
      ['Whole range (recommended)', 'Day by day'],
    );
    assert.deepEqual([driver.messages, driver.progresses], [[], []]);
  });

  it('go back one at a time, and forget nothing on the way', async () => {
    const moves = [{ choose: 'Other dates' }, { write: '2024-04-01' }, 'back', { write: '2024-05-01' }] as const;
    await driver.run('tally.backfillRange', ...moves, 'back', 'back', { choose: 'This month' }, 'leave');
    assert.deepEqual(
      driver.boxes.map(({ step }) => step),
      [1, 2, 3, 2, 3, 2, 1, 2],
    );
  });

  it('ask a dry run only for its range', async () => {
    await driver.run('tally.dryRunRange', 'leave');
    assert.deepEqual([driver.boxes[0]?.title, driver.boxes[0]?.totalSteps], ['Dry Run Range', 1]);
  });
});
