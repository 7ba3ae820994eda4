import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatDecimal, parseDecimal, roundDecimal } from '../../src/core/base/decimal.js';
import { readAmount, readPercent, readQuantity, readRate } from '../../src/core/invoice/values/values.js';

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

  /**
   * `paise currency amount rate`, then `odd` for a doubtful foreign part; or why the text is no amount. The foreign
   * amount is in ten-thousandths, the rate in millionths.
   */
  const read = (text: string): string => {
    const amount = readAmount(text);
    if ('reason' in amount) return amount.reason;
    const { currency, amount: own, rate, isOdd } = amount.foreign ?? { isOdd: false };
    return [amount.paise, currency ?? 'rupees', own, rate, isOdd && 'odd'].filter((part) => part !== false).join(' ');
  };

  it('in a foreign currency count by their rupees after the last =, whatever the sign is', () => {
    for (const [text, expected] of [
      ['-$448.44 @ ? 82.99/$ = -? 37216.04', '-3721604 $ -4484400 82990000'],
      ['€10.00 @ ₹ 90/€ = ₹ 900.00', '90000 € 100000 90000000'],
      ['-Dhs.100.00 @ ₹ 22.50/Dhs. = -₹ 2250.00', '-225000 Dhs. -1000000 22500000'],
      ['-US $100.00 @ ₹ 83/US $ = -₹ 8300.00', '-830000 US $ -1000000 83000000'],
      ['USD 100.00 @ ₹ 83.00/USD = ₹ 8300.00', '830000 USD 1000000 83000000'],
      ['-S/100.00 @ ₹ 22/S/ = -₹ 2200.00', '-220000 S/ -1000000 22000000'],
      ['100.00 $ @ ₹ 83/$ = ₹ 8300.00', '830000 $ 1000000 83000000'],
      ['-$1,00,000.00 @ ₹ 83/$ = -₹ 83,00,000.00', '-830000000 $ -1000000000 83000000'],
      ['-$100.00 @ Rs. 83/$ = -Rs. 8300.00', '-830000 $ -1000000 83000000'],
      ['K.D.100.125 @ ₹ 271.123456/K.D. = ₹ 27146.28', '2714628 K.D. 1001250 271123456'],
      ['Dhs.50 @ ₹ 22/Dhs. = ₹ 1100.00', '110000 Dhs. 500000 22000000'],
      ['$.50 @ ₹ 83/$ = ₹ 41.50', '4150 $ 5000 83000000'],
      ['₨2 100.00 @ ₹ 0.30/₨2 = ₹ 30.00', '3000 ₨2 1000000 300000'],
      // Tally has lost the currency signs, so the currency is not known.
      ['-? 100.00 @ ? 90/? = -? 9000.00', '-900000 ? -1000000 90000000'],
    ] as const)
      assert.equal(read(text), expected, text);
  });

  it('in rupees are rupees, also as an expression', () => {
    for (const text of ['₹900.00 @ ₹1.00/₹ = ₹900.00', 'Rs. 900.00 @ Rs. 1/Rs. = Rs. 900.00', '900.00 = ₹ 900.00'])
      assert.equal(read(text), '90000 rupees  ', text);
  });

  it('of a company that keeps its books in another currency count by the value in that one', () => {
    assert.equal(read('-$100.00 @ Dhs. 3.67/$ = -Dhs. 367.00'), '-36700 $ -1000000 3670000');
    assert.equal(read('-$100.00 @ Dhs. 3.67/$ = -₹ 367.00'), '-36700 $ -1000000  odd', 'the rate is none in rupees');
    assert.equal(read('-$100.00 @ ₹ 3.67/$ = -Dhs. 367.00'), 'not an amount in rupees');
  });

  it('in a foreign currency keep their rupees where the rest cannot be read, and are doubted', () => {
    for (const [text, expected] of [
      ['$100.00 @ ₹ 83 = ₹ 8300.00', '830000 $ 1000000  odd'],
      ['$100.00 @ ₹ 0/$ = ₹ 8300.00', '830000 $ 1000000  odd'],
      ['$100.00001 @ ₹ 83/$ = ₹ 8300.00', '830000 $  83000000 odd'],
      ['$12,34 @ ₹ 83/$ = ₹ 8300.00', '830000 $  83000000 odd'],
      // Dhs. 0.50 or Dhs. 50: only a rate would tell.
      ['Dhs.50 = ₹ 1100.00', '110000 Dhs.   odd'],
    ] as const)
      assert.equal(read(text), expected, text);
    assert.equal(read('Dhs.50.00 = ₹ 1100.00'), '110000 Dhs. 500000 ', 'no rate is said: nothing is odd');
  });

  it('with any text as their currency sign count by the value after the last =', () => {
    const signs = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).map((text) => text.trim() || '$');
    const decimal = fc.bigInt({ min: 1n, max: 10n ** 12n });
    fc.assert(
      fc.property(signs, decimal, decimal, decimal, fc.boolean(), (sign, own, rate, value, isDebit) => {
        const minus = isDebit ? '-' : '';
        const text = `${minus}${sign}${formatDecimal(own, 2)} @ ₹ ${formatDecimal(rate, 2)}/${sign} = ${minus}₹ ${formatDecimal(value, 2)}`;
        const amount = readAmount(text);
        assert.ok('paise' in amount, text);
        assert.equal(amount.paise, isDebit ? -value : value, text);
        // A sign that could be a part of the number may be read as one, so only other signs are checked.
        if (/[^\d\s.,()+-]$/.test(sign) && !/[?₹₨]|Rs|INR/.test(sign)) {
          assert.equal(amount.foreign?.currency, sign, text);
          assert.equal(amount.foreign.amount, (isDebit ? -own : own) * 100n, text);
          assert.equal(amount.foreign.rate, rate * 10_000n, text);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('are refused quickly, however long they are', () => {
    for (const piece of ['1', '$ ', ' ', '₹1@', '1/', '-', '1,'])
      assert.match(read(`${piece.repeat(100_000)} = ₹ 5.00`), /not an amount/);
  });

  it('in a foreign currency without a = count by their rate, rounded half away from zero to paise', () => {
    for (const [text, expected] of [
      ['-$448.44 @ ? 82.99/$', '-3721604 $ -4484400 82990000'],
      ['$448.44 @ ₹ 82.99/$', '3721604 $ 4484400 82990000'],
      ['(-)€ 1,000.00 @ 90/€', '-9000000 € -10000000 90000000'],
      ['$-0.10 @ ₹ 0.05/$', '-1 $ -1000 50000'],
      ['$0.10 @ ₹ 0.05/$', '1 $ 1000 50000'],
      ['$0.10 @ ₹ 0.0499/$', '0 $ 1000 49900'],
      ['12.5 USD @ Rs. 80.125/USD', '100156 USD 125000 80125000'],
      ['Dhs.10.00 @ ₹ 22.5/Dhs.', '22500 Dhs. 100000 22500000'],
      ['?10.00 @ ? 90/?', '90000 ? 100000 90000000'], // € and ₹ lost
      // 99999999999999.99 × 90.01 = 9000999999999999.0999: no float holds that.
      ['$99999999999999.99 @ ? 90.01/$', '900099999999999910 $ 999999999999999900 90010000'],
    ] as const)
      assert.equal(read(text), expected, text);
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

  it('in two units count as unreadable', () => {
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
