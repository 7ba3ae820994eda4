import { messages } from '../messages.js';
import type { Button } from '../notices/buttons.js';
import type { Origin } from '../settings/configuration.js';
import { placeNames, type Source } from '../settings/places.js';
import { placeWords } from '../settings/placeWords.js';
import { checkText, progressText } from '../view/runWords.js';
import type { Command, Parts } from './command.js';

export const checkSetup: Command = { run: check };

async function check(parts: Parts): Promise<void> {
  const books = parts.books.now();
  const config = await parts.books.configOf(books);
  const { origin } = config;
  const items = await parts.runner.run('check', undefined, config, {
    title: messages.of(messages.checking(), books.inDemo),
    text: (progress) => progressText(progress, undefined),
    bar: false,
  });
  const { ok, text, buttons, log } = checkText(items, origin);
  for (const line of [...log, ...originLines(origin)]) parts.log[ok ? 'info' : 'warn'](line);
  const said = [
    text,
    ...(origin?.folder !== undefined && origin.isOneOfSeveral ? [placeWords.folder(origin.folder)] : []),
    ...(ok && origin?.ignoresDotEnv ? [placeWords.dotEnvIgnored()] : []),
  ];
  const trust: Button[] = ok && origin?.ignoresDotEnv ? ['Manage Trust'] : [];
  parts.notifier.offer(ok ? 'info' : 'error', said.join(' '), [...trust, ...buttons]);
}

const sourceWords: Record<Source, string> = {
  workspace: 'kept by VS Code for this folder',
  dotEnv: 'in .env',
  user: 'kept by VS Code for all folders',
  default: 'the default',
};

/** The source of each value, for the log. */
const originLines = (origin: Origin | undefined): string[] =>
  origin ? placeNames.map((name) => `${name}: ${sourceWords[origin.from[name]]}`) : [];
