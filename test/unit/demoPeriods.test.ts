import assert from 'node:assert/strict';
import type { DateRange } from '../../src/core/base/calendar.js';
import { createBook } from '../../src/demo/book/book.js';
import type { Behaviour } from '../../src/demo/behaviours/behaviour.js';
import { bookOf } from '../support/demo/bookOf.js';
import { demoTally } from '../support/demo/demoTally.js';
import type { DemoVoucher } from '../../src/demo/book/voucher.js';
import {
  askTally,
  collectionRequest,
  guidsIn,
  reportRequest,
  typedRange,
  typedToday,
  variables,
  type Reply,
} from '../support/askTally.js';

const book = createBook({ invoices: 150, from: '2024-04-01', to: '2024-06-30' });
const twoYears = createBook({ invoices: 150, from: '2023-10-01', to: '2024-09-30' });
const may = { from: '2024-05-01', to: '2024-05-31' };
const april = { from: '2024-04-01', to: '2024-04-30' };
const late = { from: '2024-05-15', to: '2024-06-02' };
const week = { from: '2024-04-08', to: '2024-04-14' };
const whole = book.range;
const day = (date: string): DateRange => ({ from: date, to: date });
const guidsOf = (range: DateRange, keeps: (v: DemoVoucher) => boolean = () => true): string[] =>
  [...book.vouchers(range)].filter(keeps).map((v) => v.guid);

const dates = ({ from, to }: DateRange): string => typedRange(from.replaceAll('-', ''), to.replaceAll('-', ''));
const named = (extra: string): string => variables(book.companyName, extra);
const asked = (report: string, range: DateRange, more = ''): string =>
  reportRequest(report, named(dates(range) + more));
const register = (range: DateRange): string => asked('Voucher Register', range);
const index = (range: DateRange, more = ''): string =>
  collectionRequest('Voucher', 'GUID, DATE, ALTERID, VOUCHERTYPENAME', named(dates(range) + more));
const filtered = (formula: string, range: DateRange, tag = 'FILTERS'): string =>
  index(range)
    .replace('</FETCH>', `</FETCH><${tag}>Inside</${tag}>`)
    .replace('</TDLMESSAGE>', () => `<SYSTEM TYPE="Formulae" NAME="Inside">${formula}</SYSTEM></TDLMESSAGE>`);
const inWeek = '$Date &gt;= $$Date:"20240408" AND $Date &lt;= $$Date:"20240414"';
const today = typedToday('20240510');
const inMay = [...book.vouchers(may)][0]!;
const alterId = 4_250;
const altered = `$AlterID &gt; ${alterId}`;
const isAltered = (v: DemoVoucher): boolean => v.alterId > alterId;
const firstRows = guidsOf(may).slice(0, 100);

type Row = [what: string, behaviour: Partial<Behaviour>, request: string, served: string[]];

const untypedDates = named('<SVFROMDATE>20240501</SVFROMDATE><SVTODATE>20240531</SVTODATE>');
const ofReports = (['dayBook', 'voucherRegister'] as const).flatMap((rule): Row[] => {
  const report = rule === 'dayBook' ? 'Day Book' : 'Voucher Register';
  const request = asked(report, may);
  const told = asked(report, may, today);
  return [
    [`${report}: everything, whatever is asked`, { [rule]: 'everything' }, request, guidsOf(whole)],
    [`${report}: what is asked`, { [rule]: 'honours-dates' }, request, guidsOf(may)],
    [`${report}: the last day of the books`, { [rule]: 'today' }, request, guidsOf(day('2024-06-30'))],
    [`${report}: the day of a typed SVCURRENTDATE`, { [rule]: 'today' }, told, guidsOf(day('2024-05-10'))],
    [`${report}: the period on its screen`, { [rule]: 'screen-period', screenPeriod: april }, told, guidsOf(april)],
    [`${report}: without one on its screen, the last year`, { [rule]: 'screen-period' }, told, guidsOf(whole)],
    [
      `${report}: the period on its screen for untyped dates`,
      { [rule]: 'honours-dates', screenPeriod: april },
      reportRequest(report, untypedDates),
      guidsOf(april),
    ],
  ];
});

