import assert from 'node:assert/strict';
import type { LoggedRun } from '../../src/core/core.js';
import { EtlError } from '../../src/core/base/errors.js';
import { chosenLanguage, longDate, partName, speak } from '../../src/extension/language/language.js';
import type * as extensionWords from '../support/extensionWords.js';
import { inHindi } from '../support/inHindi.js';
import { sentencesAtLoad } from '../support/sentencesAtLoad.js';

describe('the language of the extension', () => {
  it('can be told when all modules are loaded: none of them has asked for a sentence', async () => {
    assert.deepEqual(await sentencesAtLoad(), []);
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
        assert.deepEqual([partName('2024-04-01', 'month'), longDate('2024-12-31')], ['April 2024', '31 December 2024']);
        speak({ name: 'hi' });
        assert.deepEqual([partName('2024-04-01', 'month'), longDate('2024-12-31')], ['अप्रैल 2024', '31 दिसंबर 2024']);
        speak({ name: 'not_a_locale' });
        assert.equal(longDate('2024-04-01'), '1 April 2024');
      }
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
      speak({ name: 'en' });
    }
  });
});

describe('in Hindi', () => {
  let hindi: typeof extensionWords;
  before(async () => {
    hindi = await inHindi('test/support/extensionWords.ts');
  });

  it('the buttons of a message are told apart by what stands on them', () => {
    const titles = Object.values(hindi.buttonTitles).map((title) => title());
    assert.equal(new Set(titles).size, titles.length);
    assert.equal(hindi.buttonTitles['Show Log'](), 'लॉग दिखाएँ');
    assert.deepEqual(hindi.buttonsFor(new EtlError('locked', 'Locked.', 'Wait.')), ['Retry', 'Show Log']);
  });

  /** What a message would say of the error that `fail` throws or gives. */
  const said = (fail: () => unknown): string => {
    try {
      return hindi.errorText(fail() as EtlError);
    } catch (error) {
      return hindi.errorText(error as EtlError);
    }
  };

  it('an error of the core says what has happened and what to do, and names settings as the editor does', () => {
    assert.equal(
      said(() => hindi.readConfig({ TALLY_OVERLAP_DAYS: 'two' })),
      'tally.overlapDays 0 से 3660 तक की पूर्ण संख्या नहीं है: two। tally.overlapDays ठीक करें या हटा दें।',
    );
    assert.equal(
      said(() => hindi.warehouseError(Object.assign(new Error('No.'), { code: '28P01' }), 'db:5432')),
      'वेयरहाउस (db:5432) ने अस्वीकार कर दिया: No. यूज़र का नाम या पासवर्ड गलत है: वेयरहाउस URL फिर से सेट करें।',
    );
    assert.match(
      said(() => hindi.unreachable(hindi.embeddedTarget, 'No.')),
      /^वेयरहाउस \(बिल्ट-इन\) तक पहुँच नहीं हो पा रही है: No\. कमांड फिर से चलाएँ/,
    );
    const sources = { settings: {}, workspace: {}, user: {}, meant: {}, dataDir: undefined };
    assert.match(
      said(() => hindi.configFrom({ ...sources, dotEnv: { DB_URL: 'mysql://db' } })),
      /^DB_URL \(\.env\) PostgreSQL का पता नहीं है।/,
    );
  });

  it('what is left out of the warehouse says why', () => {
    assert.deepEqual(hindi.readAmount('x'), { reason: 'रुपये की राशि नहीं' });
    assert.throws(() => hindi.parseXmlElement('<A><B></A>'), /^Error: अक्षर 6 पर का <\/A> टैग B को बंद/);
  });

  it('a part of the setup is named where its words do not', () => {
    const { text } = hindi.checkText([
      { part: 'warehouse', ok: false, message: 'वेयरहाउस तक पहुँच नहीं है।' },
      { part: 'schema', ok: false, message: 'वे पुराने हैं।' },
    ]);
    assert.equal(text, 'वेयरहाउस तक पहुँच नहीं है। टेबल: वे पुराने हैं।');
  });

  it('figures have Indian groups and Latin digits, dates of the tree Hindi months', () => {
    const progress = { phase: 'reading', invoices: 1200, total: 1234567, vouchers: 1, date: '2024-06-02' } as const;
    assert.equal(hindi.progressText(progress, 34), '12,34,567 इनवॉइस में से 1,200 · 34\u00a0% · 2\u00a0जून\u00a02024 तक');
    const run = { command: 'sync', status: 'error', from: '2024-04-01', to: '2024-04-01' } as LoggedRun;
    assert.match(hindi.runDescription(run, 0), /^विफल · .* · 1\u00a0अप्रैल\u00a02024 · /);
    assert.equal(hindi.runTitle(run), 'सिंक 1\u00a0अप्रैल\u00a02024');
    const { dayText, tickText } = hindi;
    const byType = [{ invoiceType: 'sales', invoices: 1200, total: '1234567.00' }] as const;
    const day = { date: '2024-04-12', loaded: true, proven: true, differences: 2, byType: [...byType], vouchers: null };
    assert.equal(
      dayText('2024-04-12', day, '2024-04-20'),
      '12 अप्रैल 2024, 1,200 इनवॉइस, शुद्ध बिक्री ₹12,34,567.00, लोड है, 2 इनवॉइस Tally से मेल नहीं खाते',
    );
    assert.equal(tickText(-15_000_000, true), '-₹1.5 करोड़');
  });
});
