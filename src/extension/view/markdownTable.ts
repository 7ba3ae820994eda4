/** A tooltip: a title, and rows of a name and a value. */
export function markdownTable(title: string, rows: (readonly [string, string])[]): string {
  const lines = rows.map(([name, value]) => `| ${name} | ${escapeMarkdown(value)} |`);
  return [`**${escapeMarkdown(title)}**`, '', '| | |', '|:--|:--|', ...lines].join('\n');
}

/** Names and errors are data: nothing in them may act as Markdown or break the table. */
const escapeMarkdown = (text: string): string => text.replace(/\s+/g, ' ').replace(/[!-/:-@[-`{-~]/g, '\\$&');
