import assert from 'node:assert/strict';
import type { ErrorCode } from '../../src/core/base/errors.js';
import {
  requestClasses,
  type Behaviour,
  type FaultKind,
  type RequestClass,
} from '../../src/demo/behaviours/behaviour.js';
import type { AnswerEncoding } from '../../src/demo/answers/encoding.js';
import { switches } from '../../src/demo/behaviours/switches.js';
import { fullTable } from '../support/fullTable.js';
import { servers } from '../support/postgres.js';
import { useToday } from '../support/shiftedClock.js';
import {
  afterwards,
  complete,
  error,
  jobNames,
  jobs,
  runCell,
  tableToday,
  TableWarehouse,
  textOfSays,
  unproven,
  unprovenList,
  usual,
  type JobName,
  type Says,
} from '../support/tallyTable.js';
import { useTally } from '../support/useTally.js';
import { keptIn } from '../support/kept.js';

/** Rows take these jobs in turn. Not `byDays`, where a fault strikes among many requests. */
const tried = jobNames.filter((name) => name !== 'byDays');
const jobOf = (n: number): JobName => tried[n % tried.length]!;

const broken: FaultKind[] = ['cut', 'cut-end', 'short', 'stall'];
const refusals = ['tally-refused', 'answer-unreadable'] as const;

/** The error that the reader of Tally's answers gives for each kind of fault. */
const codes: Partial<Record<FaultKind, ErrorCode>> = {
  html: 'answer-unreadable',
  'http-500': 'tally-refused',
  'empty-body': 'company-not-open',
  'unknown-request': 'tally-refused',
  'unknown-report': 'tally-refused',
  'company-refused': 'company-not-open',
  'company-not-found': 'company-not-open',
  'status-0': 'tally-refused',
  cut: 'answer-cut',
  'cut-end': 'answer-cut',
  short: 'answer-cut',
  stall: 'tally-timeout',
  silent: 'tally-timeout',
};

interface Outcome {
  says: Says;
  withoutClasses?: boolean;
}

/** The expected outcome of a fault that strikes all requests of a class. */
function outcomeOf(kind: FaultKind, on: RequestClass, job: JobName): Outcome {
  const code = codes[kind];
  // Another program or a proxy answers. So Tally has refused nothing, and no job goes on without its answer.
  const isOther = kind === 'html' || kind === 'http-500';
  const isRefused = !isOther && refusals.some((refusal) => refusal === code);
  // No load depends on digests: without them it asks for lists. Single vouchers and totals are not asked for here.
  if (kind === 'slow' || on === 'day-digests' || on === 'day-totals' || on === 'voucher') return { says: complete };
  if (on === 'ledgers' || on === 'groups') {
    if (isRefused || kind === 'empty-envelope' || kind === 'empty-list')
      return {
        says: { kind: 'complete', warning: /classed by its name alone|classed by their names/ },
        withoutClasses: true,
      };
  }
  if (on === 'vouchers') {
    if (isRefused) return { says: unproven };
    if (kind === 'empty-envelope' || kind === 'empty-list') return { says: unprovenList(job) };
  }
  if (kind === 'other-company' || kind === 'other-company-named')
    return { says: on === 'report' || on === 'vouchers' ? error('company-not-open') : complete };
  if (code !== undefined) return { says: error(code) };
  // The other kinds are empty answers.
  if (on === 'report') return { says: error('range-not-covered') };
  if (on === 'voucher-types') return { says: error('tally-refused') };
  return { says: error('company-not-open') };
}

/** Which answer is cut, and after how many bytes. */
const edges = [
  [0, 0],
  [0, 90_001],
  [1, 500],
  [2, 99_999_999],
] as const;

/** An answer is complete if only the line end after its last element is missing. */
function cutOutcome(kind: FaultKind, lengthHeader: string, afterBytes: number): Says {
  if (afterBytes === 0 && kind === 'short') return error('company-not-open');
  const endsProperly = kind === 'short' || (kind === 'cut-end' && lengthHeader === 'none');
  return endsProperly && afterBytes > 9_999_999 ? complete : error('answer-cut');
}

