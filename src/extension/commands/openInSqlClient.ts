import * as vscode from 'vscode';
import type { Config, ReaderAccess, ReaderRights } from '../../core/core.js';
import { connectionString, hasPassword, withoutPassword } from '../sql/connectionStrings.js';
import type { Command, Parts } from './command.js';
import { sqlClientWords as words } from '../sql/sqlClientWords.js';
import { warehousePlace } from '../settings/warehouseUrl.js';

/** Copies the connection string for a SQL client. The embedded warehouse is opened first. */
export const openInSqlClient: Command<{ asOpened: boolean }> = {
  // `asOpened`: the status bar item was clicked. It is about the warehouse that is open to SQL clients, even if another
  // one is in use by now.
  ask: (_, argument) => ({ asOpened: (argument as { open?: unknown } | undefined)?.open === 'embedded' }),
  run: open,
};

export const closeToSqlClients: Command = { run: close };

async function open(parts: Parts, { asOpened }: { asOpened: boolean }): Promise<void> {
  const { access } = parts.sqlClients;
  if (access && asOpened) {
    offerOpen(parts, access, words.stillOpen(access));
    return;
  }
  const config = await parts.books.configOf(parts.books.now());
  const already = parts.sqlClients.accessTo(config);
  if (config.dbUrl !== undefined) await copyOwn(parts, config.dbUrl);
  else if (already) offerOpen(parts, already, words.stillOpen(already));
  else await openEmbedded(parts, config);
}

/** Asks whether clients may only read, or write too, which must be confirmed. Undefined: the user left. */
async function askRights({ questions }: Parts, place: string): Promise<ReaderRights | undefined> {
  const items = [
    { ...words.rights.read(), rights: 'read' as const },
    { ...words.rights.write(), rights: 'write' as const },
  ];
  const question = { title: words.title(), placeholder: words.rights.question(place), items };
  const rights = (await questions.pick(question))?.rights;
  if (rights !== 'write') return rights;
  const { confirm, detail, button } = words.rights;
  return (await questions.confirm(confirm(place), detail(), button())) ? rights : undefined;
}

async function close(parts: Parts): Promise<void> {
  if (!parts.sqlClients.access) return;
  await parts.sqlClients.close();
  parts.notifier.offer('info', words.closed(), []);
}

async function openEmbedded(parts: Parts, config: Config): Promise<void> {
  const rights = await askRights(parts, warehousePlace(undefined, parts.books.now().inDemo));
  if (!rights) return;
  const access = await parts.notifier.underNotification(words.opening(), (_, signal) => {
    signal.addEventListener('abort', () => void parts.sqlClients.close());
    return parts.sqlClients.open(config, rights);
  });
  await vscode.env.clipboard.writeText(connectionString(access));
  offerOpen(parts, access, [words.opened(access), ...openedHints(access)].join(' '));
}

/** Hints on access that was just opened. */
export const openedHints = (access: ReaderAccess): string[] => [
  ...(vscode.env.remoteName ? [words.remote(vscode.env.remoteName, access.port)] : []),
  ...extensionHint(),
];

/** Says what is open, and offers its connection string and to close it. */
export function offerOpen(
  parts: Parts,
  access: ReaderAccess,
  text: string,
  end = (): Promise<void> => close(parts),
): void {
  parts.notifier.offer('info', text, ['Copy Connection String', 'Close'], {
    'Copy Connection String': async () => {
      await vscode.env.clipboard.writeText(connectionString(access));
      parts.notifier.offer('info', words.copiedAgain(), []);
    },
    Close: end,
  });
}

/** Copies the URL of the user's own server. Its password is included only if the user chooses so. */
export async function copyOwn(parts: Parts, dbUrl: string): Promise<void> {
  const place = warehousePlace(dbUrl);
  const bare = withoutPassword(dbUrl);
  const items = [
    ...(bare === undefined ? [] : [{ ...words.own.without(), url: bare, withPassword: false }]),
    ...(hasPassword(dbUrl) ? [{ ...words.own.with(), url: dbUrl, withPassword: true }] : []),
  ];
  const answer =
    items.length === 1 && bare !== undefined
      ? items[0]
      : await parts.questions.pick({ title: words.title(), placeholder: words.own.question(place), items });
  if (!answer) return;
  await vscode.env.clipboard.writeText(answer.url);
  parts.notifier.offer('info', [words.own.copied(place, answer.withPassword), ...extensionHint()].join(' '), []);
}

const extensionHint = (): string[] =>
  vscode.extensions.getExtension('ms-ossdata.vscode-pgsql') ? [words.extensionHint()] : [];
