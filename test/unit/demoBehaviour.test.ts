import assert from 'node:assert/strict';
import { createBook } from '../../src/demo/book/book.js';
import { demoTally } from '../support/demo/demoTally.js';
import { switches, switchNames, usualSwitches } from '../../src/demo/behaviours/switches.js';
import { askTally, guidsIn, reportRequest, typedRange, variables } from '../support/askTally.js';

const book = createBook({ invoices: 30, from: '2024-04-01', to: '2024-05-31' });
const may = { from: '2024-05-01', to: '2024-05-31' };

describe('the switches of the demo Tally at run time', () => {
  const tally = demoTally({ book });

  const path = '/behaviour';
  const shown = async (): Promise<Record<string, unknown>> =>
    JSON.parse((await askTally(tally.url, '', { method: 'GET', path })).text) as Record<string, unknown>;
  const put = async (changes: unknown): Promise<{ status: number; said: Record<string, unknown> }> => {
    const body = typeof changes === 'string' ? changes : JSON.stringify(changes);
    const { status, text } = await askTally(tally.url, body, { method: 'PUT', path });
    return { status, said: JSON.parse(text) as Record<string, unknown> };
  };
  const refused = async (changes: unknown, message: RegExp, hint: RegExp): Promise<void> => {
    const before = await shown();
    const { status, said } = await put(changes);
    const error = said.error as { message: string; hint: string };
    assert.equal(status, 400);
    assert.match(error.message, message);
    assert.match(error.hint, hint);
    assert.deepEqual(await shown(), before, 'nothing is changed');
  };

  it('are shown as they usually stand', async () => {
    assert.deepEqual(await shown(), { ...usualSwitches, screenPeriod: null, fault: { kind: 'none' } });
  });

  it('take effect on the next request, and leave the others alone', async () => {
    const { status, said } = await put({ dayBook: 'screen-period', screenPeriod: may, keepsWorking: false });
    assert.equal(status, 200);
    const expected = { ...usualSwitches, dayBook: 'screen-period', screenPeriod: may, keepsWorking: false };
    assert.deepEqual(said, { ...expected, fault: { kind: 'none' } });
    const request = reportRequest('Day Book', variables(book.companyName, typedRange('20240401', '20240430')));
    assert.deepEqual(
      guidsIn((await askTally(tally.url, request)).text),
      [...book.vouchers(may)].map((v) => v.guid),
    );
    assert.equal((await put({ screenPeriod: null })).said.screenPeriod, null);
  });

  it('take each of their values', async () => {
    for (const name of switchNames)
      for (const value of switches[name]) assert.equal((await put({ [name]: value })).said[name], value);
  });

  it('can order a fault, and show how much of it is left', async () => {
    await put({ fault: { kind: 'empty-body', on: 'status', times: 2 } });
    assert.equal((await askTally(tally.url, '', { method: 'GET', path: '/status' })).bytes.length, 0);
    assert.deepEqual((await shown()).fault, { kind: 'empty-body', on: 'status', times: 1 });
  });

  it('can be turned while Tally is silent, and are no request to Tally', async () => {
    await put({ fault: { kind: 'silent', times: 1 } });
    const waiting = askTally(tally.url, '', { method: 'GET' });
    waiting.catch(() => undefined);
    while (tally.requests.length === 0) await new Promise((r) => setImmediate(r));
    assert.equal((await put({ dayBook: 'today' })).status, 200);
    assert.equal(tally.requests.length, 1);
  });

  it('refuse an unknown name, and say which names are allowed', async () => {
    await refused({ dayBok: 'today' }, /no switch "dayBok"/, /Switches: dayBook, .*screenPeriod, fault/);
    await refused({ book: {} }, /no switch "book"/, /Switches/);
    await refused({ toString: 1 }, /no switch "toString"/, /Switches/);
  });

  it('refuse an unknown value, and then the good values beside it too', async () => {
    await refused({ companyOpen: false, dayBook: 'sometimes' }, /dayBook cannot be "sometimes"/, /"honours-dates"/);
    await refused({ companyOpen: 'false' }, /companyOpen cannot be "false"/, /Allowed: true, false/);
    await refused({ screenPeriod: { from: '2024-05-31', to: '2024-05-01' } }, /screenPeriod cannot be/, /2024-04-01/);
    await refused({ screenPeriod: { from: '2024-02-30', to: '2024-05-01' } }, /screenPeriod cannot be/, /null/);
    await refused({ fault: { kind: 'fire' } }, /fault.kind cannot be "fire"/, /"empty-body"/);
    await refused({ fault: { kind: 'cut', on: 'masters' } }, /fault.on cannot be/, /"companies"/);
    await refused({ fault: { kind: 'cut', times: 0 } }, /fault.times cannot be 0/, /whole numbers/);
    await refused({ fault: { kind: 'cut', afterbytes: 5 } }, /fault.afterbytes cannot be 5/, /"afterBytes"/);
    await refused({ fault: 'cut' }, /fault must be a JSON object/, /kind/);
  });

  it('refuse what is no JSON object', async () => {
    for (const body of ['', 'dayBook=today', '[]', 'null', '"today"'])
      await refused(body, /The body must be a JSON object/, /Switches/);
  });
});
