import { t } from '@vscode/l10n';
import { EtlError } from '../../base/errors.js';
import { formatCount } from '../../base/format.js';
import { invoiceTypesOf } from '../../invoice/classes/invoiceTypeOf.js';
import type { AnswerSource } from '../../tally/answerSource.js';
import type { TallyClient } from '../../tally/http/client.js';
import type { Company } from '../../tally/requests/companies.js';
import { readMasters, type ReadMasters } from '../../tally/requests/masters.js';
import { probe } from '../../tally/http/probe.js';
import { openCompany, openTally } from '../books/books.js';
import { describeLacking } from '../books/lackingMasters.js';
import { caution, failed, fine, wrong } from './checkItem.js';
import { checkReport } from './checkReport.js';
import { checkVouchers } from './checkVouchers.js';
import type { CheckItem, CheckPart, JobContext } from '../job.js';

/** Checks Tally's side. Ends at the first part that fails with an error, because the next parts need that part. */
export async function checkTally(context: JobContext, patienceMs: number): Promise<CheckItem[]> {
  const client = openTally(context);
  const silence = new Silence(context, patienceMs);
  const items: CheckItem[] = [];
  const source: AnswerSource = {
    post: (xml, signal) => silence.during(client.post(xml, signal), 'it is still making this answer'),
  };
  let part: CheckPart = 'tally';
  try {
    items.push(await checkAnswers(client, silence, context));
    part = 'company';
    const { company } = await openCompany(source, context);
    items.push(describeCompany(company));
    part = 'masters';
    const masters = await readMasters(source, company, context.signal);
    items.push(describeMasters(masters));
    part = 'vouchers';
    const { item, day } = await checkVouchers(source, company, invoiceTypesOf(masters.voucherTypes), context);
    items.push(item);
    part = 'report';
    if (day !== undefined) items.push(await checkReport(source, company, day, context));
  } catch (error) {
    const isSilent = part === 'tally' && error instanceof EtlError && error.code === 'tally-timeout';
    items.push(isSilent ? silent(context) : failed(part, error));
  } finally {
    await client.close();
  }
  return items;
}

async function checkAnswers(client: TallyClient, silence: Silence, { config, signal }: JobContext): Promise<CheckItem> {
  const url = config.tallyUrl;
  const answer = await silence.during(probe(client, signal), 'it is busy with another request');
  if (silence.seconds === undefined) return fine('tally', t('Tally answers at {url}: {answer}', { url, answer }));
  const words = { url, answer, seconds: silence.seconds };
  return caution(
    'tally',
    t(
      'Tally answers at {url}: {answer}. It took {seconds} seconds: it was busy with another request, or a box was open on its screen.',
      words,
    ),
  );
}

const silent = ({ config: { tallyUrl: url, timeoutSeconds: seconds } }: JobContext): CheckItem =>
  wrong(
    'tally',
    t(
      'Tally is reached at {url}, but has not answered for {seconds} seconds: it is busy with another request, or a box waits on its screen.',
      { url, seconds },
    ),
    t("Close any box on Tally's screen, or wait until it has finished what it is doing. Then check again."),
  );

/** Says that the company is open. Warns if Tally runs without a licence. */
export function describeCompany({ name, edition }: Company): CheckItem {
  const words = { name: `“${name}”` };
  if (edition !== 'education') return fine('company', t('The company {name} is open.', words));
  return caution(
    'company',
    t(
      'The company {name} is open. Tally runs without a licence (Education mode): it refuses dates other than the 1st, 2nd and 31st of a month, and may leave out vouchers of other days.',
      words,
    ),
  );
}

function describeMasters({ voucherTypes, ledgers, groups, lacking }: ReadMasters): CheckItem {
  const message = t('Tally gave its masters: {types} voucher types, {ledgers} ledgers, {groups} groups.', {
    types: formatCount(voucherTypes.length),
    ledgers: formatCount(ledgers.length),
    groups: formatCount(groups.length),
  });
  return lacking.length === 0
    ? fine('masters', message)
    : caution('masters', [message, ...lacking.map(describeLacking)].join(' '));
}

/**
 * Tells the user when Tally is silent. Tally serves one request after the other, so even `/status` may have to wait
 * (docs/tally.md §2).
 */
class Silence {
  /** How long the last slow answer took, in seconds; undefined if no answer was slow. */
  seconds: number | undefined;

  constructor(
    private readonly context: JobContext,
    private readonly patienceMs: number,
  ) {}

  /** Waits for an answer. If it is slow, the log names two possible reasons: `why`, and a box on Tally's screen. */
  async during<T>(answer: Promise<T>, why: string): Promise<T> {
    const since = performance.now();
    const timer = setTimeout(() => {
      this.#say(why);
    }, this.patienceMs);
    try {
      return await answer;
    } finally {
      clearTimeout(timer);
      const waited = performance.now() - since;
      if (waited >= this.patienceMs) {
        this.seconds = Math.round(waited / 1000);
        this.context.onProgress?.({ phase: 'preparing', checks: 'tally', invoices: 0, vouchers: 0 });
      }
    }
  }

  #say(why: string): void {
    const { logger, config, onProgress } = this.context;
    const seconds = Math.round(this.patienceMs / 1000);
    logger.warn(
      `Tally has not answered for ${seconds} seconds: ${why}, or a box waits on its screen. ` +
        `Waiting for up to ${config.timeoutSeconds} seconds (TALLY_TIMEOUT_SECONDS).`,
    );
    onProgress?.({ phase: 'preparing', checks: 'silent-tally', invoices: 0, vouchers: 0 });
  }
}
