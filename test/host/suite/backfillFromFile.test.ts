import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { rangeText } from '../../../src/core/base/countWords.js';
import { createBook } from '../../../src/demo/book/book.js';
import { demoCompanyName } from '../../../src/demo/demoNames.js';
import { bookOf } from '../../support/demo/bookOf.js';
import { expectedInvoice } from '../../support/demo/expected.js';
import { closedPort } from '../../support/closedPort.js';
import { exportBytes, freshFolder, type Folder } from '../../support/exportFiles.js';
import { leanSale } from '../../support/leanBook.js';
import { ask, emptyDatabase, freshDatabase } from '../../support/postgres.js';
import { Driver, extensionId, setSetting } from './drive.js';
import { storeWarehouseUrl } from './shown.js';

const command = 'tally.backfillFromFile';
const book = createBook({ invoices: 200, from: '2024-04-01', to: '2024-05-31' });
const vouchers = [...book.vouchers()];
const expected = vouchers.filter((voucher) => expectedInvoice(voucher)).length;
const april = vouchers.filter((voucher) => voucher.date < '2024-05-01' && expectedInvoice(voucher)).length;

describe('Backfill from File', function () {
  this.timeout(120_000);
  let driver: Driver;
  let folder: Folder;
  let databaseUrl: string;
  let file: vscode.Uri;

  before(async () => {
    folder = freshFolder();
    file = vscode.Uri.file(folder.write('DayBook.xml', exportBytes(book, { withMasters: true })));
    await setSetting('url', `http://127.0.0.1:${await closedPort()}`);
  });
  after(async () => {
    folder.remove();
    await setSetting('url', undefined);
  });
  beforeEach(async () => {
    databaseUrl = await freshDatabase();
    driver = new Driver();
    await storeWarehouseUrl(databaseUrl);
    driver.messages.length = 0;
    driver.boxes.length = 0;
  });
  afterEach(async () => {
    await storeWarehouseUrl('');
    driver.release();
    await setSetting('company', undefined);
  });

  const invoices = async (): Promise<unknown> =>
    (await ask(databaseUrl, 'SELECT count(*)::int AS n FROM fact_invoice'))[0]?.n;
  const tables = (): Promise<unknown[]> => ask(databaseUrl, "SELECT FROM pg_tables WHERE schemaname = 'public'");
  async function useEmpty(): Promise<void> {
    databaseUrl = await emptyDatabase();
    await storeWarehouseUrl(databaseUrl);
  }

  /** Replaces the system's own dialog, which no test can reach. */
  async function whileChoosing(
    chosen: vscode.Uri[] | undefined,
    work: () => Promise<void>,
  ): Promise<vscode.OpenDialogOptions | undefined> {
    const original = Object.getOwnPropertyDescriptor(vscode.window, 'showOpenDialog')!;
    let asked: vscode.OpenDialogOptions | undefined;
    const value: typeof vscode.window.showOpenDialog = (options) => {
      asked = options;
      return Promise.resolve(chosen);
    };
    Object.defineProperty(vscode.window, 'showOpenDialog', { ...original, value });
    try {
      await work();
    } finally {
      Object.defineProperty(vscode.window, 'showOpenDialog', original);
    }
    return asked;
  }

  it('stands in the context menu of XML files in the Explorer', () => {
    const { contributes } = vscode.extensions.getExtension(extensionId)!.packageJSON as {
      contributes: { menus: Record<string, { command: string; when: string }[]> };
    };
    const [entry, ...others] = contributes.menus['explorer/context']!;
    assert.deepEqual([entry?.command, others], ['tally.loadFile', []]);
    assert.match(entry!.when, /^resourceExtname =~ .*\.xml/);
  });

  it('reads the file that was clicked, offers all of it by its dates, and loads it without Tally', async () => {
    await driver.runOn(command, file, { choose: 'Everything in the file' }, { choose: 'Whole range' });
    const [range, mode] = driver.boxes;
    assert.equal(range?.title, `Backfill from DayBook.xml (${demoCompanyName})`);
    const span = rangeText({ from: vouchers[0]!.date, to: vouchers.at(-1)!.date });
    assert.deepEqual(range.rows, [
      { label: `Everything in the file (${vouchers.length} vouchers)`, description: span },
      { label: 'Other dates', description: 'Give the first and the last day' },
    ]);
    assert.deepEqual([mode?.step, mode?.totalSteps], [2, 2]);
    assert.deepEqual(
      driver.progresses.map(({ title }) => title),
      ['Tally: Reading DayBook.xml', `Tally: Backfill ${span}`],
    );
    const [closing] = driver.messages;
    const counts = `Loaded ${expected} invoices of ${demoCompanyName}, ${span}, all new, into `;
    assert.ok(closing?.text.startsWith(counts), closing?.text);
    assert.equal(await invoices(), expected);
  });

  it('asks for the file in the Command Palette, and loads other dates day by day', async () => {
    const asked = await whileChoosing([file], () =>
      driver.run(
        command,
        { choose: 'Other dates' },
        { write: '2024-04-01' },
        { write: '2024-04-30' },
        { choose: 'Day by day' },
      ),
    );
    assert.deepEqual([Object.values(asked?.filters ?? {}), asked?.canSelectMany], [[['xml', 'XML']], true]);
    assert.match(
      driver.messages[0]?.text ?? '',
      new RegExp(`^Loaded ${april} invoices of .*, 1–30\u00a0Apr\u00a02024`),
    );
    assert.equal(await invoices(), april);
  });

  it('loads all files that are selected together: a Day Book, and the masters that explain it', async () => {
    // In UTF-16, as the screen exports it: Tally's UTF-8 would lose the letters of Hindi names.
    const whole = exportBytes(book, { withMasters: true }).toString('utf16le');
    const bare = Buffer.from(whole.replace(/<VOUCHER [\s\S]*?<\/VOUCHER>/g, ''), 'utf16le');
    const masters = folder.write('Master.xml', bare);
    const both = [vscode.Uri.file(masters), vscode.Uri.file(folder.write('bare.xml', exportBytes(book)))];
    const moves = [{ choose: 'Everything in the files' }, { choose: 'Whole range' }];
    await whileChoosing(both, () => driver.run(command, ...moves));
    assert.equal(driver.boxes[0]?.title, `Backfill from Master.xml and 1 more (${demoCompanyName})`);
    assert.match(driver.messages[0]?.text ?? '', new RegExp(`^Loaded ${expected} invoices of .* all new`));
    // From the Explorer the command gets the file that was clicked, and all that are selected.
    await driver.runWith(command, [both[1], both], ...moves);
    assert.match(driver.messages[1]?.text ?? '', new RegExp(`nothing had changed. ${expected} invoices`));
  });

  it('ends silently when the user chooses no file, or dismisses the question for dates', async () => {
    await useEmpty();
    await whileChoosing(undefined, () => driver.run(command));
    await driver.runOn(command, file, 'leave');
    assert.deepEqual(driver.messages, []);
    assert.deepEqual(await tables(), []);
  });

  it('shows how far the reading is, and can be cancelled in it', async () => {
    await useEmpty();
    const many = bookOf(Array.from({ length: 20_000 }, (_, n) => leanSale(n, '2024-04-01')));
    const large = vscode.Uri.file(folder.write('large.xml', exportBytes(many)));
    driver.onProgress = (_, cancel) => {
      cancel();
    };
    await driver.runOn(command, large);
    assert.match(driver.progresses[0]?.reports[0]?.message ?? '', /^[\d,]+ vouchers · \d+ %$/);
    assert.match(driver.messages[0]?.text ?? '', /^Cancelled/);
    assert.deepEqual([driver.boxes, await tables()], [[], []]);
  });

  it('refuses the file of another company than the one that is set, before it asks for dates', async () => {
    await setSetting('company', 'Mehta & Co');
    await driver.runOn(command, file);
    const { text, buttons } = driver.messages[0]!;
    assert.match(text, /^DayBook\.xml holds the vouchers of Bharat Traders .*, not of Mehta & Co\..*tally\.company/);
    assert.doesNotMatch(text, /TALLY_COMPANY/);
    assert.ok(buttons.includes('Select Company'));
    assert.deepEqual(driver.boxes, []);
  });

  it('says plainly that a file in a virtual folder cannot be read', async () => {
    await driver.runOn(command, vscode.Uri.parse('vscode-vfs://github/someone/books/DayBook.xml'));
    assert.equal(driver.messages[0]?.severity, 'warning');
    assert.match(driver.messages[0].text, /^DayBook\.xml lies in a virtual folder and cannot be read from there\./);
    assert.deepEqual(driver.progresses, []);
  });
});
