import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import esbuild from 'esbuild';
import type { LoggedRun } from '../../src/core/core.js';
import { EtlError, exitCodes, type ErrorCode } from '../../src/core/errors.js';
import type * as buttons from '../../src/extension/buttons.js';
import type * as coverageWords from '../../src/extension/coverage/view/coverageWords.js';
import type * as errorWords from '../../src/extension/errorWords.js';
import { chosenLanguage, localDate, localRange, longDate, speak } from '../../src/extension/language.js';
import type * as runWords from '../../src/extension/runWords.js';
import type * as warehouseWords from '../../src/extension/warehouseWords.js';

const root = path.resolve(import.meta.dirname, '../..');

interface Spoken {
  buttons: typeof buttons;
  errorWords: typeof errorWords;
  runWords: typeof runWords;
  warehouseWords: typeof warehouseWords;
  coverageWords: typeof coverageWords;
}

/** The modules with words as they are in a thread that speaks Hindi: told so first, then loaded. */
async function inHindi(): Promise<Spoken> {
  const modules = {
    ...{ buttons: 'buttons', errorWords: 'errorWords', runWords: 'runWords' },
    ...{ warehouseWords: 'warehouseWords', coverageWords: 'coverage/view/coverageWords' },
  };
  const loads = Object.entries(modules).map(([name, file]) => `${name}: require('./src/extension/${file}.ts')`);
  const contents = `
    const sentences = require('./l10n/bundle.l10n.hi.json');
    require('./src/extension/language.ts').speak({ name: 'hi', sentences });
    module.exports = { ${loads.join(', ')} };`;
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: root },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    write: false,
  });
  const module = { exports: {} as Spoken };
  const load = vm.runInThisContext(`(module, require) => { ${outputFiles[0]!.text} }`) as (...given: unknown[]) => void;
  load(module, (name: string) => process.getBuiltinModule(name));
  return module.exports;
}

describe('the language of the extension', () => {
  it('is told to each thread and page before any module with words is loaded', () => {
    const entries = {
      'extension.ts': './hostLanguage.js',
      'jobWorker.ts': './workerLanguage.js',
      'coverage/view/coverageView.ts': './pageLanguage.js',
    };
    for (const [entry, first] of Object.entries(entries)) {
      const source = fs.readFileSync(path.join(root, 'src/extension', entry), 'utf8');
      assert.equal(/^import .*?'(.*?)'/ms.exec(source)?.[1], first, entry);
    }
  });

  it('is the one of the setting, else the display language', () => {
    const french = { name: 'fr', sentences: { Sync: 'Synchroniser' } };
    const read = (name: string): string => `{"Sync":"${name}"}`;
    const chosen = (setting: unknown) => chosenLanguage(setting, french, read);
    assert.deepEqual([chosen('auto'), chosen(undefined), chosen('fr')], [french, french, french]);
    assert.deepEqual([chosen('en'), chosen('hi')], [{ name: 'en' }, { name: 'hi', sentences: { Sync: 'hi' } }]);
    assert.deepEqual([chosen('../../secret'), chosen(7)], [french, french]);
  });

  it('writes a calendar date in its own way, the same day in every time zone', () => {
    const before = process.env.TZ;
    try {
      for (const zone of ['Pacific/Pago_Pago', 'UTC', 'Asia/Kolkata', 'Pacific/Kiritimati']) {
        process.env.TZ = zone;
        speak({ name: 'en' });
        assert.deepEqual([localDate('2024-04-01'), longDate('2024-12-31')], ['1 Apr 2024', '31 December 2024']);
        speak({ name: 'hi' });
        assert.deepEqual([localDate('2024-04-01'), longDate('2024-12-31')], ['1 अप्रैल 2024', '31 दिसंबर 2024']);
        speak({ name: 'not_a_locale' });
        assert.equal(localDate('2024-04-01'), '1 Apr 2024');
        assert.equal(localRange({ from: '2024-04-05', to: '2024-04-05' }), localDate('2024-04-05'));
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
      speak({ name: 'en' });
    }
  });
});

describe('in Hindi', () => {
  let hindi: Spoken;
  before(async () => {
    hindi = await inHindi();
  });

  it('the buttons of a message are told apart by what stands on them', () => {
    const titles = Object.values(hindi.buttons.buttonTitles);
    assert.equal(new Set(titles).size, titles.length);
    assert.equal(hindi.buttons.buttonTitles['Show Log'], 'लॉग दिखाएँ');
    assert.deepEqual(hindi.buttons.buttonsFor(new EtlError('locked', 'Locked.', 'Wait.')), ['Retry', 'Show Log']);
  });

  it('an error begins with what it is, before the English of the core', () => {
    for (const code of Object.keys(exitCodes) as ErrorCode[]) {
      const text = hindi.errorWords.errorText(new EtlError(code, 'It failed.', 'Set TALLY_URL.'));
      assert.match(text, /^[^a-z].*[\u0900-\u097f].* It failed\. Set tally\.url\.$/, code);
    }
  });

  it('figures have Indian groups and Latin digits, dates of the tree Hindi months', () => {
    const progress = { phase: 'reading', invoices: 1200, total: 1234567, vouchers: 1, date: '2024-06-02' } as const;
    assert.equal(hindi.runWords.progressText(progress, 34), '12,34,567 इनवॉइस में से 1,200 · 34 % · 2024-06-02 तक');
    const run = { command: 'sync', status: 'error', from: '2024-04-01', to: '2024-04-01' } as LoggedRun;
    assert.match(hindi.warehouseWords.runDescription(run, 0), /^विफल · .* · 1 अप्रैल 2024 · /);
    assert.equal(hindi.warehouseWords.runTitle(run), 'सिंक 2024-04-01');
    const { dayText, tickText } = hindi.coverageWords;
    const byType = [{ invoiceType: 'sales', invoices: 1200, total: '1234567.00' }] as const;
    const day = { date: '2024-04-12', loaded: true, proven: true, differences: 2, byType: [...byType] };
    assert.equal(
      dayText('2024-04-12', day, '2024-04-20'),
      '12 अप्रैल 2024, 1,200 इनवॉइस, ₹12,34,567.00, लोड है, 2 इनवॉइस Tally से मेल नहीं खाते',
    );
    assert.equal(tickText(-15_000_000, true), '-₹1.5 करोड़');
  });
});