for (const server of servers().slice(0, 1))
  describe(`whatever happens to Tally's answers to ${server.name}`, function () {
    this.timeout(30_000);
    const tally = useTally();
    let warehouse: TableWarehouse;
    useToday(tableToday);
    const followed = new Set<string>();

    before(async function () {
      this.timeout(120_000);
      warehouse = await TableWarehouse.fill(await server.freshDatabase(), tally);
    });
    after(async () => {
      await warehouse.close();
    });

    async function play(
      jobName: JobName,
      behave: Partial<Behaviour>,
      outcome: Outcome,
      encoding?: AnswerEncoding,
    ): Promise<void> {
      const job = jobs[jobName];
      await warehouse.putBack(job);
      tally.behave({ ...usual, dayBook: 'honours-dates', ...behave });
      const stops = behave.fault?.kind === 'silent' || behave.fault?.kind === 'stall';
      const env = { ...(stops && { TALLY_TIMEOUT_SECONDS: '1' }) };
      const { error: failure } = await runCell(
        { job, env, ...outcome, ...(encoding && { encoding }) },
        warehouse,
        tally,
      );
      // After the first outcome of its kind for a job, another run follows. FULL_TABLE=1 does so each time.
      const outcomeOfJob = `${jobName} ${textOfSays(outcome.says)}`;
      if (outcome.says.kind === 'complete' || (!fullTable && followed.has(outcomeOfJob))) return;
      followed.add(outcomeOfJob);
      // Without the fault the next run completes everything, and does not ask again for the months that were committed.
      const committed = keptIn(failure?.message ?? '')?.to;
      tally.behave({ ...usual, dayBook: 'honours-dates' });
      tally.requests.length = 0;
      await runCell({ job: afterwards(job, await warehouse.checkpoint()), says: complete }, warehouse, tally);
      const asked = tally.requests
        .filter(({ kind, from }) => kind === 'report' && from! >= job.range.from) // older days are compared
        .map(({ from }) => from!);
      if (committed !== undefined)
        assert.ok(
          asked.every((from) => from > committed),
          `${asked.join()} after ${committed}`,
        );
    }

    describe('the encoding', () => {
      let n = 0;
      // unit/tallyEncoding tests what a header decides. Here each encoding is tried with one header, FULL_TABLE=1 with
      // all.
      for (const [e, encoding] of switches.answerEncoding.entries())
        for (const charsetHeader of switches.charsetHeader.filter((_, h) => fullTable || h === e % 3)) {
          const job = jobOf(n++);
          it(`${encoding}, charset header ${charsetHeader}: ${jobs[job].name} has every text as it was sent`, () =>
            play(
              job,
              { answerEncoding: encoding, charsetHeader },
              { says: complete },
              encoding === 'as-asked' ? 'utf-16' : encoding,
            ));
        }
    });

    describe('the end of an answer', () => {
      let n = 0;
      for (const [shift, lengthHeader] of switches.lengthHeader.entries()) {
        // The client reads only CONTENT-LENGTH of these by its name, so that one is tried in all spellings.
        for (const [h, headerNames] of switches.headerNames.entries()) {
          const job = jobOf(n++);
          if (!fullTable && lengthHeader !== 'content-length' && h !== shift % switches.headerNames.length) continue;
          it(`${lengthHeader}, headers ${headerNames}: ${jobs[job].name} is complete`, () =>
            play(job, { lengthHeader, headerNames }, { says: complete }));
        }
        // tallyFailures.test.ts cuts anywhere. Here are the edges, two of the four for each kind; FULL_TABLE=1 tries
        // all.
        for (const [k, kind] of (['cut', 'cut-end', 'short'] as const).entries())
          for (const [after, afterBytes] of edges.filter((_, e) => fullTable || (e + k + shift) % 2 === 0)) {
            const job = after === 2 ? (['backfill', 'reload'] as const)[n++ % 2]! : jobOf(n++);
            it(`${lengthHeader}, ${kind} after ${afterBytes} bytes of answer ${after + 1}: ${jobs[job].name} takes nothing of it`, () =>
              play(
                job,
                { lengthHeader, fault: { kind, after, afterBytes, on: 'report' } },
                { says: cutOutcome(kind, lengthHeader, afterBytes) },
              ));
          }
      }
    });

    describe('a fault', () => {
      let n = 0;
      const kinds = Object.keys(codes).concat(
        'empty-envelope',
        'empty-list',
        'slow',
        'other-company',
        'other-company-named',
      ) as FaultKind[];
      /**
       * Requests for reports show every kind of fault. Other requests show each outcome once; FULL_TABLE=1 tries all
       * kinds.
       */
      const taken = (all: FaultKind[], on: RequestClass): { kind: FaultKind; job: JobName }[] => {
        const shown = new Set<string>();
        return all.flatMap((kind) => {
          const job = jobOf(n);
          const outcome = textOfSays(outcomeOf(kind, on, job).says);
          if (!fullTable && shown.has(outcome)) return [];
          if (on !== 'report') shown.add(outcome);
          n++;
          return { kind, job };
        });
      };
      // No load without the stream `ledger` asks for balances; test/integration/ledgerMasters.test.ts has those.
      for (const [c, on] of requestClasses.filter((name) => name !== 'status' && name !== 'balances').entries())
        for (const { kind, job } of taken([...kinds.slice(3 * c), ...kinds.slice(0, 3 * c)], on)) {
          const afterBytes = broken.includes(kind) ? { afterBytes: 1500 } : {};
          it(`${kind} on ${on}: ${jobs[job].name} is complete, or says what is not`, () =>
            play(job, { fault: { kind, on, ...afterBytes, waitMs: 20 } }, outcomeOf(kind, on, job)));
        }
      const ofEachCode = [...new Map(Object.entries(codes).map(([kind, code]) => [code, kind])).values()];
      for (const kind of (fullTable ? Object.keys(codes) : ofEachCode) as FaultKind[])
        for (const job of [(['backfill', 'reload'] as const)[n++ % 2]!])
          it(`${kind} on the third report: ${jobs[job].name} keeps what came before, or changes nothing`, () =>
            play(job, { fault: { kind, on: 'report', after: 2, afterBytes: 1500 } }, { says: error(codes[kind]!) }));
    });
  });
