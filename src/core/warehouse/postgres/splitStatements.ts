/** A token of SQL that may contain a semicolon: a comment, a literal, a quoted name, or dollar-quoted text. */
const quoted = [
  String.raw`--[^\n]*`,
  String.raw`\/\*[\s\S]*?\*\/`,
  String.raw`\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'`,
  String.raw`'(?:[^']|'')*'`,
  String.raw`"(?:[^"]|"")*"`,
  String.raw`\$([A-Za-z_][A-Za-z_0-9]*)?\$[\s\S]*?\$\1\$`,
];
const token = new RegExp(`${quoted.join('|')}|;`, 'g');
const comment = /^(?:--|\/\*)/;

/**
 * The statements of a migration, each without its semicolon. Comments within a statement are kept; a text of comments alone is not
 * a statement. Nested comments and a body of `BEGIN ATOMIC` are not supported; migrations have neither.
 */
export function splitStatements(sql: string): string[] {
  const statements: string[] = [];
  let from = 0;
  let isEmpty = true;
  const end = (to: number): void => {
    if (!isEmpty) statements.push(sql.slice(from, to).trim());
  };
  let seen = 0;
  for (const { 0: text, index } of sql.matchAll(token)) {
    if (sql.slice(seen, index).trim() !== '') isEmpty = false;
    seen = index + text.length;
    if (text === ';') {
      end(index);
      from = seen;
      isEmpty = true;
    } else if (!comment.test(text)) isEmpty = false;
  }
  if (sql.slice(seen).trim() !== '') isEmpty = false;
  end(sql.length);
  return statements;
}
