import fs from 'node:fs';
import path from 'node:path';
import ts from '@typescript/typescript6';

/**
 * The English sentence of every `t(…)` in the folders' sources: all that must be translated. Fails if one is not a string
 * literal.
 */
export const sentencesIn = (...folders: string[]): string[] =>
  [...new Set(sourcesIn(folders).flatMap(sentencesOf))].sort();

/** Messages and hints of errors that are not inside a `t(…)`, and so cannot be translated. */
export const untranslatedErrorsIn = (...folders: string[]): string[] =>
  sourcesIn(folders).flatMap(untranslatedErrorsOf);

const sourcesIn = (folders: string[]): ts.SourceFile[] =>
  folders.flatMap((folder) =>
    fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => path.join(folder, file))
      .map((file) => ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)),
  );

function untranslatedErrorsOf(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const look = (words: ts.Expression): void => {
    if (ts.isConditionalExpression(words)) [words.whenTrue, words.whenFalse].forEach(look);
    else if (/\p{L}/u.test(writtenOut(words))) found.push(`${source.fileName}: ${words.getText()}`);
  };
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'EtlError') node.arguments?.slice(1, 3).forEach(look);
    node.forEachChild(visit);
  };
  visit(source);
  return found;
}

/** The text that stands literally in the source. Translated sentences that a blank joins have no letters there. */
function writtenOut(words: ts.Expression): string {
  if (ts.isStringLiteralLike(words)) return words.text;
  if (!ts.isTemplateExpression(words)) return '';
  return [words.head, ...words.templateSpans.map((span) => span.literal)].map(({ text }) => text).join(' ');
}

function sentencesOf(source: ts.SourceFile): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 't') {
      const [sentence] = node.arguments;
      if (!sentence || !ts.isStringLiteral(sentence))
        throw new Error(`${source.fileName}: t(…) takes a sentence that is written out, not ${node.getText()}`);
      found.push(sentence.text);
    }
    node.forEachChild(visit);
  };
  if (source.text.includes("from '@vscode/l10n'")) visit(source);
  return found;
}

/** The placeholders, such as `{name}`, sorted. A translation must have the same ones, at any place. */
export const placeholdersIn = (text: string): string[] => (text.match(/\{[^}]*\}/g) ?? []).sort();