const legal = { from: '2024-05-02', to: '2024-05-31' };
const onLegalDays = guidsOf(may, (v) => /-(01|02|31)$/.test(v.date));
const ofEducation: Row[] = [
  ...(['drops-bounds', 'from-shows-screen', 'from-shows-nothing', 'to-ends-with-screen'] as const).flatMap(
    (education): Row[] => [
      [`${education}: bounds on a 1st, 2nd or 31st are kept`, { education }, register(legal), guidsOf(legal)],
      [`${education}: in lists too`, { education }, index(may), guidsOf(may)],
    ],
  ),
  ...(['from-shows-screen', 'to-ends-with-screen'] as const).flatMap((education): Row[] => [
    [`${education}: for a refused SVFROMDATE the screen alone`, { education }, register(late), guidsOf(april)],
    [`${education}: to the lists too`, { education }, index(late), guidsOf(april)],
  ]),
  ...(['drops-bounds', 'from-shows-screen', 'from-shows-nothing'] as const).map((education): Row => {
    const request = register({ from: '2024-05-02', to: '2024-05-15' });
    const served = guidsOf({ from: '2024-05-02', to: whole.to });
    return [`${education}: for a refused SVTODATE to the end of the books`, { education }, request, served];
  }),
  [
    'to-ends-with-screen: to the end of the screen',
    { education: 'to-ends-with-screen' },
    register({ from: '2024-04-02', to: '2024-06-15' }),
    guidsOf({ from: '2024-04-02', to: '2024-04-30' }),
  ],
  [
    'to-ends-with-screen: which may lie before the beginning',
    { education: 'to-ends-with-screen' },
    register({ from: '2024-05-02', to: '2024-06-15' }),
    [],
  ],
  [
    'drops-bounds: a refused SVFROMDATE',
    { education: 'drops-bounds' },
    register({ from: '2024-05-03', to: '2024-05-31' }),
    guidsOf({ from: whole.from, to: '2024-05-31' }),
  ],
  ['drops-bounds: both bounds of a list', { education: 'drops-bounds' }, index(day('2024-05-05')), guidsOf(whole)],
  ['from-shows-nothing', { education: 'from-shows-nothing' }, register(late), []],
  ['hides-days: the vouchers of all other days are kept back', { education: 'hides-days' }, register(may), onLegalDays],
  ['hides-days: in lists too', { education: 'hides-days' }, index(may), onLegalDays],
].map(([what, behaviour, ...rest]) => [what, { screenPeriod: april, ...(behaviour as object) }, ...rest] as Row);

const ofHiding = (
  [
    ['cancelled', (v) => !v.cancelled],
    ['optional', (v) => !v.optional],
    ['every-tenth', (v) => v.masterId % 10 !== 0],
  ] as [Behaviour['dayBookHides'], (v: DemoVoucher) => boolean][]
).flatMap(([hides, keeps]): Row[] => {
  const kept = guidsOf(whole, keeps);
  assert.ok(kept.length < guidsOf(whole).length, hides);
  const dayBook = { dayBook: 'honours-dates', dayBookHides: hides } as const;
  const inRegister = { voucherRegisterHides: hides };
  return [
    [`${hides} in the Day Book`, dayBook, asked('Day Book', whole), kept],
    [`${hides} in the Day Book, not in the Voucher Register`, dayBook, register(whole), guidsOf(whole)],
    [`${hides} in the Voucher Register`, inRegister, register(whole), kept],
    [`${hides} in the Voucher Register, not in the list`, inRegister, index(whole), guidsOf(whole)],
  ];
});

const onScreen = { voucherIndex: 'screen-period', screenPeriod: april } as const;
const ofYear = { voucherIndex: 'current-date', screenPeriod: april, book: twoYears } as const;
const guidsIn2024 = (range: DateRange): string[] => [...twoYears.vouchers(range)].map((v) => v.guid);
const ofLists: Row[] = [
  ['what is asked', {}, index(may), guidsOf(may)],
  ['everything, whatever is asked', { voucherIndex: 'ignores-dates' }, index(may), guidsOf(whole)],
  ['the period on its screen', onScreen, index(may), guidsOf(april)],
  ['the period on its screen, SVCURRENTDATE or not', onScreen, index(may, today), guidsOf(april)],
  ['without one on its screen, the last year', { voucherIndex: 'screen-period' }, index(may), guidsOf(whole)],
  [
    'the financial year of a typed SVCURRENTDATE',
    ofYear,
    index(may, typedToday('20240105')),
    guidsIn2024({ from: '2023-04-01', to: '2024-03-31' }),
  ],
  [
    'without a typed SVCURRENTDATE, the period on its screen',
    ofYear,
    index(may, '<SVCURRENTDATE>20240105</SVCURRENTDATE>'),
    guidsIn2024(april),
  ],
  [
    'not some, others than the reports hide',
    { voucherIndex: 'leaves-out' },
    index(may),
    guidsOf(may, (v) => v.masterId % 10 !== 5),
  ],
  ['by a filter of literal dates, what is within it', {}, filtered(inWeek, april), guidsOf(week)],
  ['by a FILTER of one', {}, filtered(inWeek, april, 'FILTER'), guidsOf(week)],
  [
    'by a filter in other words',
    {},
    filtered('$Date &gt; $$Date:"7-Apr-2024" and $Date &lt; $$Date:"15-04-2024"', april),
    guidsOf(week),
  ],
  ['by a filter on top of the period', {}, filtered(inWeek, may), []],
  ['by a filter, in Education mode', { ...onScreen, education: 'drops-bounds' }, filtered(inWeek, may), guidsOf(week)],
  [
    'by a filter over all vouchers, whatever the period',
    { voucherIndex: 'screen-period', screenPeriod: may, literalFilter: 'scans-all' },
    filtered(inWeek, may),
    guidsOf(week),
  ],
  ['as if a filter were not there', { literalFilter: 'ignored' }, filtered(inWeek, april), guidsOf(april)],
  ['nothing by a filter that is none of literal dates', {}, filtered('$Date &gt;= ##SVFromDate', april), []],
  ['by a filter, what was altered after a number', {}, filtered(altered, may), guidsOf(may, isAltered)],
  ['as if that filter were not there', { alterIdFilter: 'ignored' }, filtered(altered, may), guidsOf(may)],
  ['nothing by that filter', { alterIdFilter: 'drops-all' }, filtered(altered, may), []],
  [
    'by a filter, what was altered after a number, within literal dates',
    {},
    filtered(`${inWeek} AND ($alterid &gt; ${alterId})`, april),
    guidsOf(week, isAltered),
  ],
  ['100 rows of a list of ids', { voucherIndex: 'cut' }, index(may), firstRows],
  ['whole, in a list that a filter bounds', { voucherIndex: 'cut' }, filtered(altered, may), guidsOf(may, isAltered)],
  ['whole, in a list of one', { voucherIndex: 'cut', book: bookOf([inMay]) }, index(may), [inMay.guid]],
  [
    'whole, in a list with lines',
    { voucherIndex: 'cut' },
    collectionRequest('Voucher', 'LEDGERENTRIES.AMOUNT', named(dates(may))),
    guidsOf(may),
  ],
  [
    'nothing by a filter without its formula',
    {},
    index(april).replace('</FETCH>', '</FETCH><FILTERS>Lost</FILTERS>'),
    [],
  ],
];

