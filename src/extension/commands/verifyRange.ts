import type { DateRange } from '../../core/base/calendar.js';
import type { VerifyAnswer } from '../jobs/jobMessages.js';
import { messages } from '../messages.js';
import { asSentence } from '../notices/errorWords.js';
import type { GivenRange } from '../settings/booksInUse.js';
import type { Outcome } from '../view/runHistory.js';
import { progressText } from '../view/runWords.js';
import type { CommandId } from './commandIds.js';
import type { Command, Parts } from './command.js';
import type { LineAction, TextDocument } from '../pages/textDocuments.js';
import { recordedRun, type RecordedRun } from './recordedRun.js';
import { verifyText, verifyWords as words } from './verifyWords.js';
import { askRangeOfBooks, givenRange, type RangeOfBooks } from './givenRange.js';

/** The most differences that the document lists. Nobody reads more: such a range has to be loaded again. */
const shownDifferences = 1000;

interface VerifyOfBooks extends RangeOfBooks {
  totals: boolean;
}

/**
 * Compares Tally with the warehouse. Asks for the range, and whether to compare by totals or field by field. If it is
 * called with a range, it asks nothing, and compares by totals only if the argument has `totals`.
 */
export const verifyRange: Command<VerifyOfBooks> = {
  async ask(parts, argument) {
    const asked = await askRangeOfBooks(parts, argument, { title: words.input(), withMode: false });
    const given = givenRange(argument);
    if (!asked || given) return asked && { ...asked, totals: given?.totals === true };
    const title = messages.of(words.input(), asked.books.inDemo);
    const way = await parts.questions.pick({ title, placeholder: words.wayQuestion(), items: words.ways() });
    return way && { ...asked, totals: way.totals };
  },
  run: verify,
};

async function verify(parts: Parts, { range: { from, to }, totals, books }: VerifyOfBooks): Promise<void> {
  const config = await parts.books.configOf(books);
  const request = { from, to, limit: shownDifferences, ...(totals && { totals }) };
  const again = { verify: { from, to, ...books, ...(totals && { totals }) } };
  const given = { job: 'verify' as const, range: { from, to }, again, inDemo: books.inDemo };
  const work = ({ onPercent, signal }: RecordedRun): Promise<VerifyAnswer> =>
    parts.runner.run('verify', request, config, {
      title: messages.of(words.title(request), books.inDemo),
      text: progressText,
      ...{ onPercent, signal },
    });
  const answer = await recordedRun(parts, given, config, work, (found) => outcomeOf(found, books.inDemo));
  await conclude(parts, answer, books.inDemo);
}

function outcomeOf(answer: VerifyAnswer, inDemo: boolean): Outcome {
  const { worrying } = verifyText(answer);
  const { days, found, concerns, result } = answer;
  return {
    status: worrying ? 'warning' : 'ok',
    short: shortOf(answer),
    concerns: [...(days.length > 0 ? [found] : []), ...concerns.map(asSentence)],
    ...{ company: result.company, days: days.map(({ date }) => date), runId: result.runId },
    document: documentOf(answer, inDemo),
  };
}

function shortOf({ days, result: { ledger, bills, stock, vouchers } }: VerifyAnswer): string {
  if (days.length > 0) return words.differs(days.length);
  const differ = [ledger, bills, stock].some((one) => one !== undefined && one.differences > 0);
  if (differ) return words.balancesDiffer();
  return vouchers !== undefined && vouchers.differences > 0 ? words.vouchersUnbalanced() : words.matches();
}

async function conclude(parts: Parts, answer: VerifyAnswer, inDemo: boolean): Promise<void> {
  const { worrying, text } = verifyText(answer);
  parts.log[worrying ? 'warn' : 'info'](text);
  const document = documentOf(answer, inDemo);
  const show = (): Promise<void> => parts.documents.show(document);
  if (answer.days.length > 0) parts.notifier.offer('warning', text, ['Show Differences'], { 'Show Differences': show });
  else parts.notifier.offer(worrying ? 'warning' : 'info', text, ['Show Comparison'], { 'Show Comparison': show });
  // If the document of an earlier comparison is open, it must not stay out of date.
  if (answer.days.length === 0) parts.documents.update(document);
  else await parts.documents.showAside(document);
}

/** The document of a comparison. Its actions stand above the first line, and above each day that differs. */
function documentOf({ result, text, days, reload }: VerifyAnswer, inDemo: boolean): TextDocument {
  const { company, from, to } = result;
  // The actions name the compared books, because other books may be in use when they are pressed.
  const action = (line: number, title: string, command: CommandId, range: DateRange, totals = false): LineAction => {
    const given: GivenRange = {
      from: range.from,
      to: range.to,
      inDemo,
      company: company.name,
      ...(totals && { totals }),
    };
    return { line, command: { title, command, arguments: [given] } };
  };
  const isByTotals = result.byTotals !== undefined;
  const actions = [action(0, words.verifyAgain(), 'tally.verifyRange', result, isByTotals)];
  if (isByTotals) actions.push(action(0, words.verifyFields(), 'tally.verifyRange', result));
  const [first, last] = [days[0], days.at(-1)];
  if (first && last && first !== last) {
    const range = { from: first.date, to: last.date };
    actions.push(action(0, words.reloadDays(range), 'tally.clearAndReloadRange', range));
  }
  for (const range of reload) actions.push(action(0, words.reloadDays(range), 'tally.clearAndReloadRange', range));
  for (const { date, line } of days)
    actions.push(action(line, words.reloadDay(), 'tally.clearAndReloadRange', { from: date, to: date }));
  const key = ['verify', inDemo ? 'demo' : 'own', company.id, from, to].join(' ');
  return { title: words.document(result), key, text, actions };
}
