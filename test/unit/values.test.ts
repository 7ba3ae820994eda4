import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDecimal, parseDecimal, roundDecimal } from '../../src/core/decimal.js';
import { readAmount, readPercent, readQuantity, readRate } from '../../src/core/invoice/values.js';

describe('decimals', () => {
  it('come back as they went in, whatever their size', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        fc.integer({ min: 0, max: 6 }),
        (value, scale) => {
          assert.equal(parseDecimal(formatDecimal(value, scale), scale), value);
        },
      ),
    );
  });

  it('are refused rather than shortened', () => {
    assert.equal(parseDecimal('1.005', 2), undefined);
    assert.equal(parseDecimal('1.500', 2), 150n);
    assert.equal(parseDecimal('.5', 2), 50n);
    assert.equal(parseDecimal('-0.05', 2), -5n);
    for (const text of ['', '.', '1e5', '1,000', ' 1', '--1', 'NaN', '0x10', '٣'])
      assert.equal(parseDecimal(text, 2), undefined, text);
  });

  it('round half away from zero where rounding is allowed', () => {
    assert.equal(roundDecimal('1.00005', 4), 10001n);
    assert.equal(roundDecimal('-1.00005', 4), -10001n);
    assert.equal(roundDecimal('1.00004999', 4), 10000n);
    assert.equal(roundDecimal('7', 4), 70000n);
  });
});

describe('amounts of Tally', () => {
  const paise = (text: string): bigint | string => {
    const amount = readAmount(text);
    return 'paise' in amount ? amount.paise : amount.reason;
  };

  it('are read in each form that Tally writes', () => {
    assert.equal(paise('-1234.50'), -123450n);
    assert.equal(paise('(-)5'), -500n);
    assert.equal(paise('₹ 1,23,456.78'), 12345678n);
    assert.equal(paise('-₹ 37216.04'), -3721604n);
    assert.equal(paise('₹-37216.04'), -3721604n);
    assert.equal(paise('1,234,567.00'), 123456700n);
    assert.equal(paise('0.00'), 0n);
  });

  it('in a foreign currency count by their rupees after the last =', () => {
    assert.deepEqual(readAmount('-$448.44 @ ? 82.99/$ = -? 37216.04'), { paise: -3721604n, foreignCurrency: '$' });
    assert.deepEqual(readAmount('€10.00 @ ₹ 90/€ = ₹ 900.00'), { paise: 90000n, foreignCurrency: '€' });
  });

  it('in a foreign currency without a = count by their rate, rounded half away from zero to paise', () => {
    assert.deepEqual(readAmount('-$448.44 @ ? 82.99/$'), { paise: -3721604n, foreignCurrency: '$' });
    assert.deepEqual(readAmount('$448.44 @ ₹ 82.99/$'), { paise: 3721604n, foreignCurrency: '$' });
    assert.deepEqual(readAmount('(-)€ 1,000.00 @ 90/€'), { paise: -9000000n, foreignCurrency: '€' });
    assert.deepEqual(readAmount('$-0.10 @ ₹ 0.05/$'), { paise: -1n, foreignCurrency: '$' });
    assert.deepEqual(readAmount('$0.10 @ ₹ 0.05/$'), { paise: 1n, foreignCurrency: '$' });
    assert.deepEqual(readAmount('$0.10 @ ₹ 0.0499/$'), { paise: 0n, foreignCurrency: '$' });
    assert.deepEqual(readAmount('12.5 USD @ Rs. 80.125/USD'), { paise: 100156n, foreignCurrency: 'USD' });
    assert.deepEqual(readAmount('?10.00 @ ? 90/?'), { paise: 90000n, foreignCurrency: '?' }); // € and ₹ lost
    // 99999999999999.99 × 90.01 = 9000999999999999.0999: no float holds that.
    assert.deepEqual(readAmount('$99999999999999.99 @ ? 90.01/$'), {
      paise: 900099999999999910n,
      foreignCurrency: '$',
    });
  });

  it('in a foreign currency are refused when their rate is not rupees per one of it', () => {
    for (const text of [
      '$448.44 @ ? 82.99',
      '$448.44 @ ? 82.99/€',
      '$448.44 @ $ 82.99/$',
      '$448.44 @ ? 0/$',
      '$448.44 @ -? 82.99/$',
      '$448.44 @ ? 82.99/$/$',
      '$448.44 @ ? 82.99/$ @ ? 1/$',
      '$448.44 @ ? 82.99/100 $',
      '$448.44 @',
      '448.44 @ ? 82.99/$',
      '1e3 @ ? 80/e',
      '$ @ ? 82.99/$',
    ])
      assert.match(String(paise(text)), /rate cannot be read/, text);
    assert.match(String(paise('$9999999999999999.99 @ ? 82.99/$')), /larger/);
  });

  it('in a foreign currency are refused without both, and say so', () => {
    for (const text of ['$448.44', '-€ 10', '448.44 $', 'USD 5', '$-1'])
      assert.match(String(paise(text)), /neither its rate nor its value in rupees/, text);
    for (const text of ['?448.44', '-? 10', '? -10']) assert.match(String(paise(text)), /sign was lost/, text);
  });

  it('are never guessed', () => {
    assert.match(String(paise('')), /unknown, not zero/);
    assert.match(String(paise('1.005')), /more than two decimals/);
    assert.match(String(paise('10000000000000000.00')), /larger/);
    for (const text of [
      'abc',
      '$448.44',
      '12,34',
      '1 234',
      '--5',
      '-(-)5',
      '5 Nos',
      '1.2.3',
      '1e3',
      'Infinity',
      '=',
      '5=',
    ])
      assert.equal(typeof paise(text), 'string', text);
  });
});

describe('quantities, rates and percentages of Tally', () => {
  it('are read with their unit', () => {
    assert.deepEqual(readQuantity(' 670 Pair'), { quantity: 6_700_000n, unit: 'Pair' });
    assert.deepEqual(readQuantity(' 50.000 KG'), { quantity: 500_000n, unit: 'KG' });
    assert.deepEqual(readQuantity('-5 Nos'), { quantity: -50_000n, unit: 'Nos' });
    assert.deepEqual(readQuantity(' 10 Box 0 Nos'), { quantity: 100_000n, unit: 'Box' });
    assert.deepEqual(readQuantity('12'), { quantity: 120_000n, unit: null });
    assert.deepEqual(readQuantity(' 2 Doz = 24 Nos'), { quantity: 20_000n, unit: 'Doz' });
  });

  it('of two units are not squeezed into one', () => {
    assert.equal(readQuantity(' 10 Box 5 Nos'), undefined);
  });

  it('in rupees per unit come from behind the last =', () => {
    assert.equal(readRate('57.00/Pair'), 570_000n);
    assert.equal(readRate('$14.00 = ? 84.5/$ = ? 1183/box'), 11_830_000n);
    assert.equal(readRate('$14.00/box'), undefined);
    assert.equal(readRate('?14.00/box'), undefined, 'the sign may have been any');
    assert.equal(readRate('₹ 14.00/box'), 140_000n);
    assert.equal(readPercent(' 9'), 90_000n);
    assert.equal(readPercent('2.5 %'), 25_000n);
    assert.equal(readPercent('Exempt'), undefined);
  });
});