describe('the demo Tally', () => {
  const tally = demoTally({ book });
  const ask = (behaviour: Partial<Behaviour>, request: string): Promise<Reply> => {
    tally.behave(behaviour);
    return askTally(tally.url, request);
  };

  for (const [title, rows] of Object.entries({
    'serves, as ordered, by': ofReports,
    'in Education mode serves, as ordered,': ofEducation,
    'hides, as ordered,': ofHiding,
    'lists, as ordered,': ofLists,
  }))
    describe(title, () => {
      for (const [what, behaviour, request, served] of rows)
        it(what, async () => {
          const { head, bytes, text } = await ask(behaviour, request);
          assert.deepEqual(guidsIn(text), served);
          assert.equal(Number(head['content-length']), bytes.length);
        });
    });

  it('says nothing by a frame with nothing in it, by 23 bytes, or by a list that is a success', async () => {
    assert.match((await ask({ education: 'from-shows-nothing', emptyReport: 'framed' }, register(late))).text, /<SVC/);
    assert.equal((await ask({ emptyReport: 'bare' }, register(late))).text, '<ENVELOPE></ENVELOPE>\r\n');
    const { text } = await ask({}, index(late));
    assert.ok(text.includes('<STATUS>1</STATUS>') && text.includes('</COLLECTION>') && !text.includes('<VOUCHER '));
  });

  it('logs a filter as it was understood', async () => {
    for (const request of [
      filtered(inWeek, april),
      filtered('$Date &gt;= ##SVFromDate', april),
      index(april),
      filtered(altered, april),
    ])
      await ask({}, request);
    assert.deepEqual(
      tally.requests.map((r) => r.literal),
      [week, null, undefined, undefined],
    );
    assert.equal(tally.requests.at(-1)!.alteredAfter, alterId);
  });

  it('refuses a list of vouchers with STATUS 0 and a LINEERROR; those of masters it gives all the same', async () => {
    const { text } = await ask({ voucherIndex: 'refused' }, index(may));
    assert.match(text, /<STATUS>0<\/STATUS>[^]*<LINEERROR>Could not find Collection 'Voucher'!<\/LINEERROR>/);
    assert.match((await ask({}, collectionRequest('Ledger', 'NAME', named('')))).text, /<LEDGER NAME=/);
  });

  it('gives a list that is silently empty: success and the counters of the company, which an unknown one has not', async () => {
    const { text } = await ask({ voucherIndex: 'empty' }, index(may));
    assert.ok(text.includes('<STATUS>1</STATUS>') && text.includes(`<VOUCHER>${book.size}</VOUCHER>`));
    assert.deepEqual(guidsIn(text), []);
    const nobody = collectionRequest('Voucher', 'GUID', variables('Nobody', dates(may)));
    const counters = (await ask({}, nobody)).text.split('</CMPINFO>')[0]!;
    assert.deepEqual(new Set([...counters.matchAll(/>(\d+)<\/[A-Z]/g)].slice(2).map((m) => m[1])), new Set(['0']));
  });
});
