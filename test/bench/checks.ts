import type { Books } from './plan.js';
import { onePercentOf } from './prepared.js';
import type { Results } from './results.js';

/** A condition without which the ratios would compare different work. */
export interface Check {
  name: string;
  ok: boolean;
  /** The value that was found, if the condition does not hold. */
  found?: string;
}

/** Checks that all measured cases did the same work. Cases that were not measured are left out. */
export function checksOf(results: Results, books: Books): Check[] {
  const { small, medium, large, huge, allKinds, allKindsMedium } = books;
  const one = onePercentOf(small).vouchers;
  const checks: Check[] = [];
  const expect = (name: string, fact: string, wanted: number | string): void => {
    for (const { facts } of results.runs.get(name) ?? [])
      checks.push(checkOf(`${name}: ${fact}`, [wanted, facts[fact] ?? null]));
  };
  for (const name of ['read', 'readPlain', 'split', 'extractOne', 'extract'])
    expect(name, 'bytes', small.dayBook.bytes);
  for (const name of ['split', 'extractOne', 'extract', 'first', 'one']) expect(name, 'vouchers', small.vouchers);
  for (const name of ['extract', 'first', 'load', 'utf16', 'byMonth', 'host', 'naive', 'naiveInOneTransaction'])
    expect(name, 'invoices', small.vouchers);
  for (const name of ['extractOne', 'one', 'littleOne', 'naiveOne']) expect(name, 'invoices', one);
  for (const name of ['first', 'littleFirst', 'utf16', 'byMonth', 'host']) expect(name, 'inserted', small.vouchers);
  expect('extract', 'lines', small.ledgerLines + small.stockLines);
  expect('medium', 'inserted', medium?.vouchers ?? 0);
  expect('large', 'inserted', large?.vouchers ?? 0);
  expect('littleLarge', 'inserted', large?.vouchers ?? 0);
  expect('littleHuge', 'inserted', huge?.vouchers ?? 0);
  // Smaller books are read from the Day Book, whatever a Tally offers.
  for (const [name, vouchers = 0] of [
    ['littleFirst', small.vouchers],
    ['littleLarge', large?.vouchers],
    ['littleHuge', huge?.vouchers],
  ] as const)
    if (vouchers >= 1000) expect(name, 'report', 'Voucher Collection');
  for (const [end, book] of [
    ['', allKinds],
    ['Medium', allKindsMedium],
  ] as const)
    for (const first of ['streams', 'littleStreams']) {
      for (const what of ['Invoices', 'Both']) expect(`${first}${what}${end}`, 'inserted', book?.invoices ?? 0);
      expect(`${first}Both${end}`, 'ledgerInserted', book?.vouchers ?? 0);
      if (first === 'littleStreams' && book !== undefined && book.vouchers >= 1000)
        for (const what of ['Invoices', 'Both']) expect(`${first}${what}${end}`, 'report', 'Voucher Collection');
    }
  for (const name of ['second', 'littleSecond']) expect(name, 'unchanged', small.vouchers);
  for (const name of ['changed', 'littleChanged']) {
    expect(name, 'updated', Math.ceil(small.vouchers / 100));
    expect(name, 'inserted', 0);
  }
  for (const first of ['large', 'littleLarge']) {
    for (const what of ['Sync', 'SyncAgain'])
      for (const fact of ['updated', 'inserted', 'rowsWritten']) expect(first + what, fact, 0);
    for (const what of ['SyncChanged', 'SyncSpread']) {
      expect(first + what, 'updated', Math.ceil((large?.vouchers ?? 0) / 100));
      expect(first + what, 'inserted', 0);
    }
  }
  expect('littleHugeSyncSpread', 'updated', Math.ceil((huge?.vouchers ?? 0) / 100));
  for (const { way, case: of, wrote, expected } of results.tallyCosts)
    if (wrote !== undefined)
      checks.push(checkOf(`what Tally's costs were counted on: ${way}, ${of}`, [expected, wrote]));
  for (const [key, [first, ...others]] of results.digests)
    for (const { name, digest } of others)
      checks.push(checkOf(`${key}: ${first!.name} and ${name} left the same rows`, [first!.digest, digest]));
  return checks;
}

function checkOf(name: string, [wanted, found]: [unknown, unknown]): Check {
  const [a, b] = [JSON.stringify(wanted), JSON.stringify(found)];
  return a === b ? { name, ok: true } : { name, ok: false, found: `${b} instead of ${a}` };
}
