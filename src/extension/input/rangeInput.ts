import type { QuickPickItem } from 'vscode';
import { earlier, type CalendarDate, type DateRange } from '../../core/base/calendar.js';
import { rangeText } from '../../core/base/countWords.js';
import { parseDate } from '../../core/base/parseDate.js';
import { messages } from '../messages.js';
import { type Answer, back, input, pick, type Question } from './quickInput.js';
import { type Offered, type RangePreset, rangePresets, remarkOnFrom, remarkOnTo } from './ranges.js';

export interface RangeInput {
  title: string;
  today: CalendarDate;
  /** Offered before the usual ranges. */
  first: RangePreset[];
  /** The usual ranges are left out. */
  onlyFirst?: boolean;
  /** The source of the usual ranges: all of the books, or only the loaded days. */
  offered?: Offered;
  /** Whether to ask also: whole range, or day by day? */
  withMode: boolean;
  /** The command replaces the range. *Whole range* then says: all or nothing. */
  replaces?: boolean;
}

interface RangeItem extends QuickPickItem {
  range?: DateRange;
}
interface ModeItem extends QuickPickItem {
  dayByDay: boolean;
}

/** Asks for a range and, if wanted, how to load it; undefined when the user left. A last day in the future becomes today. */
export async function askRange(options: RangeInput): Promise<(DateRange & { dayByDay: boolean }) | undefined> {
  const usual = options.onlyFirst ? [] : rangePresets(options.today, options.offered);
  const rangeItems: RangeItem[] = [
    ...[...options.first, ...usual].map(({ label, range }) => ({
      label,
      description: rangeText(range),
      range,
    })),
    { label: messages.range.other(), description: messages.range.otherDetail() },
  ];
  const modeItems: ModeItem[] = [
    {
      label: messages.range.whole(),
      detail: options.replaces ? messages.range.replaceDetail() : messages.range.wholeDetail(),
      dayByDay: false,
    },
    { label: messages.range.days(), detail: messages.range.daysDetail(), dayByDay: true },
  ];
  let rangeItem: RangeItem | undefined;
  let modeItem: ModeItem | undefined;
  let from = '';
  let to = '';

  const askPreset = async (question: Question): Promise<Answer<unknown>> => {
    const placeholder = messages.range.question();
    const answer = await pick({ ...question, placeholder, items: rangeItems, active: rangeItem });
    if (answer !== undefined && answer !== back) rangeItem = answer;
    return answer;
  };
  const askFrom = async (question: Question): Promise<Answer<unknown>> => {
    const check = (text: string) => remarkOnFrom(text, options.today);
    const answer = await input({ ...question, prompt: messages.range.from(), value: from, check });
    if (answer !== undefined && answer !== back) from = answer;
    return answer;
  };
  const askTo = async (question: Question): Promise<Answer<unknown>> => {
    const first = parseDate(from)!; // `askFrom` accepts only a valid date
    const check = (text: string) => remarkOnTo(text, first, options.today);
    const answer = await input({ ...question, prompt: messages.range.to(first), value: to, check });
    if (answer !== undefined && answer !== back) to = answer;
    return answer;
  };
  const askMode = async (question: Question): Promise<Answer<unknown>> => {
    const placeholder = messages.range.modeQuestion();
    const answer = await pick({ ...question, placeholder, items: modeItems, active: modeItem });
    if (answer !== undefined && answer !== back) modeItem = answer;
    return answer;
  };

  // The first answer decides which questions follow, so the list is made again before each question.
  const questions = () => [
    askPreset,
    ...(rangeItem && !rangeItem.range ? [askFrom, askTo] : []),
    ...(options.withMode ? [askMode] : []),
  ];
  for (let index = 0; index < questions().length;) {
    const all = questions();
    const answer = await all[index]!({ title: options.title, step: index + 1, totalSteps: all.length });
    if (answer === undefined) return undefined;
    index += answer === back ? -1 : 1;
  }
  const range = rangeItem?.range ?? { from: parseDate(from)!, to: earlier(parseDate(to)!, options.today) };
  return { ...range, dayByDay: modeItem?.dayByDay ?? false };
}
