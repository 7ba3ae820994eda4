import assert from 'node:assert/strict';
import fc from 'fast-check';
import { dateOfDay, dayNumber } from '../../src/core/base/calendar.js';
import { dateText, rangeText } from '../../src/core/base/countWords.js';
import { EtlError } from '../../src/core/base/errors.js';
import { parseDate, parseRange, readTypedDate } from '../../src/core/base/parseDate.js';
import { longDate } from '../../src/extension/language/language.js';
import { plainSpaces } from '../support/plainSpaces.js';

const anyDay = fc.integer({ min: dayNumber('2000-01-01'), max: dayNumber('2099-12-31') }).map(dateOfDay);

describe('a date as a person types it', () => {
  it('is understood as India and Tally write it, the day first, and as ISO does', () => {
    const april = ['2024-04-01', '2024-4-1', '01-04-2024', '1-4-2024', '1/4/24', '1.4.2024', '1 4 2024', '20240401'];
    const named = ['1-Apr-24', '1-apr-2024', '01/APR/2024', '1 April 2024', '1 Apr 24', ' 1.April.2024 '];
    for (const text of [...april, ...named]) assert.equal(parseDate(text), '2024-04-01', text);
    assert.deepEqual(['13/12/24', '12/11/24'].map(parseDate), ['2024-12-13', '2024-11-12']);
    assert.equal(parseDate('5 Sept 2024'), '2024-09-05');
  });

  it('has a year of 2000 to 2099 where the year has two digits', () => {
    assert.deepEqual(['1-4-00', '1-4-99', '1-4-1999'].map(parseDate), ['2000-04-01', '2099-04-01', '1999-04-01']);
  });

  it('is refused where the calendar has no such day, and where it could mean anything else', () => {
    for (const text of ['2024-02-30', '30-02-2024', '29 Feb 2023', '20240230', '1/13/2024', '0-4-2024'])
      assert.equal(readTypedDate(text), 'impossible', text);
    for (const text of [
      'today',
      '1-4/2024',
      '1-4-02024',
      '1 Foo 2024',
      'Apr 1 2024',
      '24-4-2024-',
      '1-4-2024 x',
      '123456789',
    ])
      assert.equal(readTypedDate(text), 'none', text);
    assert.equal(parseDate('01042024'), undefined);
  });

  it('is not a mistake while it is half typed, at any key', () => {
    for (const whole of ['2024-04-01', '01-04-2024', '1/4/2024', '1 April 2024', '1-Apr-24', '20240401'])
      for (let length = 0; length < whole.length; length++) {
        const read = readTypedDate(whole.slice(0, length));
        assert.ok(read === 'unfinished' || typeof read === 'object', whole.slice(0, length));
      }
  });

  it('is what it was when it is written in any of its forms', () => {
    fc.assert(
      fc.property(anyDay, (date) => {
        const [year, month, day] = date.split('-') as [string, string, string];
        const forms = [date, `${day}-${month}-${year}`, `${day}/${month}/${year.slice(2)}`, `${year}${month}${day}`];
        for (const text of [...forms, dateText(date), longDate(date), `${Number(day)}.${Number(month)}.${year}`])
          assert.equal(parseDate(text), date, text);
      }),
    );
  });

  it('may be any text: nothing throws', () => {
    const pieces = fc.constantFrom(
      '1',
      '31',
      '2024',
      '-',
      '/',
      '.',
      ' ',
      'Apr',
      'September',
      '99999',
      '\u00a0',
      'é',
      '०',
    );
    const wild = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(wild, (text) => {
        const date = parseDate(text);
        if (date !== undefined) assert.equal(parseDate(date), date);
      }),
    );
  });
});

describe('a range of two typed dates', () => {
  it('names the word that is wrong, and how to write it', () => {
    const failure = (from: string, to: string): EtlError => {
      try {
        parseRange(from, to);
      } catch (error) {
        assert.ok(error instanceof EtlError && error.code === 'usage');
        return error;
      }
      throw new Error('no failure');
    };
    assert.match(failure('2024-02-30', '2024-03-01').message, /FROM is not a calendar date: "2024-02-30"/);
    assert.match(failure('2024-02-01', '31/4/2024').message, /TO is not a calendar date/);
    assert.match(failure('x', '31/4/2024').hint, /01-04-2024 or 1-Apr-24/);
    assert.match(failure('2-3-24', '1-3-24').message, /^FROM \(2\sMar\s2024\) is after TO \(1\sMar\s2024\)\.$/);
    assert.deepEqual(parseRange('1-Mar-24', '01/03/2024'), { from: '2024-03-01', to: '2024-03-01' });
  });
});

describe('a date as it is shown', () => {
  it('has one form; nothing breaks inside it', () => {
    assert.equal(dateText('2024-09-05'), '5\u00a0Sep\u00a02024');
    for (const [from, to, text] of [
      ['2024-04-01', '2024-04-01', '1 Apr 2024'],
      ['2024-08-01', '2024-08-31', '1–31 Aug 2024'],
      ['2024-04-01', '2024-10-13', '1 Apr – 13 Oct 2024'],
      ['2023-04-01', '2024-03-31', '1 Apr 2023 – 31 Mar 2024'],
    ] as const)
      assert.equal(plainSpaces(rangeText({ from, to })), text);
  });
});
