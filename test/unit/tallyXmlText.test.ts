import assert from 'node:assert/strict';
import fc from 'fast-check';
import { cleanText, readText } from '../../src/core/tally/xml/xmlText.js';
import { escape } from './tallySupport.js';

describe('a text out of Tally', () => {
  it('has its references resolved: the five names, decimal, hexadecimal', () => {
    assert.equal(
      readText('A &amp; B &lt;x&gt; &quot;y&quot; &apos;z&apos; &#8377;5 &#x20B9;6 &#X20b9;7'),
      `A & B <x> "y" 'z' ₹5 ₹6 ₹7`,
    );
  });

  it('loses the mark that Tally puts before reserved names, and the space behind it', () => {
    assert.equal(readText('&#4; Primary'), 'Primary');
    assert.equal(readText('\u0004 Not Applicable'), 'Not Applicable');
    assert.equal(readText('&#x4; Not Applicable &#x04;'), 'Not Applicable');
    assert.equal(readText('a\u0000b&#00;\u0003c\u0005'), 'abc');
    assert.equal(readText('a\u0003b\u0005c&#0;d&#xFFFE;e&#xD800;f&#x110000;g'), 'abcdefg');
  });

  it('loses half a surrogate pair, which PostgreSQL refuses, and keeps whole ones', () => {
    assert.equal(cleanText('a\ud83db \ud83d\ude00'), 'ab \u{1f600}');
  });

  it('keeps a character that is written as two references, each half of a surrogate pair', () => {
    assert.equal(readText('a&#55357;&#56832;b'), 'a\u{1f600}b');
    assert.equal(readText('&#xD83D;&#xde00;&#x1F600;&#xD83D;&#56832;'), '\u{1f600}\u{1f600}\u{1f600}');
    assert.equal(readText('a&#55357;b &#56832;&#55357; c&#xD83D;&#4;&#xDE00;d'), 'ab  cd', 'halves alone are lost');
  });

  it('keeps a bare & and unknown names as they stand', () => {
    assert.equal(readText('&foo; & &#; &#x; &amp'), '&foo; & &#; &#x; &amp');
    assert.equal(readText('Fish & Chips &nbsp; &; &#; &#x; A&B'), 'Fish & Chips &nbsp; &; &#; &#x; A&B');
  });

  it('resolves once: &amp;lt; is the text &lt;', () => {
    assert.equal(readText('&amp;lt;'), '&lt;');
  });

  it('keeps a line break written as references inside a name and unifies raw ones', () => {
    assert.equal(readText('a&#13;&#10;b'), 'a\r\nb');
    assert.equal(readText('a\r\nb\rc\nd'), 'a\nb\nc\nd');
  });

  it('comes back whatever was escaped into it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const expected = cleanText(text.replace(/\r\n?/g, '\n'));
        assert.equal(readText(escape(text)), expected);
      }),
    );
  });
});
