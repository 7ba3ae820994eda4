import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import * as vscode from 'vscode';
import { demoCompanyName } from '../../../src/demo/demoNames.js';
import { bookOf } from '../../support/demo/bookOf.js';
import { freshFolder, type Folder } from '../../support/exportFiles.js';
import { leanSale } from '../../support/leanBook.js';
import { channelText } from './drive.js';
import { useDesk } from './shown.js';

const dates = [{ choose: 'Other dates' }, { write: '2024-04-01' }, { write: '2024-04-30' }] as const;

describe('the report of a dry run', function () {
  this.timeout(120_000);
  let folder: Folder;
  const desk = useDesk({ book: bookOf([leanSale(1, '2024-04-05')]) });
  before(() => {
    folder = freshFolder();
  });
  after(() => {
    folder.remove();
  });
  beforeEach(async () => {
    await desk.driver.run('tally.dryRunRange', ...dates);
    assert.deepEqual(desk.driver.messages[0]?.buttons, ['Show Dry Run', 'Save']);
  });

  it('is saved as UTF-8 where the user says, under a name that tells company and range, and the message says where', async () => {
    const file = path.join(folder.path, 'mine.txt');
    desk.driver.saveAs = [vscode.Uri.file(file)];
    assert.equal((await desk.driver.press('Save')).text, `The dry run is saved: ${file}`);
    const [{ defaultUri, filters } = {}] = desk.driver.saveDialogs;
    assert.equal(path.basename(defaultUri!.path), `Tally dry run ${demoCompanyName} 2024-04-01 to 2024-04-30.txt`);
    assert.equal(path.dirname(defaultUri!.path), vscode.workspace.workspaceFolders![0]!.uri.path);
    assert.deepEqual(filters, { Text: ['txt'] });
    const saved = fs.readFileSync(file, 'utf8');
    assert.match(saved, /₹1,180\.00/);
    assert.equal(saved, await channelText('Tally Dry Run', 'tally.showDryRun', /Nothing was written/));
  });

  it('is not saved, and nothing is said, when the user leaves the dialog', async () => {
    desk.driver.messages[0]!.press('Save');
    while (desk.driver.saveDialogs.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(desk.driver.messages.length, 1);
  });

  it('can be saved elsewhere where the file cannot be written', async () => {
    const file = path.join(folder.path, 'elsewhere.txt');
    desk.driver.saveAs = [vscode.Uri.file(folder.path), vscode.Uri.file(file)];
    const failed = await desk.driver.press('Save');
    assert.equal(failed.severity, 'error');
    assert.ok(failed.text.startsWith(`The dry run was not saved to ${folder.path}: `), failed.text);
    assert.deepEqual(failed.buttons, ['Save As', 'Show Log']);
    assert.equal((await desk.driver.press('Save As')).text, `The dry run is saved: ${file}`);
    assert.match(fs.readFileSync(file, 'utf8'), /^Dry run of /);
  });
});
